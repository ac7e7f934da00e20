import { describe, expect, it } from "vitest";
import { world } from "../world";
import { type MalformedInput, malformedInputs } from "./malformedInputs";

/** The effects of a request on the money. */
async function act(request: Request) {
  const { server, ares, ledger } = world();
  const response = await server.handler(request);
  const text = await response.text();
  return {
    status: response.status,
    text,
    calls: ares.calls.length,
    rows: (await ledger.list({})).length,
  };
}

/** Runs an input and names its faults; empty when the input was refused as it must be. */
async function faultsOf({
  code,
  request,
}: Pick<MalformedInput, "code" | "request">): Promise<string[]> {
  const { status, text, calls, rows } = await act(request());
  const body = JSON.parse(text);
  return [
    ...(body.code === code ? [] : [`answered ${body.code} instead of ${code}`]),
    ...(status >= 400 && status < 500 ? [] : [`status ${status}`]),
    ...(calls === 0 ? [] : [`${calls} calls to ARES`]),
    ...(rows === 0 ? [] : [`${rows} rows`]),
  ];
}

describe("a malformed request", () => {
  it.each(malformedInputs.map((input) => [input.name, input]))(
    "is refused without ARES and without a row: %s",
    async (_, input) => {
      expect(await faultsOf(input)).toEqual([]);
    },
  );

  it("comes in at least 100 named kinds, each once", () => {
    const names = malformedInputs.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(100);
  });

  it("is told from a good one, which charges", async () => {
    const [first] = malformedInputs;
    const good = new Request("https://app.example/api/ares", {
      method: "POST",
      body: '{"usage":"export-pdf"}',
      headers: {
        "Content-Type": "application/json",
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": `1800000000000-${"a".repeat(16)}`,
      },
    });

    expect(await faultsOf({ code: first?.code ?? "", request: () => good })).toEqual([
      "answered undefined instead of method_not_allowed",
      "status 200",
      "1 calls to ARES",
      "1 rows",
    ]);
  });
});

describe("a request at the edge of what is allowed", () => {
  const headers = { "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json" };
  const good = '{"usage":"export-pdf"}';
  const post = (body: BodyInit, more: Record<string, string> = {}) =>
    new Request("https://app.example/api/ares", {
      method: "POST",
      body,
      headers: { ...headers, "Idempotency-Key": `1800000000000-${"a".repeat(16)}`, ...more },
    });

  it.each<[string, () => Request]>([
    ["a body of exactly 4096 bytes", () => post(good.padEnd(4096))],
    ["a charset", () => post(good, { "Content-Type": "Application/JSON ; charset=utf-8" })],
    [
      "a byte order mark",
      () => post(new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(good)])),
    ],
    [
      "fields nobody knows",
      () => post('{"usage":"export-pdf","price":0,"__proto__":{"credits":0}}'),
    ],
    ["credits 1.00", () => post('{"usage":"export-pdf","credits":1.00}')],
    [
      "a resource of 200 emoji halves",
      () => post(JSON.stringify({ usage: "report", resource: "🤑".repeat(100) })),
    ],
    [
      "a key of 64 random letters",
      () => post(good, { "Idempotency-Key": `1800000000000-${"a".repeat(64)}` }),
    ],
    [
      "a key minted five minutes ahead",
      () => post(good, { "Idempotency-Key": `1800000300000-${"a".repeat(16)}` }),
    ],
  ])("is charged once: %s", async (_, request) => {
    expect(await act(request())).toMatchObject({ status: 200, calls: 1, rows: 1 });
  });
});
