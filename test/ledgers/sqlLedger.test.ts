import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { afterAll, describe, expect, test, vi } from "vitest";
import {
  type Claim,
  fromLibsql,
  isAresError,
  ledgerSchema,
  type SqlLedger,
  type SqlQuery,
  sqlLedger,
} from "../../src/server";
import { pause } from "./engines";
import { keepsWindows, timedSql } from "./keepsWindows";
import { leavesNoTrace } from "./leavesNoTrace";

const directory = mkdtempSync(join(tmpdir(), "ares-sqlite-"));
const clients: { close(): void }[] = [];
afterAll(() => {
  for (const client of clients) client.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(url = `file:${join(directory, `${crypto.randomUUID()}.db`)}`) {
  const client = createClient({ url, timeout: 5000 });
  clients.push(client);
  return client;
}

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

describe("the schema", () => {
  test("may be run at every start, and keeps what is there", async () => {
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(open()) });
    await ledger.setup();
    const { epoch } = await ledger.health();
    await ledger.claim("row", order());

    await ledger.setup();

    expect((await ledger.health()).epoch).toBe(epoch);
    expect(await ledger.find("row")).toMatchObject({ status: "claimed" });
  });

  test("may be run by several servers at once", async () => {
    const url = `file:${join(directory, "several.db")}`;
    const ledgers = Array.from({ length: 8 }, () =>
      sqlLedger({ dialect: "sqlite", query: fromLibsql(open(url)) }),
    );

    await Promise.all(ledgers.map((ledger) => ledger.setup()));

    const epochs = await Promise.all(ledgers.map(async (ledger) => (await ledger.health()).epoch));
    expect(new Set(epochs).size).toBe(1);
  });

  test("can be printed for a migration, in both dialects", () => {
    for (const dialect of ["postgres", "sqlite"] as const) {
      const schema = ledgerSchema(dialect, { table: "billing.ares" });

      expect(schema.every((statement) => !/;\s*$/.test(statement))).toBe(true);
      expect(schema[0]).toContain("CREATE TABLE IF NOT EXISTS billing.ares");
      expect(schema[1]).toContain("CREATE INDEX IF NOT EXISTS ares_by_status ON billing.ares");
      expect(schema.at(-1)).toContain("ON CONFLICT (id) DO NOTHING");
    }
  });

  test.each(["", "Charges", "a b", "a;drop table x", "a.b.c", "1a", 'a"b', "a--"])(
    "refuses the table name %j",
    (table) => {
      const refused = () =>
        sqlLedger({ dialect: "sqlite", query: async () => ({ rows: [] }), table });

      expect(refused).toThrow(
        expect.objectContaining({ name: "AresError", code: "invalid_request" }),
      );
    },
  );
});

describe("the epoch", () => {
  test("is set by the first claim when its row is missing, and older keys are refused from then on", async () => {
    const client = open();
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
    await ledger.setup();
    await ledger.claim("row", order());
    const before = Date.now();
    await pause(10);
    await client.execute("DELETE FROM ares_charges");

    const answer = await ledger.claim("row", order({ attempt: "b", mintedAt: before }));

    expect(answer).toEqual({ k: "reset" });
    expect((await ledger.health()).epoch).toBeGreaterThan(before);
    expect(await ledger.find("row")).toBeNull();
  });

  test("is the moment of setup(), never earlier: an empty table can't be told from a lost one", async () => {
    const client = open();
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client), skewMs: 50 });
    await ledger.setup();
    const first = await ledger.health();
    await vi.waitUntil(async () => (await ledger.health()).now > first.epoch + 60);
    const sent = order({ mintedAt: Date.now() });
    expect(await ledger.claim("row", sent)).toEqual({ k: "mine" });
    await client.execute("DROP TABLE ares_charges");

    await ledger.setup();

    expect(await ledger.claim("row", { ...sent, attempt: "b" })).toEqual({ k: "reset" });
    const { epoch } = await ledger.health();
    expect(epoch).toBeGreaterThanOrEqual(sent.mintedAt);
    await vi.waitUntil(async () => (await ledger.health()).now > epoch + 60);
    expect(
      await ledger.claim("row", order({ attempt: "c", key: "next", mintedAt: Date.now() })),
    ).toEqual({ k: "mine" });
  });

  test("keeps its margin: keys of the ledger's first moments are refused too", async () => {
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(open()), skewMs: 5000 });
    await ledger.setup();
    const { epoch } = await ledger.health();

    const answers = [
      await ledger.claim("early", order({ mintedAt: epoch + 4999 })),
      await ledger.claim("late", order({ mintedAt: epoch + 5000 })),
    ];

    expect(answers).toEqual([{ k: "reset" }, { k: "mine" }]);
  });
});

