import { expect, test } from "vitest";
import { createAresServer, definePrices, type Ledger, mintKey } from "../../src/server";
import { json, pretendAres } from "../server/world";

type Fate = "declined" | "charged" | "unknown";

/** What a later key and the first key's repeat are told. */
const told: Record<Fate, { status: number; code?: string; state: string }> = {
  declined: { status: 402, code: "insufficient_credits", state: "declined" },
  charged: { status: 200, state: "charged" },
  unknown: { status: 409, code: "outcome_unknown", state: "unknown" },
};

/** Checks the handler's answers to a declined key that comes again after another key took the resource's row. */
export function refusesLateRepeats(open: () => Ledger) {
  test.each(Object.keys(told) as Fate[])("tells a declined key that comes late of the later key's charge: %s", async (fate) => {
    // A ledger refuses the keys of its own first moments. This server's clock is past them.
    const now = () => Date.now() + 60_000;
    const minted = now();
    const keys = [mintKey(minted - 1), mintKey(minted)];
    const ares = pretendAres();
    const server = createAresServer({
      clientId: "client-1",
      prices: definePrices({ report: 3 }),
      auth: async () => ({ userId: `late-${keys[0]}`, getAccessToken: async () => "token" }),
      ledger: open(),
      ares: { fetch: ares.fetch },
      now,
    });
    const url = "https://app.example/api/ares";
    const send = async (key = "") => {
      const headers = { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Idempotency-Key": key };
      const body = JSON.stringify({ usage: "report", resource: "r-1" });
      const answer = await server.handler(new Request(url, { method: "POST", body, headers }));
      return { status: answer.status, code: (await answer.json()).code };
    };
    const { state, ...answer } = told[fate];
    ares.next(
      () => json(402, {}),
      (deduct) => {
        if (fate !== "declined") deduct();
        return fate === "charged" ? json(200, { message: "Success" }) : json(fate === "declined" ? 402 : 500, {});
      },
    );
    expect((await send(keys[0])).status).toBe(402);
    const booked = () => [ares.posts(), ares.book.length];
    expect(await send(keys[1])).toEqual(answer);
    const before = booked();

    const late = await Promise.all([send(keys[0]), send(keys[0]), send(keys[1])]);

    expect(late).toEqual([answer, answer, answer]);
    expect(booked()).toEqual(before);
    const read = await server.handler(new Request(`${url}?usage=report&resource=r-1`));
    expect((await read.json()).charge.status).toBe(state);
  });
}
