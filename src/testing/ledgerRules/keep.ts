import type { ChargeRow } from "ares-react/server";
import { type Desk, type LedgerRule, LONG_MS, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

/** What a ledger remembers, and for how long. */
export const keepRules: readonly LedgerRule[] = [
  ...(["sending", "unknown"] as const).map((state) =>
    rule(
      `never forgets a row that is ${state}, even when its retention has ended`,
      async (desk) => {
        await desk.reach(state, { changes: { retainMs: 1 } });
        await desk.wait(PAST_SHORT_MS);
        await crowd(desk);
        desk.equal((await desk.row()).status, state, "the status");
        desk.equal(
          (await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k,
          state === "sending" ? "busy" : "done",
          "the answer to another key",
        );
      },
    ),
  ),

  rule("forgets no claim while its lease lasts", async (desk) => {
    await desk.reach("claimed", { changes: { retainMs: 1 } });
    await desk.wait(PAST_SHORT_MS);
    await crowd(desk);
    desk.equal(
      (await desk.claim({ attempt: desk.newId() })).k,
      "busy",
      "the answer to another attempt",
    );
    desk.equal(await desk.begin(), true, "the answer to its begin");
  }),

  rule("forgets no charge while its retention lasts", async (desk) => {
    await desk.reach("charged", { changes: { retainMs: LONG_MS } });
    await crowd(desk);
    desk.equal((await desk.row()).status, "charged", "the status");
  }),

  rule(
    "keeps a row for its whole retention from its settlement on, however late that comes",
    async (desk) => {
      const retainMs = await crowdMs(desk);
      await desk.reach("sending", { changes: { retainMs } });
      await desk.wait(retainMs + PAST_SHORT_MS);
      desk.equal(await desk.settle("charged"), true, "the answer to the settlement");
      await crowd(desk);
      desk.equal((await desk.row()).status, "charged", "the status");
      desk.equal(
        (await desk.claim({ attempt: desk.newId() })).k,
        "done",
        "the answer to another attempt",
      );
    },
  ),

  rule(
    "keeps a row for its whole retention from its resolution on, however late that comes",
    async (desk) => {
      const retainMs = await crowdMs(desk);
      await desk.reach("unknown", { changes: { retainMs } });
      await desk.wait(retainMs + PAST_SHORT_MS);
      desk.equal(
        await desk.ledger.resolve(desk.id, { to: "charged", note: "in the book" }),
        true,
        "the answer to the resolution",
      );
      await crowd(desk);
      desk.equal((await desk.row()).status, "charged", "the status");
      desk.equal(
        await desk.ledger.redeem(desk.id, { by: "first" }),
        "ok",
        "the answer to a redeem",
      );
    },
  ),

  ...(["claimed", "declined"] as const).map((state) =>
    rule(
      `forgets a row that is ${state} once unchargedMs is over, however long a charged one is retained`,
      async (desk) => {
        await desk.reach(state, { leaseMs: SHORT_MS, changes: { unchargedMs: SHORT_MS } });
        await desk.wait(PAST_SHORT_MS);
        desk.equal(await desk.ledger.find(desk.id), null, "the row");
        desk.equal(await desk.ledger.list({ userId: desk.userId }), [], "the list");
        desk.equal(
          (await desk.claim({ attempt: desk.newId() })).k,
          "mine",
          "the answer to a claim by its own key",
        );
      },
    ),
  ),

  ...(["charged", "unknown"] as const).map((state) =>
    rule(
      `keeps a row that is ${state} when unchargedMs is over: it may be the proof of a charge`,
      async (desk) => {
        await desk.reach(state, { changes: { unchargedMs: SHORT_MS } });
        await desk.wait(PAST_SHORT_MS);
        await crowd(desk);
        desk.equal((await desk.row()).status, state, "the status");
        desk.equal(
          (await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k,
          "done",
          "the answer to another key",
        );
      },
    ),
  ),

  rule(
    "keeps the refusal of a key whose row another key has taken for as long as the declined row would have stayed",
    async (desk) => {
      const unchargedMs = await crowdMs(desk);
      await desk.reach("declined", { changes: { unchargedMs } });
      await desk.reach("charged", {
        changes: { attempt: desk.newId(), key: desk.newId(), unchargedMs },
      });
      const told = async () =>
        (await desk.ledger.list({ userId: desk.userId, key: desk.key })).length;
      await crowd(desk);
      desk.equal(await told(), 1, "how many rows tell of the declined key");
      await desk.wait(unchargedMs + PAST_SHORT_MS);
      desk.equal(await told(), 0, "how many rows tell of it afterwards");
    },
  ),

  rule(
    "keeps a declined row that was corrected to charged as long as a charged one",
    async (desk) => {
      const unchargedMs = await crowdMs(desk);
      await desk.reach("unknown", { changes: { unchargedMs } });
      await desk.ledger.resolve(desk.id, { to: "declined", note: "not in the book" });
      desk.equal(
        await desk.ledger.resolve(desk.id, {
          to: "charged",
          note: "confirmed late",
          attempt: desk.attempt,
        }),
        true,
        "the answer",
      );
      await desk.wait(unchargedMs + PAST_SHORT_MS);
      await crowd(desk);
      desk.equal((await desk.row()).status, "charged", "the status");
    },
  ),

  rule("shows no row whose retention has ended, and lets a new claim have its id", async (desk) => {
    await desk.reach("charged", { changes: { retainMs: SHORT_MS } });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(await desk.ledger.find(desk.id), null, "the row");
    desk.equal(await desk.ledger.list({ userId: desk.userId }), [], "the list");
    desk.equal(
      await desk.ledger.redeem(desk.id, { by: "first" }),
      "absent",
      "the answer to a redeem",
    );
    desk.equal((await desk.claim({ attempt: desk.newId() })).k, "mine", "the answer to a claim");
  }),

  rule("finds many rows at once as it finds each, if it can find many", async (desk) => {
    const states = ["claimed", "sending", "charged", "declined", "unknown"] as const;
    for (const state of states) {
      await desk.reach(state, {
        id: `${desk.id}-${state}`,
        changes: { attempt: desk.newId(), key: desk.newId(), resource: `"${state}" ü` },
      });
    }
    await desk.reach("sending", {
      id: `${desk.id}-lost`,
      leaseMs: SHORT_MS,
      changes: { attempt: desk.newId(), key: desk.newId() },
    });
    await desk.reach("charged", {
      id: `${desk.id}-over`,
      changes: { attempt: desk.newId(), key: desk.newId(), retainMs: SHORT_MS },
    });
    await desk.reach("charged", { changes: { attempt: desk.newId(), key: desk.newId() } });
    await desk.wait(PAST_SHORT_MS);
    if (!desk.ledger.findAll) return;

    const ids = [...states, "lost", "over", "never"].map((name) => `${desk.id}-${name}`);
    const rows = await desk.ledger.findAll([
      ...ids,
      ...Array.from({ length: 200 - ids.length }, desk.newId),
    ]);

    const alone = await Promise.all(ids.map((id) => desk.ledger.find(id)));
    desk.equal(standing(rows), standing(alone.flatMap((row) => row ?? [])), "the rows");
    desk.equal(
      rows.map(({ id }) => id).toSorted(),
      [...states, "lost"].map((name) => `${desk.id}-${name}`).toSorted(),
      "the ids",
    );
    desk.equal(await desk.ledger.findAll([]), [], "the rows of no ids");
    desk.equal(
      await desk.ledger.findAll([desk.newId()]),
      [],
      "the rows of an id that nobody claimed",
    );
  }),

  rule(
    "tells the newest row of a user's resource, of no other user and of no other resource, if it can tell",
    async (desk) => {
      const { ledger, newId, userId } = desk;
      if (!ledger.newest) return;
      const [fingerprint, other] = [newId(), newId()];
      const claim = async (changes: {
        fingerprint: string;
        userId?: string;
        resource?: string | null;
      }) => {
        const row = newId();
        const order = { attempt: newId(), key: newId(), resource: "day-pass", ...changes };
        await desk.reach("charged", { id: row, changes: order });
        await desk.wait(2);
        return row;
      };
      const told = async (...fingerprints: string[]) =>
        (await ledger.newest?.(userId, fingerprints))?.map(({ id }) => id).toSorted();
      desk.equal(await told(fingerprint, other), [], "the rows of a user without rows");
      await claim({ fingerprint });
      const [newest, another] = [await claim({ fingerprint }), await claim({ fingerprint: other })];
      await claim({ fingerprint, userId: newId() });
      await claim({ fingerprint, resource: null });
      desk.equal(await told(fingerprint), [newest], "the newest row");
      desk.equal(
        await told(fingerprint, other, newId()),
        [newest, another].toSorted(),
        "the newest rows",
      );
    },
  ),

  rule("tells how old a row is on its own clock", async (desk) => {
    await desk.reach("charged");
    await desk.wait(PAST_SHORT_MS);
    const { ageMs, settledAgoMs } = await desk.row();
    desk.equal(
      ageMs >= PAST_SHORT_MS - 1 && ageMs < LONG_MS,
      true,
      "that the age is about as long as the wait",
    );
    desk.equal(
      settledAgoMs !== null && settledAgoMs <= ageMs,
      true,
      "that it was settled after it was made",
    );
  }),

  rule("knows when it began to remember", async (desk) => {
    const first = await desk.ledger.health();
    await desk.claim();
    const second = await desk.ledger.health();
    desk.equal(second.epoch, first.epoch, "the epoch");
    desk.equal(first.epoch <= first.now && first.now <= second.now, true, "that its clock goes on");
    desk.equal(
      (await desk.row()).createdAt >= first.epoch,
      true,
      "that rows are younger than the ledger",
    );
  }),

  rule("says what to correct where a write may be lost", async (desk) => {
    const { durable, warnings } = await desk.ledger.health();
    desk.equal(durable || warnings.length > 0, true, "a warning");
  }),
];

/** The members of rows that do not change from one read to the next, by id. */
function standing(rows: readonly ChargeRow[]): unknown[] {
  return rows
    .map(({ leaseLeftMs: _, ageMs: __, settledAgoMs: ___, ...same }) => same)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Enough claims to make a ledger tidy up. */
async function crowd(desk: Desk): Promise<void> {
  await Promise.all(
    Array.from({ length: 40 }, () =>
      desk.claim({ attempt: desk.newId(), userId: desk.newId(), retainMs: LONG_MS }, desk.newId()),
    ),
  );
}

/** A time in which this machine finds a row after a crowd: two seconds, and five times what a crowd takes here. */
async function crowdMs(desk: Desk): Promise<number> {
  const before = await desk.ledger.health();
  await crowd(desk);
  const after = await desk.ledger.health();
  return Math.max(2_000, 5 * (after.now - before.now));
}
