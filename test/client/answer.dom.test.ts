import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Answer, type Body, errorOf, isCharged, numberOf } from "../../src/client/answer";
import { ChargeAnswer, meaningOf, UserAnswer } from "../../src/contract";

/** charged, open (unknown), or the code of a definite refusal. */
function verdict(given: Omit<Answer, "ok" | "body"> & { body: unknown }): string {
  const answer = {
    ...given,
    ok: given.status > 199 && given.status < 300,
    body: parsed(given.body),
  };
  if (isCharged(answer)) return "charged";
  const error = errorOf(answer);
  return meaningOf(error.code).money === "open" ? "open" : error.code;
}

/** The answer as `fetch` returns it. */
function parsed(body: unknown): Body | null | undefined {
  return body === undefined ? undefined : JSON.parse(JSON.stringify(body));
}

describe("the answer of this kit's handler", () => {
  test.each([
    [200, { message: "Success", status: "charged", charge: {} }, "charged"],
    [200, { status: "charged" }, "charged"],
    [200, { message: "Success" }, "charged"],
    [200, { message: "Success", user: { credits: 698 }, prices: {} }, "open"],
    [200, { message: "Success", status: "charged", user: { credits: 697 } }, "charged"],
    [200, { message: "Success", error: "no" }, "open"],
    [200, { status: "declined" }, "open"],
    [200, undefined, "open"],
    [200, "Success", "open"],
    [204, undefined, "open"],
    [402, { code: "insufficient_credits" }, "insufficient_credits"],
    [409, { code: "price_changed", credits: 2 }, "price_changed"],
    [409, { code: "charge_in_progress", retryable: true }, "open"],
    [409, { code: "outcome_unknown" }, "open"],
    [429, { code: "rate_limited", retryable: true }, "rate_limited"],
    [500, { code: "internal", retryable: true }, "open"],
    [503, { code: "ledger_unavailable", retryable: true }, "ledger_unavailable"],
    [503, { code: "ares_unreachable", retryable: true }, "ares_unreachable"],
    [503, { code: "a_code_of_the_future" }, "open"],
    [422, { code: "a_code_of_the_future" }, "open"],
  ])("%i %j is %s", (status, body, is) => {
    expect(verdict({ status, body, contract: true })).toBe(is);
  });
});

describe("the answer of the guide's own route", () => {
  test.each([
    [200, { message: "Success" }, "charged"],
    [200, { message: "Success", usage: { credits: 1 } }, "charged"],
    [200, { usage: { credits: 1 } }, "charged"],
    [200, { message: "Success", usage: { credits: 1 }, user: { credits: 697 } }, "charged"],
    [200, { message: "Success", user: { credits: 698 } }, "open"],
    [200, { usage: "export" }, "open"],
    [200, { usage: { credits: 1 }, error: "x" }, "open"],
    [200, { status: "charged" }, "open"],
    [200, { message: "User not signed in" }, "not_signed_in"],
    [200, { message: "Insufficient" }, "open"],
    [200, [], "open"],
    [301, undefined, "open"],
    [400, { message: "Missing required fields" }, "invalid_request"],
    [400, { error: "ARES API error: 400" }, "declined"],
    [401, { message: "User not found" }, "not_signed_in"],
    [401, { message: "Access token not found" }, "not_connected"],
    [401, { error: "ARES API error: 401" }, "reconnect"],
    [402, { error: "ARES API error: 402" }, "insufficient_credits"],
    [403, { error: "ARES API error: 403" }, "reconnect"],
    [403, undefined, "not_allowed"],
    [404, undefined, "invalid_request"],
    [408, undefined, "open"],
    [409, { error: "ARES API error: 409" }, "open"],
    [422, { error: "ARES API error: 422" }, "declined"],
    [425, undefined, "open"],
    [429, { error: "ARES API error: 429" }, "rate_limited"],
    [499, undefined, "open"],
    [499, { error: "ARES API error: 499" }, "open"],
    [500, undefined, "open"],
    [502, { code: "insufficient_credits" }, "open"],
    [503, { code: "ledger_unavailable", retryable: true }, "open"],
  ])("%i %j is %s", (status, body, is) => {
    expect(verdict({ status, body, contract: false })).toBe(is);
  });
});

describe("over every status", () => {
  const bodies = [
    undefined,
    null,
    "<html>",
    {},
    { message: "no" },
    { error: "no" },
    { code: "insufficient_credits" },
    [],
  ];

  function expectHonest(status: number, body: unknown, contract: boolean): void {
    const is = verdict({ status, body, contract });
    if (status < 200 || status > 299) expect(is).not.toBe("charged");
    const hasOurCode = contract && parsed(body)?.code;
    if (status > 499 && !hasOurCode) expect(is).toBe("open");
  }

  test("nothing outside of 2xx is ever charged, and nothing from 500 on is ever a refusal without a code of ours", () => {
    const paid = { message: "Success", status: "charged", usage: {} };
    const answers = [...bodies, paid].flatMap((body) => [
      { body, contract: true },
      { body, contract: false },
    ]);
    for (let status = 100; status < 600; status++)
      for (const { body, contract } of answers) expectHonest(status, body, contract);
  });

  test("2xx without proof is open, never a refusal", () => {
    for (let status = 200; status < 300; status++) {
      for (const body of bodies.slice(0, 6))
        expect(verdict({ status, body, contract: false })).toBe("open");
    }
  });
});

describe("what the browser reads by hand agrees with the contract's schemas", () => {
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        message: fc.oneof(fc.constant("Success"), fc.string()),
        status: fc.oneof(fc.constant("charged"), fc.string()),
        usage: fc.oneof(fc.object(), fc.string()),
        user: fc.oneof(fc.record({ credits: fc.oneof(fc.double(), fc.string()) }), fc.jsonValue()),
        error: fc.oneof(fc.constant(undefined), fc.string()),
      },
      { requiredKeys: [] },
    ),
  );

  test("a balance is read only where UserAnswer has one", () => {
    fc.assert(
      fc.property(json, (body) => {
        const credits = numberOf(parsed(body)?.user?.credits);
        const schema = UserAnswer.safeParse({ user: parsed(body)?.user });
        if (credits !== undefined && schema.success) expect(credits).toBe(schema.data.user.credits);
        if (credits === undefined) expect(schema.success).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("what ChargeAnswer calls charged is charged", () => {
    fc.assert(
      fc.property(json, (body) => {
        const schema = ChargeAnswer.safeParse(body);
        if (schema.success && schema.data.status === "charged" && !schema.data.error) {
          expect(verdict({ status: 200, contract: true, body })).toBe("charged");
        }
      }),
      { numRuns: 2000 },
    );
  });
});
