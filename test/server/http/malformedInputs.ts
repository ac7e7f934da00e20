import { mintKey } from "../../../src/server";

/** One input that no client of ours sends. `code` is the expected answer. */
export interface MalformedInput {
  name: string;
  code: string;
  request: () => Request;
}

const URL_ = "https://app.example/api/ares";
const START = 1_800_000_000_000;
const DAY = 24 * 60 * 60 * 1000;
const goodKey = mintKey(START);
const good = JSON.stringify({ usage: "export-pdf" });

const postHeaders = (more: Record<string, string> = {}): Record<string, string> => ({
  "Content-Type": "application/json",
  "Sec-Fetch-Site": "same-origin",
  "Idempotency-Key": goodKey,
  ...more,
});

function post(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request(URL_, { method: "POST", body, headers: postHeaders(headers) });
}

const stream = (...chunks: Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

/** The DOM's types lack `duplex`, and Node needs it. */
const streamed = (body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}) => {
  const init = { method: "POST", body, headers: postHeaders(headers), duplex: "half" };
  return new Request(URL_, init);
};

const bytes = (text: string) => new TextEncoder().encode(text);

const methods = ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND", "post-it", "QUERY"].map(
  (method) => ({
    name: `method ${method}`,
    code: "method_not_allowed",
    request: () => new Request(URL_, { method, headers: postHeaders() }),
  }),
);

const contentTypes = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
  "application/json-patch+json",
  "application/vnd.api+json",
  "text/json",
  "application/xml",
  "json",
  "application/json, text/plain",
  "text/plain; application/json",
  ";application/json",
  "application /json",
  "application/json+x",
  "*/*",
].map((type) => ({
  name: `content type ${type}`,
  code: "unsupported_media_type",
  request: () => post(good, { "Content-Type": type }),
}));

const noContentType = {
  name: "no content type",
  code: "unsupported_media_type",
  request() {
    const { "Content-Type": _, ...headers } = postHeaders();
    return new Request(URL_, { method: "POST", body: bytes(good), headers });
  },
};

const notJson: [string, BodyInit | null][] = [
  ["no body", null],
  ["an empty body", ""],
  ["white space", "  \n\t "],
  ["half a body", '{"usage":"export-pdf"'],
  ["two bodies", `${good}${good}`],
  ["a trailing comma", '{"usage":"export-pdf",}'],
  ["single quotes", "{'usage':'export-pdf'}"],
  ["a comment", '{"usage":"export-pdf"/* ! */}'],
  ["a form", "usage=export-pdf&credits=1"],
  ["a bare word", "export-pdf"],
  ["NaN", '{"usage":"export-pdf","credits":NaN}'],
  ["Infinity", '{"usage":"export-pdf","credits":Infinity}'],
  ["undefined", "undefined"],
  ["HTML", "<html></html>"],
  ["a NUL before the body", `\0${good}`],
  ["deep nesting that ends nowhere", "[".repeat(4000)],
];

const wrongBodies: [string, string][] = [
  ["null", "null"],
  ["true", "true"],
  ["a number", "1"],
  ["a string", '"export-pdf"'],
  ["an array", '["export-pdf"]'],
  ["an array of a body", `[${good}]`],
  ["an empty object", "{}"],
  ["deep nesting", `${"[".repeat(2000)}${"]".repeat(2000)}`],
  ["another case of usage", '{"Usage":"export-pdf"}'],
  ["usage only in __proto__", '{"__proto__":{"usage":"export-pdf"}}'],
  ["usage only in constructor", '{"constructor":{"prototype":{"usage":"export-pdf"}}}'],
];