describe("tidying up", () => {
  test("removes ended rows in bounded numbers, and never a sender's or an unknown one", async () => {
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(open()), random: () => 1 });
    await ledger.setup();
    for (const [n, to] of ["charged", "declined", "unknown", null].entries()) {
      for (let each = 0; each < 3; each++) {
        const [id, attempt] = [`${n}-${each}`, `${n}-${each}`];
        await ledger.claim(id, order({ attempt, key: id, retainMs: 1, leaseMs: 0 }));
        await ledger.begin(id, { attempt, leaseMs: 0 });
        if (to === "charged" || to === "declined" || to === "unknown")
          await ledger.settle(id, { attempt, to, outcome: {} });
      }
    }
    await ledger.claim("kept", order({ key: "kept", retainMs: Number.POSITIVE_INFINITY }));
    await pause(5);

    const removed = [await ledger.purge(4), await ledger.purge(), await ledger.purge()];

    expect(removed).toEqual([4, 2, 0]);
    expect((await ledger.list({})).map(({ status }) => status).sort()).toEqual([
      "claimed",
      ...Array(6).fill("unknown"),
    ]);
  });

  test("happens behind one claim in a hundred, and its failure is nobody's", async () => {
    let purges = 0;
    const query = fromLibsql(open());
    const failing: SqlQuery = (sql, params) => {
      if (!sql.startsWith("DELETE")) return query(sql, params);
      purges++;
      return Promise.reject(new Error("no"));
    };
    let draw = 0;
    await sqlLedger({ dialect: "sqlite", query }).setup();
    const ledger = sqlLedger({
      dialect: "sqlite",
      query: failing,
      random: () => (draw++ % 100) / 100,
    });

    for (let n = 0; n < 200; n++)
      expect((await ledger.claim(`${n}`, order({ key: `${n}` }))).k).toBe("mine");

    expect(purges).toBe(2);
  });

  test("an ended charge is as good as gone, before it is removed too", async () => {
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(open()), random: () => 1 });
    await ledger.setup();
    await ledger.claim("row", order({ retainMs: 1 }));
    await ledger.begin("row", { attempt: "a", leaseMs: 1000 });
    await ledger.settle("row", { attempt: "a", to: "charged", outcome: {} });
    await pause(5);

    expect([
      await ledger.find("row"),
      await ledger.list({}),
      await ledger.redeem("row", { by: "me" }),
    ]).toEqual([null, [], "absent"]);
    expect(await ledger.claim("row", order({ attempt: "b", key: "l" }))).toEqual({ k: "mine" });
  });
});

keepsWindows("SQLite", () => timedSql("sqlite", fromLibsql(open())));

