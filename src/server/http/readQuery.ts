import * as z from "zod/mini";
import {
  type AresError,
  bytesOf,
  isAresError,
  keyMintedAt,
  lookUpsLength,
  lookUpsParameter,
  maxAskedInputBytes,
  maxLookUps,
  maxLookUpsLength,
  Resource,
  UsageName,
} from "../../contract";
import { refuse } from "../refusals";
import { parseJson } from "./readRequest";

const isShort = (input: unknown) => bytesOf(JSON.stringify(input)) <= maxAskedInputBytes;

const UsageLookUp = /* @__PURE__ */ (() =>
  z.object({
    usage: UsageName,
    resource: z.optional(Resource),
    input: z.optional(z.unknown().check(z.refine(isShort))),
  }))();
type UsageLookUp = z.infer<typeof UsageLookUp>;

/** One look-up of a GET: after the charge of a key, or of a resource, or after the price of an input. */
export type LookUpTarget = { key: string } | UsageLookUp;

/** What a GET asks for. A member of a list that is no look-up is refused alone, and stands here as its refusal. */
export type Question =
  | { kind: "balance" }
  | { kind: "recent" }
  | { kind: "one"; target: LookUpTarget }
  | { kind: "list"; targets: readonly (LookUpTarget | AresError)[] };

/** Reads the query of a GET. @throws {AresError} `idempotency_key_invalid`, `invalid_request` */
export function readQuery({ searchParams: query }: URL): Question {
  if (query.get("charges") === "recent") return { kind: "recent" };
  const list = query.get(lookUpsParameter);
  if (list !== null) return { kind: "list", targets: readList(list) };
  const key = query.get("charge");
  if (key !== null) return { kind: "one", target: readLookUp([key]) };
  const parts = ["usage", "resource", "input"].filter((name) => query.has(name));
  if (parts.length === 0) return { kind: "balance" };
  if (parts.some((name) => query.getAll(name).length > 1))
    throw refuse("invalid_request", {}, { message: HOW });
  const input = query.get("input");
  if (input !== null && parseJson(input) === undefined)
    throw refuse("invalid_request", {}, { message: HOW });
  return {
    kind: "one",
    target: readLookUp([
      query.get("usage"),
      query.get("resource"),
      input === null ? null : parseJson(input),
    ]),
  };
}

function readList(text: string): (LookUpTarget | AresError)[] {
  const list = parseJson(text);
  if (!Array.isArray(list) || list.length === 0)
    throw refuse("invalid_request", {}, { message: HOW });
  if (list.length > maxLookUps || lookUpsLength(list) > maxLookUpsLength)
    throw refuse("invalid_request", {}, { message: TOO_MANY });
  return list.map(readListed);
}

function readListed(value: unknown): LookUpTarget | AresError {
  try {
    return readLookUp(value);
  } catch (refusal) {
    if (isAresError(refusal)) return refusal;
    throw refusal;
  }
}

/** Reads a `LookUp` of the contract. */
function readLookUp(value: unknown): LookUpTarget {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [];
  if (parts.length === 1) return readKeyLookUp(parts[0]);
  const [usage, resource, input] = parts;
  const target = UsageLookUp.safeParse({
    usage,
    resource: resource ?? undefined,
    input: input ?? undefined,
  });
  const isWhole = parts.length === 3 && (resource !== null || input !== null);
  if (isWhole && target.success) return target.data;
  throw refuse("invalid_request", {}, { message: HOW });
}

function readKeyLookUp(key: unknown): LookUpTarget {
  if (typeof key !== "string" || keyMintedAt(key) === null) throw refuse("idempotency_key_invalid");
  return { key };
}

const HOW =
  "Ask with ?charge=<key>, or with ?usage=<name> and resource=<id>, input=<JSON> of at most 512 bytes, or both. Ask for several at once with ?lookups=<JSON list> of [usage, resource, input], with null where there is none, or [key].";
const TOO_MANY = `One GET takes at most ${maxLookUps} look-ups, in at most ${maxLookUpsLength} characters of the address. Ask in several requests.`;