const wrongFields: [string, Record<string, unknown>][] = [
  ["usage null", { usage: null }],
  ["usage a number", { usage: 1 }],
  ["usage an object", { usage: { toString: "export-pdf" } }],
  ["usage an array", { usage: ["export-pdf"] }],
  ["usage empty", { usage: "" }],
  ["usage a space", { usage: " " }],
  ["usage with an outer space", { usage: "export-pdf " }],
  ["usage with two inner spaces", { usage: "export  pdf" }],
  ["usage with a line break", { usage: "export-pdf\n" }],
  ["usage with a NUL", { usage: "export-pdf\0" }],
  ["usage of 65 characters", { usage: "u".repeat(65) }],
  ["usage in Cyrillic", { usage: "ехport-pdf" }],
  ["usage with a zero-width space", { usage: "export\u200b-pdf" }],
  ["usage with a slash", { usage: "../export-pdf" }],
  ["usage an emoji", { usage: "🤑" }],
  ["resource null", { usage: "report", resource: null }],
  ["resource a number", { usage: "report", resource: 42 }],
  ["resource an object", { usage: "report", resource: {} }],
  ["resource an array", { usage: "report", resource: ["r-1"] }],
  ["resource empty", { usage: "report", resource: "" }],
  ["resource of 201 characters", { usage: "report", resource: "r".repeat(201) }],
  ["resource with a NUL", { usage: "report", resource: "r\0" }],
  ["resource with a line break", { usage: "report", resource: "r\r\n1" }],
  ["resource with a C1 control character", { usage: "report", resource: "r\u0085" }],
  ["resource with half a surrogate pair", { usage: "report", resource: "r\ud800" }],
  ["credits null", { usage: "export-pdf", credits: null }],
  ["credits a string", { usage: "export-pdf", credits: "1" }],
  ["credits an array", { usage: "export-pdf", credits: [1] }],
  ["credits an object", { usage: "export-pdf", credits: { valueOf: 1 } }],
  ["credits true", { usage: "export-pdf", credits: true }],
  ["credits negative", { usage: "export-pdf", credits: -1 }],
  ["credits a third decimal", { usage: "export-pdf", credits: 0.001 }],
  ["credits almost one", { usage: "export-pdf", credits: 0.999999 }],
  ["credits above every amount", { usage: "export-pdf", credits: 1_000_000_001 }],
  ["credits 2 to the 53", { usage: "export-pdf", credits: 2 ** 53 }],
  ["client_id null", { usage: "export-pdf", client_id: null }],
  ["client_id a number", { usage: "export-pdf", client_id: 1 }],
  ["client_id empty", { usage: "export-pdf", client_id: "" }],
  ["client_id an array", { usage: "export-pdf", client_id: ["client-1"] }],
  ["client_id of 201 characters", { usage: "export-pdf", client_id: "c".repeat(201) }],
];

const refusedFields: [string, string, Record<string, unknown>][] = [
  [
    "client_id of another app",
    "client_id_mismatch",
    { usage: "export-pdf", client_id: "client-2" },
  ],
  [
    "client_id in another case",
    "client_id_mismatch",
    { usage: "export-pdf", client_id: "Client-1" },
  ],
  ["client_id __proto__", "client_id_mismatch", { usage: "export-pdf", client_id: "__proto__" }],
  ["usage __proto__", "unknown_usage", { usage: "__proto__" }],
  ["usage constructor", "unknown_usage", { usage: "constructor" }],
  ["usage hasOwnProperty", "unknown_usage", { usage: "hasOwnProperty" }],
  ["usage toString", "unknown_usage", { usage: "toString" }],
  ["usage that is not for sale", "unknown_usage", { usage: "video" }],
  ["usage in another case", "unknown_usage", { usage: "Export-PDF" }],
  ["credits below the price", "price_changed", { usage: "image", credits: 0.01 }],
  ["credits above the price", "price_changed", { usage: "image", credits: 1_000_000_000 }],
  ["credits zero", "price_changed", { usage: "image", credits: 0 }],
  ["credits minus zero", "price_changed", { usage: "image", credits: -0 }],
];

const overflowing = ["1e309", "-1e309", "1e400", "0.1e-1", "1E-7"].map((credits) => ({
  name: `credits ${credits}`,
  code: credits === "0.1e-1" ? "price_changed" : "invalid_request",
  request: () => post(`{"usage":"export-pdf","credits":${credits}}`),
}));