describe("what a user under a cap spends", () => {
  const within = (ledger: SqlLedger, id: string, day: number) =>
    ledger.beginWithin?.(id, { attempt: "a", leaseMs: 60_000, most: { day } });

  async function opened(query: SqlQuery) {
    const ledger = sqlLedger({ dialect: "sqlite", query, random: () => 1 });
    await ledger.setup();
    const claim = (key: string) => ledger.claim(key, order({ key }));
    return { ledger, claim };
  }

  test("is one row, and nothing is read or written of it without a cap", async () => {
    const client = open();
    const asked: string[] = [];
    const { ledger, claim } = await opened((sql, params) => {
      asked.push(sql);
      return fromLibsql(client)(sql, params);
    });
    asked.length = 0;
    const sums = async () => (await client.execute("SELECT * FROM ares_charges_spent")).rows;
    for (const [n, to] of (["charged", "declined", "unknown", "claimed"] as const).entries()) {
      await claim(`free-${n}`);
      await ledger.begin(`free-${n}`, { attempt: "a", leaseMs: 60_000 });
      await ledger.settle(`free-${n}`, { attempt: "a", to, outcome: {} });
    }
    expect([asked.filter((sql) => sql.includes("_spent")), await sums()]).toEqual([[], []]);

    for (let n = 0; n < 40; n++) {
      await claim(`capped-${n}`);
      expect(await within(ledger, `capped-${n}`, 200 + (n + 1) * 100)).toEqual({ k: "yes" });
    }
    expect(await sums()).toHaveLength(1);
  });

  test("costs one statement while there is room", async () => {
    const asked: string[] = [];
    const query = fromLibsql(open());
    const { ledger, claim } = await opened((sql, params) => {
      asked.push(sql);
      return query(sql, params);
    });
    const statements = async (id: string, day: number) => {
      await claim(id);
      asked.length = 0;
      await within(ledger, id, day);
      return asked.length;
    };

    expect(await statements("first", 1_000)).toBe(4);
    for (const id of ["second", "third"]) expect(await statements(id, 1_000)).toBe(1);
    expect(await statements("over", 399)).toBe(3);
  });

  test("is not written as it was read before another charge began", async () => {
    const client = open();
    const query = fromLibsql(client);
    let meanwhile: (() => Promise<unknown>) | undefined;
    const overtaken: SqlQuery = async (sql, params) => {
      const work = sql.startsWith("INSERT INTO ares_charges_spent") ? meanwhile : undefined;
      if (work) meanwhile = undefined;
      await work?.();
      return query(sql, params);
    };
    const { ledger, claim } = await opened(overtaken);
    const quick = sqlLedger({ dialect: "sqlite", query });
    for (const id of ["first", "given back", "slow", "quick", "last"]) await claim(id);

    // The first sums of a user, and sums that leave no room until they are read again.
    meanwhile = () => within(quick, "first", 200) ?? Promise.reject();
    expect(await within(ledger, "given back", 200)).toEqual({ k: "yes" });
    await ledger.settle("given back", { attempt: "a", to: "declined", outcome: {} });
    meanwhile = () => within(quick, "quick", 300) ?? Promise.reject();
    expect(await within(ledger, "slow", 200)).toMatchObject({ k: "over" });
    expect(await within(ledger, "last", 299)).toMatchObject({ k: "over" });
  });

  const rebuild = [
    ...ledgerSchema("sqlite", { table: "rebuilt" }).slice(0, 1),
    "INSERT INTO rebuilt SELECT * FROM ares_charges",
    "DROP TABLE ares_charges",
    "ALTER TABLE rebuilt RENAME TO ares_charges",
  ];

  test("is added up again from setup() on, once the table was rebuilt: the trigger went with the old table, so no charge under a cap begins before", async () => {
    const client = open();
    const { ledger, claim } = await opened(fromLibsql(client));
    await claim("before");
    await within(ledger, "before", 100);
    for (const statement of rebuild) await client.execute(statement);
    await claim("capped");
    await expect(within(ledger, "capped", 1e9)).rejects.toMatchObject({
      code: "ledger_unavailable",
      message: expect.stringContaining("npx ares-react setup"),
    });
    expect((await ledger.find("capped"))?.status).toBe("claimed");
    expect((await ledger.health()).warnings.join()).toContain(
      "lacks the trigger ares_charges_counts. Run npx ares-react setup",
    );

    await ledger.setup();

    expect((await ledger.health()).warnings).toEqual([]);
    expect([
      (await within(ledger, "capped", 199))?.k,
      (await within(ledger, "capped", 200))?.k,
    ]).toEqual(["over", "yes"]);
  });
});

