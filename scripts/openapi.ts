/**
 * The wire of the kit's endpoint as OpenAPI 3.1: the schemas of `contract/wire`, the statuses of the error table, and the names of
 * the headers. `UPDATE_DOCS=1 npx vitest run test/server/http/openapi` writes docs/openapi.json, and the test beside holds the
 * document to the handler's real answers.
 */
import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import {
  ChargeAnswer,
  ChargeRequest,
  ChargesAnswer,
  chargeSchema,
  contractVersion,
  errorMessages,
  errorTable,
  headers,
  LookUpsAnswer,
  lookUpsParameter,
  maxCredits,
  maxLookUps,
  Problem,
  Resource,
  type ServerErrorCode,
  UsageName,
  UserAnswer,
} from "../src/contract";

type Json = Record<string, unknown>;
interface JsonSchema extends Json {
  properties?: Json | undefined;
  required?: string[] | undefined;
}

/** Where the starters mount the endpoint. */
export const endpoint = "/api/ares";

/** A look-up of `?lookups=`. */
const LookUp = z.union([
  z.tuple([z.string()]),
  z.tuple([UsageName, z.nullable(Resource), z.unknown()]),
]);

/** The client reads answers of other servers too, which may lack these members. This kit's handler gives them always. */
const alwaysThere: Readonly<Record<string, readonly string[]>> = {
  UserAnswer: ["message", "user", "prices", "owner", "serverTime", "contract"],
  LookUpsAnswer: ["message", "answers", "owner", "serverTime", "contract"],
  ChargesAnswer: ["message", "charges", "owner", "serverTime", "contract"],
  ChargeAnswer: ["message", "status", "charge", "usage", "contract"],
  Problem: ["type", "title", "status", "code", "message", "error", "retryable", "contract"],
};

/** Codes that only an app's own paid endpoints answer. */
const ofPaidEndpoints: readonly string[] = ["payment_required", "used_up", "other_body"];
const allCodes = Object.keys(errorMessages) as ServerErrorCode[];

/** The codes that each method may answer. */
export const codesOf: Readonly<Record<"get" | "post" | "options", readonly ServerErrorCode[]>> = {
  get: [
    "invalid_request",
    "idempotency_key_invalid",
    "not_signed_in",
    "not_connected",
    "reconnect",
    "unknown_usage",
    "rate_limited",
    "internal",
    "ledger_unavailable",
    "price_unavailable",
    "ares_unreachable",
    "auth_unavailable",
  ],
  post: allCodes.filter((code) => code !== "method_not_allowed" && !ofPaidEndpoints.includes(code)),
  options: ["origin_rejected", "method_not_allowed"],
};

export function openApi(): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "The endpoint of ares-react",
      version: contractVersion,
      description: `What \`createAresServer\` serves, at the path where the app mounts it. Branch on \`code\`, never on a status or a text: docs/errors.md explains each code. An app's own paid endpoints refuse with the same Problem.`,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ session: [] }],
    paths: { [endpoint]: { get: get(), post: post(), options: options() } },
    components: {
      securitySchemes: {
        session: {
          type: "http",
          scheme: "bearer",
          description: "The app's own sign-in: a bearer token as here, or its cookies.",
        },
      },
      headers: {
        Contract: header({ const: contractVersion }, "The version of this contract.", true),
        Pretend: header({ const: "1" }, "`pretend()` stands in for ARES."),
        Replayed: header({ enum: ["true", "false"] }, "Whether the key was charged before.", true),
        RetryAfter: header({ type: "string", pattern: "^\\d+$" }, "Seconds until the next try."),
        Challenge: header({ type: "string" }, "With `not_signed_in`."),
        Allow: header({ type: "string" }, "The methods that are served."),
      },
      schemas: schemas(),
    },
  };
}

function get(): Json {
  return {
    operationId: "read",
    summary: "The user's balance and the prices, or the state of own charges. Never charges.",
    parameters: [
      query("charge", { type: "string" }, "The idempotency key of a charge to look up."),
      query("usage", ref("UsageName"), "With `resource` or `input`: look this usage up."),
      query("resource", ref("Resource"), "With `usage`: is this paid?"),
      jsonQuery("input", {}, "With `usage`: the price of this input."),
      jsonQuery(
        lookUpsParameter,
        { type: "array", minItems: 1, maxItems: maxLookUps, items: ref("LookUp") },
        "Many look-ups at once: `[key]`, or `[usage, resource, input]` with null where there is none.",
      ),
      query("charges", { const: "recent" }, "The user's own charges, newest first."),
    ],
    responses: {
      200: response("The answer to what the query asks.", {
        "application/json": {
          oneOf: [ref("UserAnswer"), ref("LookUpsAnswer"), ref("ChargesAnswer")],
        },
      }),
      ...refusals("get"),
    },
  };
}