const keys: [string, string][] = [
  ["empty", ""],
  ["quotes around nothing", '""'],
  ["a word", "charge-me"],
  ["a UUIDv4", "8d3f1f0a-6c0e-4f5a-9d5e-0f3a7b8c9d0e"],
  ["a UUIDv1", "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d"],
  ["the nil UUID", "00000000-0000-0000-0000-000000000000"],
  ["a UUIDv7 with a wrong variant", "01a31b8f-5800-7000-c000-000000000000"],
  ["a UUIDv7 in upper case, which would be another key than in lower case", goodKey.toUpperCase()],
  ["a UUIDv7 without hyphens", goodKey.replaceAll("-", "")],
  ["a UUIDv7 in braces", `{${goodKey}}`],
  ["a UUIDv7 with a tail", `${goodKey}0`],
  ["a UUIDv7 with half a quote", `"${goodKey}`],
  ["a UUIDv7 quoted twice", `""${goodKey}""`],
  ["a UUIDv7 with an escape", `"${goodKey}\\"`],
  ["a UUIDv7 with an owner and no price", `${goodKey}.somebody`],
  ["a UUIDv7 with an empty owner", `${goodKey}..100`],
  ["a UUIDv7 with an owner of 65 letters", `${goodKey}.${"a".repeat(65)}.100`],
  ["a UUIDv7 with a price of leading zeros", `${goodKey}.somebody.0100`],
  ["a UUIDv7 with a price above the largest", `${goodKey}.somebody.100000000001`],
  ["two keys", `${goodKey}, ${goodKey}`],
  ["a time without randomness", `${START}`],
  ["15 random letters", `${START}-${"a".repeat(15)}`],
  ["65 random letters", `${START}-${"a".repeat(65)}`],
  ["a time in seconds", `${START / 1000}-${"a".repeat(16)}`],
  ["a negative time", `-${START}-${"a".repeat(16)}`],
  ["a space inside", `${START}-aaaaaaaa aaaaaaaa`],
  ["a path", `${START}-../../../../../etc/passwd`],
  ["a quote for SQL", `${START}-' OR 1=1; --aaaaaaaa`],
  ["latin-1 letters", `${START}-éééééééééééééééé`],
  ["4 KiB", "k".repeat(4096)],
];

const oldKeys: [string, string][] = [
  ["minted a day and a millisecond ago", mintKey(START - DAY - 1)],
  ["minted in 1970", mintKey(0)],
  ["minted in six minutes", mintKey(START + 6 * 60_000)],
  ["minted in the year 9999", mintKey(253_402_300_000_000)],
  ["a timed key of 2001", `1000000000000-${"a".repeat(16)}`],
  ["a timed key of 2286", `9999999999999-${"a".repeat(16)}`],
];

const sizes: MalformedInput[] = [
  { name: "a body of 4097 bytes", code: "body_too_large", request: () => post(good.padEnd(4097)) },
  { name: "a body of 1 MiB", code: "body_too_large", request: () => post(good.padEnd(2 ** 20)) },
  {
    name: "a body of 4097 bytes that says 20",
    code: "body_too_large",
    request: () => streamed(stream(bytes(good.padEnd(4097))), { "Content-Length": "20" }),
  },
  {
    name: "a small body that says 5000",
    code: "body_too_large",
    request: () => streamed(stream(bytes(good)), { "Content-Length": "5000" }),
  },
  {
    name: "a stream of 5000 single bytes",
    code: "body_too_large",
    request: () => streamed(stream(...Array.from({ length: 5000 }, () => bytes(" ")))),
  },
  {
    name: "a stream that never ends",
    code: "body_too_large",
    request: () =>
      streamed(
        new ReadableStream({ pull: (controller) => controller.enqueue(bytes("x".repeat(512))) }),
      ),
  },
  {
    name: "a stream that breaks",
    code: "invalid_request",
    request: () =>
      streamed(
        new ReadableStream({
          start: (controller) => controller.error(new TypeError("terminated")),
        }),
      ),
  },
  { name: "an empty stream", code: "invalid_request", request: () => streamed(stream()) },
  {
    name: "a stream of nothings",
    code: "invalid_request",
    request: () => streamed(stream(bytes(""), bytes(""))),
  },
  {
    name: "an invalid byte",
    code: "invalid_request",
    request: () => post(new Uint8Array([...bytes(good.slice(0, -2)), 0xff, 0x22, 0x7d])),
  },
  {
    name: "an invalid byte in a body that tells its length",
    code: "invalid_request",
    request: () =>
      streamed(stream(bytes(good.slice(0, -2)), new Uint8Array([0xff, 0x22, 0x7d])), {
        "Content-Length": "30",
      }),
  },
  {
    name: "half a character at the end of a body that tells its length",
    code: "invalid_request",
    request: () =>
      streamed(stream(bytes(good), new Uint8Array([0xf0, 0x9f])), { "Content-Length": "30" }),
  },
  {
    name: "a body that tells its length and breaks",
    code: "invalid_request",
    request: () =>
      streamed(
        new ReadableStream({
          start: (controller) => controller.error(new TypeError("terminated")),
        }),
        { "Content-Length": "30" },
      ),
  },
  {
    name: "half a character at the end",
    code: "invalid_request",
    request: () => streamed(stream(bytes(good.slice(0, -2)), new Uint8Array([0xf0, 0x9f]))),
  },
  {
    name: "an overlong slash",
    code: "invalid_request",
    request: () => post(new Uint8Array([...bytes('{"usage":"a'), 0xc0, 0xaf, 0x22, 0x7d])),
  },
  {
    name: "UTF-16",
    code: "invalid_request",
    request: () => post(new Uint8Array([...good].flatMap((letter) => [letter.charCodeAt(0), 0]))),
  },
  {
    name: "compressed bytes",
    code: "invalid_request",
    request: () => post(new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])),
  },
];

