import { createClient } from "@libsql/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createAresServer,
  fromLibsql,
  memoryLedger,
  type SqlQuery,
  sqlLedger,
} from "../../../src/server";
import { world } from "../world";

const order = {
  attempt: "a",
  key: "k",
  fingerprint: "f",
  userId: "u",
  usage: "export-pdf",
  resource: null,
  hundredths: 100,
};
const claim = { ...order, mintedAt: Date.now() + 60_000, leaseMs: 60_000, retainMs: 600_000 };

/** A database without tables, and what it is asked. */
function empty() {
  const query = fromLibsql(createClient({ url: ":memory:" }));
  const asked: string[] = [];
  const counted: SqlQuery = (sql, params) => {
    asked.push(sql);
    return query(sql, params);
  };
  return { query: counted, asked };
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("a ledger without tables, in development", () => {
  it("sets itself up before its first verb, once", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const { query, asked } = empty();
    const ledger = sqlLedger({ dialect: "sqlite", query, random: () => 1 });

    expect(await Promise.all([ledger.find("row"), ledger.list({})])).toEqual([null, []]);
    expect((await ledger.claim("row", claim)).k).toBe("mine");

    expect(asked.filter((sql) => sql.startsWith("CREATE TABLE"))).toHaveLength(2);
  });

  it("tries again at the next verb where its database was not there", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const { query } = empty();
    let isDown = true;
    const ledger = sqlLedger({
      dialect: "sqlite",
      query: (sql, params) => (isDown ? Promise.reject(new Error("down")) : query(sql, params)),
    });
    await expect(ledger.find("row")).rejects.toThrow("down");

    isDown = false;

    expect(await ledger.find("row")).toBeNull();
  });

  it("is not set up by health(): the doctor may look at any database", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const { query, asked } = empty();

    await expect(sqlLedger({ dialect: "sqlite", query }).health()).rejects.toThrow(
      "The table ares_charges is missing",
    );
    expect(asked.filter((sql) => sql.startsWith("CREATE"))).toEqual([]);
  });
});

describe.each(["production", "test", undefined])(
  "a ledger without tables, where NODE_ENV is %s",
  (mode) => {
    it("creates nothing, and the printed error names the table and the command", async () => {
      vi.stubEnv("NODE_ENV", mode);
      const printed = vi.spyOn(console, "error").mockImplementation(() => {});
      const { query, asked } = empty();
      const { post, ares } = world({ ledger: sqlLedger({ dialect: "sqlite", query }) });

      const refused = await post({ usage: "report", resource: "r-1" });

      expect(await refused.json()).toMatchObject({ code: "ledger_unavailable" });
      expect(printed.mock.calls.flat()).toEqual([
        "ARES: AresError: ARES: The table ares_charges is missing. Run npx ares-react setup <your module that exports ares>, or the statements of ledger.schema.",
      ]);
      expect([asked.filter((sql) => sql.startsWith("CREATE")), ares.posts()]).toEqual([[], 0]);
    });
  },
);

describe("the words for a table that is not what it should be", () => {
  it.each([
    [
      "sqlite",
      "SQLITE_ERROR: no such table: main.ares_charges_spent",
      "The table ares_charges_spent is missing.",
    ],
    ["sqlite", "D1_ERROR: no such table: ares_charges", "The table ares_charges is missing."],
    ["sqlite", "no such column: uncharged_ms", "The table ares_charges lacks a column"],
    [
      "postgres",
      'relation "shop.ares_charges" does not exist',
      "The table shop.ares_charges is missing.",
    ],
    [
      "postgres",
      'column "uncharged_ms" of relation "ares_charges" does not exist',
      "The table ares_charges lacks a column",
    ],
  ] as const)("of %s: %s", async (dialect, said, words) => {
    const ledger = sqlLedger({ dialect, query: () => Promise.reject(new Error(said)) });

    await expect(ledger.find("row")).rejects.toMatchObject({
      code: "ledger_unavailable",
      message: expect.stringContaining(words),
    });
  });

  it("are not said of any other failure", async () => {
    const ledger = sqlLedger({
      dialect: "postgres",
      query: () => Promise.reject(new Error('role "app" does not exist')),
    });

    await expect(ledger.find("row")).rejects.toThrow(new Error('role "app" does not exist'));
  });
});

describe("ares.setup", () => {
  const base = { clientId: "client-1", prices: { "export-pdf": 1 }, auth: async () => null };

  it("sets the ledger up, any number of times", async () => {
    const { query } = empty();
    const ledger = sqlLedger({ dialect: "sqlite", query });
    const ares = createAresServer({ ...base, ledger });

    for (let n = 0; n < 3; n++) await ares.setup();

    expect(await ledger.find("row")).toBeNull();
  });

  it("has nothing to do for a ledger that needs no set-up, and says when it fails", async () => {
    await expect(
      createAresServer({ ...base, ledger: memoryLedger() }).setup(),
    ).resolves.toBeUndefined();
    const broken = {
      ...memoryLedger(),
      setup: () => Promise.reject(new Error("permission denied")),
    };
    await expect(createAresServer({ ...base, ledger: broken }).setup()).rejects.toMatchObject({
      code: "ledger_unavailable",
    });
  });
});
