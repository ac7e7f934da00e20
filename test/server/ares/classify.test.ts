import { describe, expect, it } from "vitest";
import { classify } from "../../../src/server/ares/classify";

const bodies: Record<string, unknown> = {
  "nothing readable": undefined,
  "an empty object": {},
  Success: { message: "Success" },
  "Success with a usage and a balance": {
    message: "Success",
    usage: { credits: 1 },
    user: { credits: 41.5 },
  },
  "a usage alone": { usage: { credits: 1 } },
  "Success with an error": { message: "Success", error: "could not write the line item" },
  "another message": { message: "Queued" },
  "too few credits": { error: "Insufficient credits" },
  "too few credits, as a message": { message: "User does not have enough credits" },
  "an expired token": { error: "Token expired" },
  "a refusal": { error: "Forbidden" },
  "a string": "Success",
  "an array": [{ message: "Success" }],
  null: null,
  "a number": 1,
};
const confirming = new Set(["Success", "Success with a usage and a balance", "a usage alone"]);
const tooFew = new Set(["too few credits", "too few credits, as a message"]);

/** The golden table, one sentence per line. A reply that fits no line is unknown. */
function expected(status: number, body: string): string {
  const family = Math.floor(status / 100);
  if (family === 2) return confirming.has(body) ? "charged" : "unknown";
  if (family !== 4) return "unknown";
  if (status === 401) return "token_rejected";
  if (status === 403 && body === "an expired token") return "token_rejected";
  if (status === 429) return "not_processed rate_limited";
  if (status === 402 || tooFew.has(body)) return "declined insufficient_credits";
  if (status === 408 || status === 409 || status === 425 || status === 499) return "unknown";
  return "declined declined";
}

const shown = (verdict: ReturnType<typeof classify>) =>
  "code" in verdict ? `${verdict.status} ${verdict.code}` : verdict.status;

describe("an answer of ARES", () => {
  it.each(Object.entries(bodies))(
    "means one thing for each status from 100 to 599: %s",
    (name, body) => {
      const statuses = Array.from({ length: 500 }, (_, n) => 100 + n);

      const verdicts = statuses.map(
        (status) => `${status} ${shown(classify({ status: "answered", http: status, body }))}`,
      );

      expect(verdicts).toEqual(statuses.map((status) => `${status} ${expected(status, name)}`));
    },
  );

  it("that never came is unknown, and a call that never left was not processed", () => {
    expect(classify({ status: "lost" })).toEqual({ status: "unknown" });
    expect(classify({ status: "token_rejected" })).toEqual({ status: "token_rejected" });
    expect(classify({ status: "not_sent" })).toEqual({
      status: "not_processed",
      code: "ares_unreachable",
    });
  });

  it.each<[string, number, unknown, ReturnType<typeof classify>]>([
    [
      "a balance in whole hundredths",
      200,
      { message: "Success", user: { credits: 0.29 } },
      { status: "charged", balanceAfter: 29 },
    ],
    [
      "a balance with a third decimal",
      200,
      { message: "Success", user: { credits: 1.005 } },
      { status: "charged" },
    ],
    [
      "a negative balance",
      200,
      { message: "Success", user: { credits: -1 } },
      { status: "charged" },
    ],
    [
      "a balance as text",
      200,
      { message: "Success", user: { credits: "12" } },
      { status: "charged" },
    ],
    ["error null beside Success", 200, { message: "Success", error: null }, { status: "charged" }],
    [
      "error false beside Success",
      200,
      { message: "Success", error: false },
      { status: "unknown" },
    ],
    [
      "an empty error beside Success",
      200,
      { message: "Success", error: "" },
      { status: "unknown" },
    ],
    ["success in lower case", 200, { message: "success" }, { status: "unknown" }],
    ["a usage that is a list", 200, { usage: [] }, { status: "unknown" }],
    ["204 without a body", 204, undefined, { status: "unknown" }],
    [
      "403 that speaks of tokens and of credits",
      403,
      { error: "Not enough tokens" },
      { status: "declined", code: "insufficient_credits" },
    ],
    [
      "409 that says insufficient",
      409,
      { error: "insufficient balance" },
      { status: "declined", code: "insufficient_credits" },
    ],
    [
      "403 without the right to charge",
      403,
      { error: "insufficient_scope" },
      { status: "declined", code: "declined" },
    ],
    [
      "403 without permission",
      403,
      { error: "Insufficient permissions" },
      { status: "declined", code: "declined" },
    ],
    [
      "403 without privilege",
      403,
      { message: "insufficient privileges" },
      { status: "declined", code: "declined" },
    ],
    [
      "403 of a token without the right to charge",
      403,
      { error: "Token has insufficient scope" },
      { status: "token_rejected" },
    ],
    [
      "400 about a length",
      400,
      { error: "password is not long enough" },
      { status: "declined", code: "declined" },
    ],
    [
      "402 about a scope",
      402,
      { error: "insufficient_scope" },
      { status: "declined", code: "insufficient_credits" },
    ],
    ["500 that says insufficient", 500, { error: "Insufficient credits" }, { status: "unknown" }],
    [
      "an error that is no text",
      400,
      { error: { code: "insufficient" } },
      { status: "declined", code: "declined" },
    ],
    ["a status out of range", 999, { message: "Success" }, { status: "unknown" }],
  ])("%s", (_, status, body, verdict) => {
    expect(classify({ status: "answered", http: status, body })).toEqual(verdict);
  });

  it("passes on how long to wait", () => {
    const verdict = classify({ status: "answered", http: 429, body: {}, retryAfterSeconds: 7 });

    expect(verdict).toEqual({
      status: "not_processed",
      code: "rate_limited",
      retryAfterSeconds: 7,
    });
  });
});
