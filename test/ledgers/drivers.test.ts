import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { describe, expect, test } from "vitest";
import {
  fromBetterSqlite3,
  fromD1,
  fromLibsql,
  fromNodeSqlite,
  fromUpstash,
  redisLedger,
  type SqlQuery,
  sqlLedger,
} from "../../src/server";

const claim = {
  attempt: "a",
  key: "k",
  fingerprint: "f",
  userId: "007",
  usage: "export-pdf",
  resource: "1e5",
  hundredths: 100,
  leaseMs: 60_000,
  retainMs: Number.POSITIVE_INFINITY,
};

async function walk(query: SqlQuery) {
  const ledger = sqlLedger({ dialect: "sqlite", query });
  await ledger.setup();
  const { epoch, warnings } = await ledger.health();
  const answers = [
    await ledger.claim("row", { ...claim, mintedAt: epoch + 60_000 }),
    await ledger.begin("row", { attempt: "a", leaseMs: 1000 }),
    await ledger.settle("row", { attempt: "a", to: "charged", outcome: { balanceAfter: 5 } }),
    await ledger.redeem("row", { by: "me" }),
  ];
  return { answers, row: await ledger.find("row"), warnings };
}

const walked = {
  answers: [{ k: "mine" }, true, true, "ok"],
  row: {
    status: "charged",
    userId: "007",
    resource: "1e5",
    outcome: { balanceAfter: 5 },
    redeemedBy: ["me"],
  },
};

