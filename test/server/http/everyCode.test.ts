import { describe, expect, it } from "vitest";
import { errorTable, Problem, type ServerErrorCode } from "../../../src/contract";
import { refusals } from "./refusals";

/** Codes that no answer of the handler carries: paid routes say them, and have tests of their own. */
const elsewhere: readonly ServerErrorCode[] = ["payment_required", "used_up", "other_body"];
const ofServers = Object.entries(errorTable).filter(([, { status }]) => status > 0);

/** Members of problem details from the standard, not from the contract. */
const ofRfc9457 = ["type", "title", "status"];

describe("every code of the error table", () => {
  it.each(Object.entries(refusals))(
    "answers %s with its status, as problem details",
    async (code, { status, retryable, answer }) => {
      const response = await answer();
      const body = await response.json();

      expect({ status: response.status, ...body }).toMatchObject({
        code,
        status,
        retryable,
        type: `urn:ares-react:${code}`,
      });
      expect(body.message).toBe(body.error);
      expect(body.message).toMatch(/\.$/);
      expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      expect(response.headers.get("Cache-Control")).toBe("private, no-store");
      expect(response.headers.get("Vary")).toBe("Cookie, Authorization");
      expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(response.headers.get("Ares-Contract")).toBe("1");
    },
  );

  it.each(Object.entries(refusals))(
    "answers %s as the contract's schema has it, with no member that it does not know",
    async (_, { answer }) => {
      const body: object = await (await answer()).json();

      expect(Problem.safeParse(body).error).toBeUndefined();
      expect(
        Object.keys(body).filter((name) => !(name in Problem.shape) && !ofRfc9457.includes(name)),
      ).toEqual([]);
    },
  );

  it("is produced by a case of refusals.ts, or proven elsewhere", async () => {
    const answers = await Promise.all(
      Object.values(refusals).map(async ({ answer }) => (await (await answer()).json()).code),
    );

    expect([...answers, ...elsewhere].sort()).toEqual(ofServers.map(([code]) => code).sort());
  });

  it("is never a success, nor a status whose body proxies replace", () => {
    for (const [, { status }] of ofServers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect([502, 504]).not.toContain(status);
    }
  });
});

describe("headers of a refusal", () => {
  it.each(["rate_limited", "charge_in_progress", "outcome_unknown"] as const)(
    "says when to ask again: %s",
    async (code) => {
      const response = await refusals[code].answer();
      const seconds = Number(response.headers.get("Retry-After"));

      expect(seconds).toBeGreaterThan(0);
      expect((await response.json()).retryAfterSeconds).toBe(seconds);
    },
  );

  it("names the methods that are served", async () => {
    expect((await refusals.method_not_allowed.answer()).headers.get("Allow")).toBe("GET, POST");
  });

  it("asks for credentials when nobody is signed in", async () => {
    expect((await refusals.not_signed_in.answer()).headers.get("WWW-Authenticate")).toMatch(
      /^Bearer/,
    );
  });
});