function post(): Json {
  return {
    operationId: "charge",
    summary: "Charges the signed-in user for one use, at the server's price.",
    parameters: [
      {
        name: headers.idempotencyKey,
        in: "header",
        schema: { type: "string" },
        description:
          "Names one intent. Send the same key again after a lost answer: it is never charged twice. docs/errors.md has the forms of a key. Only the button of ARES's partner guide sends none.",
      },
    ],
    requestBody: {
      required: true,
      content: { "application/json": { schema: ref("ChargeRequest") } },
    },
    responses: {
      200: response(
        "Charged, now or by an earlier request with this key.",
        { "application/json": ref("ChargeAnswer") },
        { [headers.replayed]: { $ref: "#/components/headers/Replayed" } },
      ),
      ...refusals("post", { "application/json": ref("KeylessProblem") }),
    },
  };
}

function options(): Json {
  return {
    operationId: "preflight",
    summary: "The browser's question before a call from a page of another origin.",
    security: [],
    responses: {
      204: { description: "Pages of this origin may call: it stands in the option `cors`." },
      ...refusals("options"),
    },
  };
}

/** A method's refusals by status. `more` is what the same status may carry besides problem details. */
function refusals(method: keyof typeof codesOf, more: Record<string, Json> = {}): Json {
  const byStatus = new Map<number, ServerErrorCode[]>();
  for (const code of codesOf[method]) {
    const { status } = errorTable[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      response(
        codes.map((code) => `\`${code}\``).join(", "),
        {
          "application/problem+json": {
            allOf: [ref("Problem")],
            properties: { status: { const: status }, code: { enum: codes } },
          },
          ...more,
        },
        headersOf(codes),
      ),
    ]),
  );
}

/** The headers that a refusal has besides those of every answer. */
function headersOf(codes: readonly ServerErrorCode[]): Json {
  const mayWait = codes.some((code) => {
    const { retry } = errorTable[code];
    return retry === "same_key" || retry === "read_only";
  });
  return {
    ...(mayWait && { [headers.retryAfter]: { $ref: "#/components/headers/RetryAfter" } }),
    ...(codes.includes("not_signed_in") && {
      "WWW-Authenticate": { $ref: "#/components/headers/Challenge" },
    }),
    ...(codes.includes("method_not_allowed") && { Allow: { $ref: "#/components/headers/Allow" } }),
  };
}

function response(description: string, schemaOf: Record<string, Json>, more: Json = {}): Json {
  return {
    description,
    headers: {
      [headers.contract]: { $ref: "#/components/headers/Contract" },
      [headers.pretend]: { $ref: "#/components/headers/Pretend" },
      ...more,
    },
    content: Object.fromEntries(
      Object.entries(schemaOf).map(([type, schema]) => [type, { schema }]),
    ),
  };
}

function header(schema: Json, description: string, required = false): Json {
  return { description, ...(required && { required }), schema };
}

function query(name: string, schema: Json, description: string): Json {
  return { name, in: "query", schema, description };
}

function jsonQuery(name: string, schema: Json, description: string): Json {
  return { name, in: "query", content: { "application/json": { schema } }, description };
}

function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function schemas(): Json {
  const registry = z.registry<{ id: string }>();
  const named = {
    Charge: chargeSchema,
    ChargeAnswer,
    ChargeRequest,
    ChargesAnswer,
    LookUp,
    LookUpsAnswer,
    Problem,
    Resource,
    UsageName,
    UserAnswer,
  };
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const printed = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` }).schemas;
  const all: Record<string, JsonSchema> = Object.fromEntries(
    Object.entries(printed).map(([name, { $schema, $id, ...schema }]) => [
      name,
      { ...docOf(name), ...schema },
    ]),
  );
  for (const [name, required] of Object.entries(alwaysThere)) {
    const properties = { message: { type: "string" }, ...all[name]?.properties };
    all[name] = { ...all[name], properties, required: [...required] };
  }

  const { Problem: problem = {}, ChargeRequest: request = {} } = all;
  problem.properties = {
    type: { type: "string", description: "An address that names the code." },
    title: { type: "string" },
    status: { type: "integer" },
    ...problem.properties,
    code: { enum: allCodes },
  };
  // The rule that an amount has at most two places is a function, which no JSON Schema can print.
  request.properties = {
    ...request.properties,
    credits: {
      type: "number",
      minimum: 0,
      maximum: maxCredits,
      description: "The price that the user was shown, with at most two decimal places.",
    },
  };
  all.KeylessProblem = {
    description:
      "A refusal of a POST without a key, in the shape that the button of ARES's partner guide reads.",
    type: "object",
    properties: {
      code: { enum: allCodes },
      message: { type: "string" },
      error: { type: "string" },
      contract: { type: "number" },
    },
    required: ["code", "message", "contract"],
    additionalProperties: {},
  };
  return all;
}

const wire = readFileSync(new URL("../src/contract/wire.ts", import.meta.url), "utf8");

/** The docblock of a schema in `contract/wire`, as its description. */
function docOf(name: string): Json {
  const [before = ""] = wire.split(`\nexport const ${name} =`);
  const [, block] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/$/.exec(before) ?? [];
  if (before === wire || block === undefined) return {};
  const lines = block.split("\n").map((line) => line.replace(/^\s*\*? ?/, ""));
  const untilTag = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith("@")),
  );
  const told = lines.some((line) => line.startsWith("@")) ? untilTag : lines;
  return { description: told.join(" ").trim() };
}