describe("a charge walks through", () => {
  test("libSQL that gives integers as bigints, and as text", async () => {
    for (const intMode of ["bigint", "string"] as const) {
      expect(await walk(fromLibsql(createClient({ url: ":memory:", intMode })))).toMatchObject(
        walked,
      );
    }
  });

  test("the interface of better-sqlite3, as libSQL's own binding offers it", async () => {
    const Database: new (path: string) => Parameters<typeof fromBetterSqlite3>[0] = createRequire(
      import.meta.url,
    )("libsql");

    expect(await walk(fromBetterSqlite3(new Database(":memory:")))).toMatchObject(walked);
  });

  /** Opens a file through the driver itself, and through its connector. */
  type OpenFile = (path: string) => {
    raw: (sql: string) => readonly unknown[] | Promise<readonly unknown[]>;
    query: SqlQuery;
    close(): void;
  };
  type Closing = { close(): void };

  const byLibsqlClient: OpenFile = (path) => {
    const client = createClient({ url: `file:${path}` });
    return {
      raw: async (sql) => (await client.execute(sql)).rows,
      query: fromLibsql(client),
      close: () => client.close(),
    };
  };
  const byBetterSqlite3: OpenFile = (path) => {
    const Database: new (path: string) => Parameters<typeof fromBetterSqlite3>[0] & Closing =
      createRequire(import.meta.url)("libsql");
    const db = new Database(path);
    return {
      raw: (sql) => db.prepare(sql).all(),
      query: fromBetterSqlite3(db),
      close: () => db.close(),
    };
  };
  const byNodeSqlite: OpenFile = (path) => {
    const { DatabaseSync } = createRequire(import.meta.url)("node:sqlite");
    const db: Parameters<typeof fromNodeSqlite>[0] & Closing = new DatabaseSync(path);
    return {
      raw: (sql) => db.prepare(sql).all(),
      query: fromNodeSqlite(db),
      close: () => db.close(),
    };
  };

  async function getsWalAndFull(open: OpenFile) {
    const directory = mkdtempSync(join(tmpdir(), "ares-wal-"));
    const { raw, query, close } = open(join(directory, "ledger.db"));
    const setting = async (name: string) =>
      Object.values((await raw(`PRAGMA ${name}`))[0] ?? {})[0];
    try {
      // No driver begins with these, so only the connector can set others.
      await raw("PRAGMA synchronous = OFF");
      expect([await setting("journal_mode"), await setting("synchronous")]).toEqual(["delete", 0]);

      await query("SELECT 1 AS one", []);

      expect([await setting("journal_mode"), await setting("synchronous")]).toEqual(["wal", 2]);
      await raw("PRAGMA synchronous = NORMAL");
      const ledger = sqlLedger({ dialect: "sqlite", query });
      await ledger.setup();
      expect(await ledger.health()).toMatchObject({ durable: false });
    } finally {
      close();
      rmSync(directory, { recursive: true, force: true });
    }
  }

  const hasNodeSqlite = Number(process.versions.node.split(".")[0]) >= 22;
  const without = hasNodeSqlite ? "" : " — SKIPPED, this Node has none";
  test("a write of @libsql/client to a file is there for every server, or it fails, also after the file was busy", async () => {
    const directory = mkdtempSync(join(tmpdir(), "ares-busy-"));
    const open = () => createClient({ url: `file:${join(directory, "ares.db")}`, timeout: 50 });
    const [holder, client, other] = [open(), open(), open()];
    const write = fromLibsql(client);
    try {
      await write("CREATE TABLE seen (id integer)", []);
      const lock = await holder.transaction("write");
      await lock.execute("INSERT INTO seen VALUES (1)");
      const insert = () => write("INSERT INTO seen VALUES (2) RETURNING id", []);
      await expect(insert()).rejects.toThrow("SQLITE_BUSY");
      await lock.rollback();

      expect((await insert()).rows).toHaveLength(1);
      expect((await other.execute("SELECT id FROM seen")).rows).toHaveLength(1);
      await other.execute("INSERT INTO seen VALUES (3)");
    } finally {
      for (const each of [holder, client, other]) each.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  describe("a file gets WAL and FULL on its own connection before the first statement", () => {
    test("through @libsql/client", () => getsWalAndFull(byLibsqlClient));
    test("through the interface of better-sqlite3", () => getsWalAndFull(byBetterSqlite3));
    test.skipIf(!hasNodeSqlite)(`through node:sqlite${without}`, () =>
      getsWalAndFull(byNodeSqlite),
    );
  });

  test("a further connection of libSQL's pool has WAL from the file, and FULL as libSQL begins", async () => {
    const directory = mkdtempSync(join(tmpdir(), "ares-wal-"));
    const client = createClient({ url: `file:${join(directory, "ledger.db")}` });
    try {
      const query = fromLibsql(client);
      await query("SELECT 1 AS one", []);
      // A transaction holds the first connection.
      const held = await client.transaction("deferred");
      await held.execute("PRAGMA cache_size = 77");
      const read = async (name: string) =>
        Object.values((await query(`PRAGMA ${name}`, [])).rows[0] ?? {})[0];

      expect([await read("journal_mode"), await read("synchronous")]).toEqual(["wal", 2]);
      expect(await read("cache_size")).not.toBe(77);
      held.close();
    } finally {
      client.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test.skipIf(!hasNodeSqlite)(`node:sqlite${without}`, async () => {
    const { DatabaseSync } = createRequire(import.meta.url)("node:sqlite");

    expect(await walk(fromNodeSqlite(new DatabaseSync(":memory:")))).toMatchObject(walked);
  });

  test("the interface of D1, which binds before it runs and refuses PRAGMA, and is given no setting", async () => {
    const client = createClient({ url: ":memory:" });
    const asked: string[] = [];
    const statement = (
      sql: string,
      args: (string | number | null)[],
    ): ReturnType<Parameters<typeof fromD1>[0]["prepare"]> => ({
      bind: (...values) => statement(sql, values),
      async all() {
        asked.push(sql);
        if (sql.startsWith("PRAGMA")) throw new Error("D1_ERROR: not authorized");
        return { results: (await client.execute({ sql, args })).rows };
      },
    });

    const result = await walk(fromD1({ prepare: (sql) => statement(sql, []) }));

    expect(result).toMatchObject(walked);
    expect(result.warnings.join()).toContain("does not tell its settings");
    expect(asked.filter((sql) => sql.startsWith("PRAGMA"))).toEqual(["PRAGMA synchronous"]);
  });
});

describe("a connection to Redis", () => {
  test("Upstash's answers are text that its client does not take for JSON", async () => {
    const asked: string[] = [];
    const upstash = {
      evalsha: async () => Promise.reject(new Error("NOSCRIPT No matching script.")),
      async eval(script: string) {
        asked.push(script);
        return "epoch 1790000000000 1790000000001";
      },
    };

    const { epoch, now, durable, warnings } = await redisLedger(fromUpstash(upstash)).health();

    expect([epoch, now, durable, asked.length]).toEqual([
      1_790_000_000_000,
      1_790_000_000_001,
      undefined,
      1,
    ]);
    expect(warnings.join()).toContain("does not tell its settings");
  });

  test("any other failure than an unknown script is not repeated", async () => {
    const upstash = {
      evalsha: async () => Promise.reject(new Error("ECONNRESET")),
      eval: async () => Promise.reject(new Error("must not be asked")),
    };

    await expect(redisLedger(fromUpstash(upstash)).find("row")).rejects.toThrow("ECONNRESET");
  });

  test("wait needs a connection that can send commands", () => {
    const refused = () => redisLedger({ eval: async () => "", wait: { replicas: 1 } });

    expect(refused).toThrow(
      expect.objectContaining({ name: "AresError", code: "invalid_request" }),
    );
  });
});