describe("a user who is erased", () => {
  test("leaves no trace", async () => {
    const client = open();
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client), random: () => 1 });
    await ledger.setup();
    await leavesNoTrace(ledger, async () => {
      const tables = ["ares_charges", "ares_charges_spent"].map((table) =>
        client.execute(`SELECT * FROM ${table}`),
      );
      return (await Promise.all(tables)).flatMap(({ rows }) =>
        rows.map((row) => JSON.stringify(row)),
      );
    });
  });

  test("is erased by indexes of the user's rows", async () => {
    const client = open();
    const asked: [string, (string | number | null)[]][] = [];
    const query = fromLibsql(client);
    const ledger = sqlLedger({
      dialect: "sqlite",
      query: (sql, params) => {
        asked.push([sql, params]);
        return query(sql, params);
      },
      random: () => 1,
    });
    await ledger.setup();
    await ledger.claim("row", order({ leaseMs: 0 }));
    asked.length = 0;
    await ledger.erase?.("u", { as: "n", madeBefore: Date.now() + 1_000 });

    for (const [sql, args] of asked) {
      const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
      const scans = rows.map(({ detail }) => String(detail)).filter((each) => /^SCAN/.test(each));
      expect(scans.filter((each) => /ares_charges/.test(each))).toEqual([]);
    }
    expect(asked).toHaveLength(3);
  });
});

describe("a limit on the rows that a user adds", () => {
  test("costs no statement more, and counts by the index of the user's rows", async () => {
    const client = open();
    const asked: [string, (string | number | null)[]][] = [];
    const query = fromLibsql(client);
    const ledger = sqlLedger({
      dialect: "sqlite",
      query: (sql, params) => {
        asked.push([sql, params]);
        return query(sql, params);
      },
      random: () => 1,
    });
    await ledger.setup();
    asked.length = 0;
    const within = (id: string, rows: number) =>
      ledger.claimWithin?.(id, { ...order({ key: id }), most: { rows, windowMs: 60_000 } });

    expect(await within("row", 1)).toEqual({ k: "mine" });
    expect(asked).toHaveLength(1);
    expect(await within("other", 1)).toMatchObject({ k: "over" });

    const [, refused, ...why] = asked;
    const [wait] = why.slice(-1);
    for (const [sql, args] of [refused ?? ["", []], wait ?? ["", []]]) {
      const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
      const details = rows.map(({ detail }) => String(detail));
      expect(details.filter((detail) => /created_at>/.test(detail))).toEqual([
        expect.stringContaining("ares_charges_by_user (user_id=? AND created_at>?)"),
      ]);
      expect(details.filter((detail) => /TEMP B-TREE/.test(detail))).toEqual([]);
    }
    expect(why).toHaveLength(3);
  });

  test("tells a key whose row came with a request of the same instant what stands", async () => {
    const query = fromLibsql(open());
    let meanwhile: (() => Promise<unknown>) | undefined;
    const overtaken: SqlQuery = async (sql, params) => {
      const answer = await query(sql, params);
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      return answer;
    };
    const ledger = sqlLedger({ dialect: "sqlite", query: overtaken, random: () => 1 });
    const quick = sqlLedger({ dialect: "sqlite", query, random: () => 1 });
    await ledger.setup();
    await ledger.claim("first", order({ key: "first" }));
    const most = { rows: 1, windowMs: 60_000 };
    const late = { ...order({ attempt: "b" }), most };

    meanwhile = () => quick.claim("row", order());
    expect(await ledger.claimWithin?.("row", late)).toMatchObject({
      k: "busy",
      row: { attempt: "a" },
    });

    meanwhile = () => quick.claim("elsewhere", order({ key: "k2" }));
    const other = await ledger.claimWithin?.("row 2", { ...late, key: "k2" });
    expect(other).toEqual({ k: "mismatch" });
  });

  test("has no wait to tell where a row has left the window meanwhile", async () => {
    const query = fromLibsql(open());
    const ledger = sqlLedger({
      dialect: "sqlite",
      query: async (sql, params) => {
        if (/AS left_ms/.test(sql)) await query("UPDATE ares_charges SET created_at = 0", []);
        return query(sql, params);
      },
      random: () => 1,
    });
    await ledger.setup();
    await ledger.claim("first", order({ key: "first" }));

    const most = { rows: 1, windowMs: 60_000 };
    expect(await ledger.claimWithin?.("row", { ...order(), most })).toEqual({
      k: "over",
      leftMs: 0,
    });
  });
});

