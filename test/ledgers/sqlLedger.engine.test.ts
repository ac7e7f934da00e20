import { Client, Pool } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Claim, fromPg, sqlLedger } from "../../src/server";
import { ledgerRules } from "../../src/testing/ledgerRules/ledgerRules";
import { type Engine, pause, postgresServer, startPostgres, suiteOn } from "./engines";
import { keepsTheRules } from "./keepsTheRules";
import { leavesNoTrace } from "./leavesNoTrace";

function order(changes: Partial<Claim> = {}): Claim {
  const facts = {
    attempt: "a",
    key: "k",
    fingerprint: "f",
    userId: "u",
    usage: "export-pdf",
    resource: null,
    hundredths: 100,
  };
  return {
    ...facts,
    mintedAt: Date.now() + 60_000,
    leaseMs: 60_000,
    retainMs: 600_000,
    ...changes,
  };
}

describe.skipIf(postgresServer === null)(suiteOn("sqlLedger on PostgreSQL", postgresServer), () => {
  let engine: Engine;
  const pools: Pool[] = [];
  const address = () => ({
    host: "127.0.0.1",
    port: engine.port,
    user: "ares",
    database: "postgres",
  });
  function open(settings: { options?: string } = {}) {
    const pool = new Pool({ ...address(), ...settings });
    pool.on("error", () => {});
    pools.push(pool);
    return pool;
  }
  beforeAll(async () => {
    engine = await startPostgres();
  });
  afterEach(async () => {
    await open().query("DROP TABLE IF EXISTS ares_charges, ares_charges_spent");
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  });
  afterAll(() => engine?.stop());

  test("tells its database, its address and about how many rows it holds", async () => {
    const { store, setup, ...ledger } = sqlLedger({ dialect: "postgres", query: fromPg(open()) });
    await setup();
    for (let n = 0; n < 3; n++) await ledger.claim(`row-${n}`, order({ key: `k-${n}` }));
    await open().query("ANALYZE ares_charges");

    expect(await store?.place?.()).toEqual({
      host: `database postgres at 127.0.0.1:${engine.port}`,
      // The epoch is a row of the table.
      rows: 4,
    });
  });

  test("sets itself up once, however many servers start at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const ledgers = Array.from({ length: 8 }, () =>
        sqlLedger({ dialect: "postgres", query: fromPg(open()) }),
      );

      await Promise.all(ledgers.map((ledger) => ledger.setup()));

      const epochs = await Promise.all(
        ledgers.map(async (ledger) => (await ledger.health()).epoch),
      );
      expect(new Set(epochs).size).toBe(1);
      await open().query("DROP TABLE ares_charges, ares_charges_spent");
    }
  });

  test("finds a row by its id alone, also where the planner has learned that all rows are charged", async () => {
    const pool = open();
    const asked: [string, unknown[]][] = [];
    const direct = fromPg(pool);
    const ledger = sqlLedger({
      dialect: "postgres",
      query: (sql, params) => {
        asked.push([sql, [...params]]);
        return direct(sql, params);
      },
      random: () => 1,
    });
    await ledger.setup();
    const rows = (name: string, status: string, count: number, user: string) =>
      pool.query(`INSERT INTO ares_charges (id, status, attempt, idempotency_key, fingerprint, user_id, usage_name, hundredths, created_at, lease_until, retain_until, retain_ms, uncharged_ms)
SELECT '${name}' || n, '${status}', 'a', '${name}' || n, 'f', '${user}', 'image', 1, n, n, 9000000000000, 0, 0 FROM generate_series(1, ${count}) AS n`);
    await rows("old", "charged", 200_000, "other");
    await pool.query(
      "INSERT INTO ares_charges_spent SELECT 'user' || n, 1, 1, 1 FROM generate_series(1, 10000) AS n",
    );
    await pool.query("VACUUM ANALYZE ares_charges, ares_charges_spent");
    await rows("open", "claimed", 3_000, "u");

    asked.length = 0;
    const begin = { attempt: "a", leaseMs: 60_000 };
    const most = { rows: 4_000, windowMs: 9e12 };
    const full = { rows: 100, windowMs: 9e12 };
    expect((await ledger.claimWithin?.("full", { ...order(), most: full }))?.k).toBe("over");
    for (const to of ["charged", "declined", "unknown", "claimed"] as const) {
      await ledger.claimWithin?.(to, { ...order({ key: to }), most });
      await (to === "charged"
        ? ledger.begin(to, begin)
        : ledger.beginWithin?.(to, { ...begin, most: { minute: 1e9, day: 1e9 } }));
      await ledger.settle(to, { attempt: "a", to, outcome: {} });
    }
    await ledger.resolve("unknown", { to: "declined", note: "n" });
    await ledger.resolve("declined", { attempt: "a", to: "charged", note: "n" });
    await ledger.redeem("charged", { by: "r", attempt: "x", leaseMs: 1_000 });
    await ledger.list({ userId: "u", key: "charged" });
    await ledger.find("charged");
    await ledger.findAll?.(["charged", "unknown"]);

    const scans = [];
    for (const [sql, params] of asked) {
      const { rows: plan } = await pool.query<{ "QUERY PLAN": string }>(`EXPLAIN ${sql}`, params);
      scans.push(
        ...plan.flatMap(
          (line) =>
            /(Index (Only )?Scan (?:using|on)|Seq Scan on) (ares_\S+)/.exec(
              line["QUERY PLAN"],
            )?.[3] ?? [],
        ),
      );
    }
    expect(new Set(scans)).toEqual(
      new Set([
        "ares_charges_pkey",
        "ares_charges_by_key",
        "ares_charges_by_user",
        "ares_charges_spent_pkey",
      ]),
    );
  });

  test("warns when a commit is confirmed before it is on disk", async () => {
    const ledger = sqlLedger({
      dialect: "postgres",
      query: fromPg(open({ options: "-c synchronous_commit=off" })),
    });
    await ledger.setup();

    const { durable, warnings } = await ledger.health();

    expect(durable).toBe(false);
    expect(warnings.join()).toContain("Set synchronous_commit = on");
  });

  test("warns of an unlogged table, which a crash empties; the epoch goes with it, so older keys are refused", async () => {
    const pool = open();
    const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
    await ledger.setup();
    await pool.query("ALTER TABLE ares_charges SET UNLOGGED");
    await ledger.claim("row", order());
    await ledger.begin("row", { attempt: "a", leaseMs: 60_000 });
    const mintedAt = Date.now();

    expect((await ledger.health()).warnings.join()).toContain("SET LOGGED");
    await engine.crash();

    expect(await ledger.find("row")).toBeNull();
    expect(await ledger.claim("row", order({ attempt: "b", mintedAt }))).toEqual({ k: "reset" });
  });

  test("answers under a transaction isolation that refuses to wait: one owner, and errors instead of doubles", async () => {
    const ledger = sqlLedger({
      dialect: "postgres",
      query: fromPg(open({ options: "-c default_transaction_isolation=serializable" })),
    });
    await ledger.setup();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        ledger.claim("row", order({ attempt: `${n}` })).then(
          ({ k }) => k,
          () => "error",
        ),
      ),
    );

    expect(answers.filter((answer) => answer === "mine").length).toBe(1);
    expect(
      answers.filter((answer) => answer === "done" || answer === "reset" || answer === "mismatch"),
    ).toEqual([]);
  });

  test.each(["before the claim began, and its transaction was open", "while the claim waited"])(
    "loses no refusal when a claim meets a row that was declined %s",
    async (when) => {
      const pool = open();
      const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool), random: () => 1 });
      await ledger.setup();
      const held = await pool.connect();
      const slow = sqlLedger({ dialect: "postgres", query: fromPg(held), random: () => 1 });
      const decline = async (attempt: string) => {
        await slow.begin("row", { attempt, leaseMs: 60_000 });
        await slow.settle("row", {
          attempt,
          to: "declined",
          outcome: { code: "insufficient_credits" },
        });
      };
      const waits = () =>
        pool.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
      const first = when.startsWith("before");
      if (first) {
        await slow.claim("row", order({ attempt: "one", key: "one" }));
        await decline("one");
      }
      await held.query("BEGIN");
      await slow.claim("row", order({ attempt: "two", key: "two" }));
      const third = ledger.claim("row", order({ attempt: "three", key: "three" }));
      await expect.poll(async () => (await waits()).rowCount, { timeout: 20_000 }).toBe(1);
      await decline("two");
      await held.query("COMMIT");
      held.release();

      // Without a row to hold in its snapshot the third claim takes nothing, and is told of the refusal.
      expect((await third).k).toBe(first ? "mine" : "done");
      const refused = await ledger.list({ userId: "u", status: "declined" });
      expect(refused.map(({ key }) => key).sort()).toEqual(first ? ["one", "two"] : ["two"]);
      expect(await ledger.claim("row", order({ attempt: "four", key: "two" }))).toMatchObject({
        k: first ? "busy" : "done",
      });
    },
  );

  test.each(["repeatable read", "serializable"])(
    "claims one intent twice at once under %s, and health() names the setting",
    async (level) => {
      const pool = open({
        options: `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`,
      });
      const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
      await ledger.setup();
      for (let round = 0; round < 30; round++) {
        const claims = ["a", "b"].map((attempt) =>
          ledger.claim(`row-${round}`, order({ attempt, key: `k-${round}` })),
        );
        expect((await Promise.all(claims)).map(({ k }) => k).sort()).toEqual(["busy", "mine"]);
      }
      expect((await ledger.health()).warnings.join()).toContain(
        `default_transaction_isolation = ${level}`,
      );
    },
  );

  describe("a chain that is erased while a claim goes on from its end", () => {
    const head = { id: "first", attempt: "first" };

    /** A chain whose first row is paid, a way to its database whose transaction stays open, and another way. */
    async function chained(second?: "declined", resource: string | null = "pass") {
      const paid = { fingerprint: "f", resource };
      const pool = open();
      const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool), random: () => 1 });
      await ledger.setup();
      const held = await pool.connect();
      const slow = sqlLedger({ dialect: "postgres", query: fromPg(held), random: () => 1 });
      const end = async (name: string, to: "charged" | "declined") => {
        await ledger.begin(name, { attempt: name, leaseMs: 60_000 });
        await ledger.settle(name, { attempt: name, to, outcome: {} });
      };
      await ledger.claim("first", order({ ...paid, attempt: "first", key: "first" }));
      await end("first", "charged");
      if (second) {
        await ledger.claim("next", order({ ...paid, attempt: "next", key: "next", head }));
        await end("next", second);
      }
      const { now } = await ledger.health();
      await pause(5);
      const waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'";

      /** Does one thing in a transaction that stays open until the other thing waits for it. */
      async function whileOpen<A, B>(first: () => Promise<A>, second: () => Promise<B>) {
        await held.query("BEGIN");
        try {
          const done = await first();
          const waiting = second();
          await expect.poll(async () => (await pool.query(waits)).rowCount).toBe(1);
          await held.query("COMMIT");
          return [done, await waiting] as const;
        } finally {
          await held.query("ROLLBACK");
          held.release();
        }
      }
      const erase = { as: "nobody", madeBefore: now + 1 };
      return {
        ledger,
        slow,
        whileOpen,
        claim: (by: typeof ledger) =>
          by.claim("next", order({ ...paid, attempt: "late", key: "late", head })),
        run: async (by: typeof ledger) => by.erase?.("u", erase),
      };
    }

    test.each([undefined, "declined" as const])(
      "stays whole where the claim was first, after a row that is %s",
      async (second) => {
        const { ledger, slow, whileOpen, claim, run } = await chained(second);

        const answers = await whileOpen(
          () => claim(slow),
          () => run(ledger),
        );

        expect(answers).toEqual([{ k: "mine" }, { moved: 0, next: null }]);
        expect([await ledger.find("first"), await ledger.find("next")]).toMatchObject([
          { status: "charged" },
          { status: "claimed", attempt: "late" },
        ]);
      },
    );

    test.each([undefined, "declined" as const])(
      "is gone for the claim where it moved first, after a row that is %s",
      async (second) => {
        const { ledger, slow, whileOpen, claim, run } = await chained(second);

        const answers = await whileOpen(
          () => run(slow),
          () => claim(ledger),
        );

        expect(answers).toEqual([{ moved: second ? 2 : 1, next: null }, { k: "gone" }]);
        expect(await ledger.list({ userId: "u" })).toEqual([]);
      },
    );

    test("stays whole where another statement writes one of its rows, and moves with the next run", async () => {
      const { ledger, slow, whileOpen, run } = await chained("declined");
      const began = await whileOpen(
        () => slow.redeem("first", { by: "work" }),
        () => run(ledger),
      );

      expect(began).toEqual(["ok", { moved: 0, next: null }]);
      expect(await ledger.find("first")).toMatchObject({ userId: "u", redeemedBy: ["work"] });
      expect((await run(ledger))?.moved).toBe(2);
    });

    test("loses no use of a charge without a resource: that row stays for the next run, and the others move", async () => {
      const { ledger, slow, whileOpen, run } = await chained("declined", null);
      const began = await whileOpen(
        () => slow.redeem("first", { by: "work" }),
        () => run(ledger),
      );

      expect(began).toEqual(["ok", { moved: 1, next: null }]);
      expect(await ledger.list({ userId: "u" })).toMatchObject([
        { id: "first", redeemedBy: ["work"] },
      ]);
      expect((await run(ledger))?.moved).toBe(1);
    });
  });

  test("leaves no trace of a user who is erased", async () => {
    const pool = open();
    const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool), random: () => 1 });
    await ledger.setup();
    await leavesNoTrace(ledger, async () =>
      (
        await pool.query(
          "SELECT to_jsonb(a) AS row FROM ares_charges AS a UNION ALL SELECT to_jsonb(s) FROM ares_charges_spent AS s",
        )
      ).rows.map(({ row }) => JSON.stringify(row)),
    );
  });

  test("removes ended rows from several servers at once without getting in each other's way", async () => {
    const ledgers = Array.from({ length: 4 }, () =>
      sqlLedger({ dialect: "postgres", query: fromPg(open()), random: () => 1 }),
    );
    const [first] = ledgers;
    await first?.setup();
    await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        first?.claim(`row-${n}`, order({ key: `${n}`, retainMs: 1, leaseMs: 0 })),
      ),
    );
    await pause(10);

    const removed = await Promise.all(ledgers.map((ledger) => ledger.purge(100)));

    expect(removed.reduce((sum, each) => sum + each, 0)).toBe(100);
  });

  // A pooler in transaction mode may give each statement another session. Here every statement gets a fresh session.
  keepsTheRules(
    "PostgreSQL with a new session for every statement",
    async () => {
      let open = 0;
      const ledger = sqlLedger({
        dialect: "postgres",
        table: "ares_without_sessions",
        async query(sql, params) {
          while (open >= 20) await pause(2);
          open++;
          const client = new Client(address());
          try {
            await client.connect();
            return await client.query(sql, params);
          } finally {
            await client.end();
            open--;
          }
        },
      });
      await ledger.setup();
      return { ledger, close: () => {} };
    },
    { modelRuns: 5, rules: ledgerRules.filter(({ title }) => !title.includes("1,000")) },
  );
});
