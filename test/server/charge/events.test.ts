import { describe, expect, it } from "vitest";
import type { AresEvent } from "../../../src/server";
import { json, world } from "../world";

const TOKEN_REFUSED = () => json(401, { error: "Invalid token" });

describe("the events of a charge", () => {
  it.each([
    ["that ARES confirms", [], [["charged", undefined]]],
    ["that ARES declines", [() => json(402, {})], [["declined", "insufficient_credits"]]],
    ["that ARES does not confirm", [() => json(500, {})], [["unknown", "outcome_unknown"]]],
    ["that ARES has no time for", [() => json(429, {})], [["not_sent", "rate_limited"]]],
    ["whose token ARES refuses", [TOKEN_REFUSED], [["not_sent", "reconnect"]]],
    [
      "that never reaches ARES",
      [() => Promise.reject(Object.assign(new Error(), { code: "ECONNREFUSED" }))],
      [["not_sent", "ares_unreachable"]],
    ],
  ] as const)("%s", async (_, replies, expected) => {
    const { post, events, ares, clock, ledger } = world();
    ares.next(...replies);

    await post({ usage: "image" });

    const [row] = await ledger.list({});
    const codeOf = (event: AresEvent) => ("code" in event ? event.code : undefined);
    expect(events.map((event) => [event.type, codeOf(event)])).toEqual(expected);
    expect(
      events.map(({ chargeId, usage, credits, at }) => [chargeId, usage, credits, at]),
    ).toEqual([[row?.id, "image", 4, clock.ms]]);
  });
});