describe("a look-up by key", () => {
  test("reads the key's own index, in a list and in a claim", async () => {
    const client = open();
    const asked: [string, (string | number | null)[]][] = [];
    const query: SqlQuery = (sql, params) => {
      asked.push([sql, params]);
      return fromLibsql(client)(sql, params);
    };
    const ledger = sqlLedger({ dialect: "sqlite", query, random: () => 1 });
    await ledger.setup();
    const looks = [
      () => ledger.list({ userId: "u", key: "k" }),
      () => ledger.claim("row", order()),
    ];

    for (const look of looks) {
      asked.length = 0;
      await look();
      const [[sql = "", args = []] = []] = asked;
      const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
      const plan = rows
        .map(({ detail }) => String(detail))
        .filter((detail) => /user_id=/.test(detail));
      expect(plan).toEqual([
        expect.stringContaining("ares_charges_by_key (user_id=? AND idempotency_key=?)"),
      ]);
    }
  });
});

describe("a list of a user's rows that are not charged", () => {
  test.each(["claimed", "sending", "declined", "unknown"] as const)(
    "reads the index of those rows: %s",
    async (status) => {
      const client = open();
      const asked: [string, (string | number | null)[]][] = [];
      const ledger = sqlLedger({
        dialect: "sqlite",
        query: (sql, params) => {
          asked.push([sql, params]);
          return fromLibsql(client)(sql, params);
        },
      });
      await ledger.setup();
      asked.length = 0;

      await ledger.list({ userId: "u", status });

      const [[sql = "", args = []] = []] = asked;
      const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
      const plan = rows
        .map(({ detail }) => String(detail))
        .filter((detail) => /user_id=/.test(detail));
      expect(plan).toEqual([
        expect.stringContaining("ares_charges_uncharged (user_id=? AND status=?)"),
      ]);
    },
  );
});

describe("health", () => {
  test.each([
    ["PRAGMA synchronous = OFF", "synchronous = OFF"],
    ["PRAGMA journal_mode = OFF", "journal_mode = OFF"],
    ["PRAGMA journal_mode = MEMORY", "journals there"],
    ["PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", "synchronous = NORMAL"],
    ["PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL", "synchronous = NORMAL"],
  ])("warns after %s", async (pragmas, warning) => {
    const client = open();
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
    await ledger.setup();
    for (const pragma of pragmas.split("; ")) await client.execute(pragma);

    const { durable, warnings } = await ledger.health();

    expect(durable).toBe(false);
    expect(warnings.join()).toContain(warning);
  });

  test("warns of a database in memory", async () => {
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(open(":memory:")) });
    await ledger.setup();

    expect((await ledger.health()).warnings.join()).toContain("lives in memory");
  });

  test("is content with a file in WAL mode and with one as it comes", async () => {
    const client = open();
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
    await ledger.setup();
    const asItComes = await ledger.health();
    await client.execute("PRAGMA journal_mode = WAL");

    expect([asItComes, await ledger.health()]).toMatchObject(
      Array(2).fill({ durable: true, warnings: [] }),
    );
  });

  test("fails when the database can't be reached", async () => {
    const ledger = sqlLedger({ dialect: "sqlite", query: () => Promise.reject(new Error("down")) });

    await expect(ledger.health()).rejects.toThrow("down");
  });
});

describe("a store that is not what it should be", () => {
  test("stops the charge instead of being believed", async () => {
    const client = open();
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
    await ledger.setup();
    await ledger.claim("row", order());
    await client.execute("UPDATE ares_charges SET status = 'paid' WHERE id = 'row'");

    const claim = ledger.claim("row", order({ attempt: "b" }));

    await expect(claim).rejects.toThrow();
    await claim.catch((error: unknown) => expect(isAresError(error)).toBe(false));
  });
});

describe("a database that refuses a claim because another came at the same instant", () => {
  async function claimAfter(refusals: number) {
    const query = fromLibsql(open());
    let left = refusals;
    const refusing: SqlQuery = async (sql, params) => {
      if (sql.includes("INSERT INTO") && sql.includes("RETURNING") && left-- > 0)
        throw Object.assign(new Error("could not serialize access"), { code: "40001" });
      return query(sql, params);
    };
    const ledger = sqlLedger({ dialect: "sqlite", query: refusing });
    await sqlLedger({ dialect: "sqlite", query }).setup();
    return ledger.claim("row", order());
  }

  test("is asked again, up to three times", async () => {
    expect(await claimAfter(3)).toEqual({ k: "mine" });
    await expect(claimAfter(4)).rejects.toThrow("could not serialize access");
  });
});
