import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mintKey } from "../../../src/server";
import { prices, world } from "../world";

const START = 1_800_000_000_000;
const URL_ = "https://app.example/api/ares";
const key = mintKey(START);
const good = JSON.stringify({
  usage: "export-pdf",
  resource: "r-1",
  credits: 1,
  client_id: "client-1",
});

interface Sent {
  method: string;
  query: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer>;
}

const base: Sent = {
  method: "POST",
  query: "",
  headers: {
    "Content-Type": "application/json",
    "Sec-Fetch-Site": "same-origin",
    "Idempotency-Key": key,
  },
  body: good,
};

const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 100,
});
const word = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "constructor", "toString", "\0", "export-pdf\n"),
);
const anyJson = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      usage: fc.oneof(word, fc.jsonValue()),
      resource: fc.jsonValue(),
      credits: fc.jsonValue(),
      client_id: fc.jsonValue(),
      input: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
  fc.record({
    usage: fc.constantFrom(...Object.keys(prices)),
    credits: fc.oneof(fc.double(), fc.string(), fc.constant(null)),
  }),
  fc.record({ usage: fc.constantFrom(...Object.keys(prices)), client_id: word }),
);

/** Swaps, drops or adds one byte of a good text. */
const broken = (text: string) =>
  fc.tuple(fc.nat(text.length), fc.nat(255), fc.constantFrom(0, 1, 2)).map(([at, byte, how]) => {
    const bytes = [...new TextEncoder().encode(text)];
    bytes.splice(at, how === 2 ? 0 : 1, ...(how === 1 ? [] : [byte]));
    return new Uint8Array(bytes);
  });

const body = fc.oneof(
  fc.string(),
  fc.uint8Array({ maxLength: 5000 }).map((bytes) => new Uint8Array(bytes)),
  anyJson.map((value) => JSON.stringify(value)),
  broken(good),
);
const brokenKey = fc.oneof(
  headerText,
  fc
    .tuple(fc.nat(key.length), headerText)
    .map(([at, text]) => key.slice(0, at) + text + key.slice(at + 1)),
);
const query = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom("charge", "usage", "resource", "input"),
      fc.oneof(word, fc.constantFrom("report", "r-1", "1", '{"pages":1}')),
    ),
    {
      minLength: 1,
      selector: ([name]) => name,
    },
  )
  .map((pairs) => `?${new URLSearchParams(pairs)}`);

const sent: fc.Arbitrary<Sent> = fc.oneof(
  body.map((value) => ({ ...base, body: value })),
  brokenKey.map((value) => ({ ...base, headers: { ...base.headers, "Idempotency-Key": value } })),
  fc.tuple(body, brokenKey).map(([value, k]) => ({
    ...base,
    body: value,
    headers: { ...base.headers, "Idempotency-Key": k },
  })),
  body.map((value) => ({
    ...base,
    body: value,
    headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" },
  })),
  fc
    .tuple(fc.constantFrom("Content-Type", "Sec-Fetch-Site"), headerText)
    .map(([name, value]) => ({ ...base, headers: { ...base.headers, [name]: value } })),
  query.map((value) => ({ ...base, method: "GET", query: value })),
);

/** A looser copy of the kit's own check of which request may charge. This test leaves such requests out. */
function mayBeGood({ method, headers, body }: Sent): boolean {
  return method === "POST" && hasGoodHeaders(headers) && hasGoodBody(body);
}

const KEY =
  /^(\d{13}-[\w-]{16,64}|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/i;

function hasGoodHeaders(headers: Sent["headers"]): boolean {
  const key = headers["Idempotency-Key"]?.trim().replaceAll('"', "");
  const isKeyGood = key === undefined || KEY.test(key);
  const isJson = /^application\/json/i.test(headers["Content-Type"]?.trim() ?? "");
  return isKeyGood && isJson && headers["Sec-Fetch-Site"]?.trim() === "same-origin";
}

function hasGoodBody(raw: Sent["body"]): boolean {
  const value = parsed(raw);
  if (typeof value !== "object" || value === null || !("usage" in value)) return false;
  const named = Object.entries(prices).find(([usage]) => usage === value.usage);
  if (!named) return false;
  const [, price] = named;
  const credits = typeof price === "object" ? price.credits : price;
  if ("credits" in value && value.credits !== credits) return false;
  if ("client_id" in value && value.client_id !== "client-1") return false;
  return !("resource" in value) || typeof value.resource === "string";
}

function parsed(raw: Sent["body"]): unknown {
  try {
    return JSON.parse(typeof raw === "string" ? raw : new TextDecoder().decode(raw));
  } catch {
    return undefined;
  }
}

function requestOf({ method, headers, body, query }: Sent): Request {
  const carried = method === "GET" ? {} : { body };
  return new Request(URL_ + query, { method, headers, ...carried });
}

describe("whatever bytes a stranger sends", () => {
  it("nothing is asked of ARES, nothing is written down, and the answer is a refusal", async () => {
    const { server, ares, ledger } = world({ rateLimit: false });
    let refused = 0;

    await fc.assert(
      fc.asyncProperty(sent, async (input) => {
        fc.pre(!mayBeGood(input));
        const response = await server.handler(requestOf(input));

        const text = await response.text();
        const isAbsent = input.method === "GET" && text.includes('"charge":{"status":"absent"}');
        const isRefusal = response.status >= 400 && response.status < 500;
        if (!isAbsent && !isRefusal) throw new Error(`answered ${response.status} ${text}`);
        if (ares.calls.length > 0) throw new Error(`asked ARES: ${ares.calls.join()}`);
        if ((await ledger.list({})).length > 0) throw new Error("wrote a row");
        refused += 1;
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 10_000) },
    );

    expect(refused).toBeGreaterThan(1000);
  });

  it("would show a request that charges, if the filter above let one through", async () => {
    const { server, ares } = world();

    await server.handler(new Request(URL_, { method: "POST", headers: base.headers, body: good }));

    expect(mayBeGood(base)).toBe(true);
    expect(ares.book).toHaveLength(1);
  });
});