const queries: [string, string][] = [
  ["?charge=", "idempotency_key_invalid"],
  ["?charge=k", "idempotency_key_invalid"],
  [`?charge=%22${goodKey}%22`, "idempotency_key_invalid"],
  [`?charge=${goodKey}%00`, "idempotency_key_invalid"],
  ["?charge=__proto__", "idempotency_key_invalid"],
  ["?usage=report", "invalid_request"],
  ["?resource=r-1", "invalid_request"],
  ["?usage=&resource=", "invalid_request"],
  ["?usage=report&resource=", "invalid_request"],
  ["?usage=report&resource=%00", "invalid_request"],
  ["?usage=report&resource=%0A", "invalid_request"],
  [`?usage=report&resource=${"r".repeat(201)}`, "invalid_request"],
  ["?usage=%F0%9F%A4%91&resource=r-1", "invalid_request"],
  [`?usage=${"u".repeat(65)}&resource=r-1`, "invalid_request"],
  ["?usage=report%20&resource=r-1", "invalid_request"],
];

const origins: [string, Record<string, string>][] = [
  ["a cross-site fetch", { "Sec-Fetch-Site": "cross-site" }],
  ["a sibling's fetch", { "Sec-Fetch-Site": "same-site" }],
  ["an address bar", { "Sec-Fetch-Site": "none" }],
  ["an unknown site", { "Sec-Fetch-Site": "trust-me" }],
  ["an empty site", { "Sec-Fetch-Site": "" }],
  ["two sites", { "Sec-Fetch-Site": "same-origin, cross-site" }],
];

/** Every input here is refused before ARES is asked and before a row is written. */
export const malformedInputs: readonly MalformedInput[] = [
  ...methods,
  ...contentTypes,
  noContentType,
  ...notJson.map(([name, body]) => ({
    name: `body ${name}`,
    code: "invalid_request",
    request: () => post(body),
  })),
  ...wrongBodies.map(([name, body]) => ({
    name: `body ${name}`,
    code: "invalid_request",
    request: () => post(body),
  })),
  ...wrongFields.map(([name, body]) => ({
    name,
    code: "invalid_request",
    request: () => post(JSON.stringify(body)),
  })),
  ...refusedFields.map(([name, code, body]) => ({
    name,
    code,
    request: () => post(JSON.stringify(body)),
  })),
  ...overflowing,
  ...keys.map(([name, key]) => ({
    name: `key ${name}`,
    code: "idempotency_key_invalid",
    request: () => post(good, { "Idempotency-Key": key }),
  })),
  ...oldKeys.map(([name, key]) => ({
    name: `key ${name}`,
    code: "idempotency_key_expired",
    request: () => post(good, { "Idempotency-Key": key }),
  })),
  ...sizes,
  ...queries.map(([query, code]) => ({
    name: `query ${query.slice(0, 60)}`,
    code,
    request: () => new Request(`${URL_}${query}`),
  })),
  ...origins.map(([name, headers]) => ({
    name,
    code: "origin_rejected",
    request: () => post(good, headers),
  })),
];
