import { describe, expect, it } from "vitest";
import { json, world } from "../world";

const NOTES = { charged: "In ARES's books.", not_charged: "Not in ARES's books." };

/** A charge that ARES has taken, whose answer comes when the test says so. Meanwhile an operator has resolved the charge. */
async function resolvedTooEarly(
  body: object = { usage: "report", resource: "r" },
  late = json(200, { message: "Success" }),
  verdict: "charged" | "not_charged" = "not_charged",
) {
  const w = world();
  const key = w.key();
  const answer = w.ares.hold(late);
  const asked = w.post(body, { "Idempotency-Key": key });
  await expect.poll(w.ares.posts).toBe(1);
  w.clock.ms += 60_000;
  const [row] = await w.server.charges.list({ status: "unknown" });
  await w.server.charges.resolve(row?.id ?? "", verdict, NOTES[verdict]);
  function answerLate(): Promise<Response> {
    answer();
    return asked;
  }
  return { ...w, key, id: row?.id ?? "", answerLate };
}

describe("ARES's yes to a charge that an operator resolved as not charged", () => {
  it.each([{ usage: "report", resource: "r" }, { usage: "report" }])(
    "turns %j into a charge, and tells the operator",
    async (body) => {
      const { answerLate, key, get, post, events, ares, server } = await resolvedTooEarly(body);
      expect((await (await get(`?charge=${key}`)).json()).charge.status).toBe("declined");

      expect((await answerLate()).status).toBe(200);

      expect((await (await get(`?charge=${key}`)).json()).charge.status).toBe("charged");
      expect((await (await get("?charges=recent")).json()).charges).toMatchObject([
        { usage: "report", status: "charged" },
      ]);
      expect(
        (await post(body, { "Idempotency-Key": key })).headers.get("Idempotency-Replayed"),
      ).toBe("true");
      expect(ares.book).toHaveLength(1);
      expect(events.map(({ type }) => type)).toEqual([
        "resolved",
        "settle_corrected",
        "charged",
        "replayed",
      ]);
      expect(events[1]).toMatchObject({ verdict: "charged" });
      const [row] = await server.charges.list();
      expect(row?.outcome.note).toBe("Not in ARES's books. ARES confirmed it later.");
    },
  );

  it("opens the resource on the user's page, and no other key pays for it again", async () => {
    const { answerLate, get, post, ares } = await resolvedTooEarly();

    await answerLate();

    expect((await (await get("?usage=report&resource=r")).json()).charge.status).toBe("charged");
    expect(
      (await post({ usage: "report", resource: "r" })).headers.get("Idempotency-Replayed"),
    ).toBe("true");
    expect(ares.book).toHaveLength(1);
  });

  it("is an event and nothing more once another key has taken the row", async () => {
    const { answerLate, post, events, server, ares } = await resolvedTooEarly();
    ares.next(() => json(402, { error: "Insufficient credits" }));
    await post({ usage: "report", resource: "r" });
    const before = await server.charges.list();

    expect((await answerLate()).status).toBe(200);

    expect(events.map(({ type }) => type)).toEqual([
      "resolved",
      "declined",
      "settle_lost",
      "charged",
    ]);
    expect(await server.charges.list()).toEqual(before);
  });

  it.each([
    ["a no", json(402, { error: "Insufficient credits" }), ["resolved", "declined"]],
    ["an error", json(500, {}), ["resolved", "settle_lost", "unknown"]],
  ])("stays not charged when ARES's late word is %s", async (_, late, expected) => {
    const { answerLate, key, get, events } = await resolvedTooEarly(undefined, late);

    expect((await answerLate()).status).not.toBe(200);

    expect((await (await get(`?charge=${key}`)).json()).charge.status).toBe("declined");
    expect(events.map(({ type }) => type)).toEqual(expected);
  });

  it("waits behind the answer when the ledger is down, and is written down then", async () => {
    const { ledger, answerLate, id, events } = await resolvedTooEarly();
    const { settle } = ledger;
    let down = true;
    ledger.settle = async (...args) => {
      if (!down) return settle(...args);
      down = false;
      throw new Error("down");
    };

    expect((await answerLate()).status).toBe(200);
    await expect.poll(async () => (await ledger.find(id))?.status).toBe("charged");
    await expect.poll(() => events.length).toBe(4);
    expect(events.map(({ type }) => type)).toEqual([
      "resolved",
      "settle_delayed",
      "charged",
      "settle_corrected",
    ]);
  });
});

describe("ARES's late word on a charge that an operator resolved as charged", () => {
  it.each([
    ["yes", json(200, { message: "Success" }), undefined, ["resolved", "charged"]],
    ["an error", json(500, {}), "outcome_unknown", ["resolved", "settle_lost", "unknown"]],
    [
      "no",
      json(402, { error: "Insufficient credits" }),
      "insufficient_credits",
      ["resolved", "settle_lost", "declined"],
    ],
    ["that it did nothing", json(429, {}), "rate_limited", ["resolved", "not_sent"]],
  ])("changes nothing when it is %s", async (_, late, code, expected) => {
    const { answerLate, key, post, ares, events, server } = await resolvedTooEarly(
      undefined,
      late,
      "charged",
    );

    expect((await (await answerLate()).json()).code).toBe(code);

    const [row] = await server.charges.list();
    expect([row?.status, row?.outcome.note]).toEqual(["charged", NOTES.charged]);
    expect(events.map(({ type }) => type)).toEqual(expected);
    for (const each of [key, undefined]) {
      const again = await post(
        { usage: "report", resource: "r" },
        each === undefined ? {} : { "Idempotency-Key": each },
      );
      expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([200, "true"]);
    }
    expect(ares.posts()).toBe(1);
  });
});

describe("an operator's verdict on a charge that its sender ends at the same moment", () => {
  it.each([
    ["charged", "yes", 200],
    ["not_charged", "yes", 200],
    ["charged", "no", 402],
    ["not_charged", "no", 402],
  ] as const)(
    "is not stored, and nobody is told that it was: %s, while ARES says %s",
    async (verdict, word, status) => {
      const w = world();
      const headers = { "Idempotency-Key": w.key() };
      let answer = (_: Response) => {};
      w.ares.next(
        () =>
          new Promise((done) => {
            answer = done;
          }),
      );
      const asked = w.post({ usage: "report" }, headers);
      await expect.poll(w.ares.posts).toBe(1);
      w.clock.ms += 60_000;
      const [row] = await w.ledger.list({ status: "unknown" });
      const { resolve } = w.ledger;
      w.ledger.resolve = async (...args) => {
        answer(
          json(status, word === "yes" ? { message: "Success" } : { error: "Insufficient credits" }),
        );
        await asked;
        return resolve(...args);
      };

      expect(await w.server.charges.resolve(row?.id ?? "", verdict, "Looked up.")).toBe(false);

      expect((await asked).status).toBe(status);
      expect((await w.post({ usage: "report" }, headers)).status).toBe(status);
      expect(w.ares.posts()).toBe(1);
      expect(w.events.map(({ type }) => type)).not.toContain("resolved");
      expect((await w.ledger.list({}))[0]?.outcome.note).toBeUndefined();
    },
  );
});
