import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { runDoctor } from "../../../src/cli/doctor/runDoctor";
import {
  type AresServerOptions,
  createAresServer,
  type Finding,
  fromLibsql,
  fromPglite,
  type LedgerHealth,
  memoryLedger,
  sqlLedger,
} from "../../../src/server";
import { json, prices } from "../../server/world";

const durable = (health: Partial<LedgerHealth> = {}) => {
  const ledger = memoryLedger();
  return {
    ...ledger,
    health: async () => ({ durable: true, epoch: 0, now: Date.now(), warnings: [], ...health }),
  };
};
const sqlite = () =>
  sqlLedger({ dialect: "sqlite", query: fromLibsql(createClient({ url: ":memory:" })) });
const reachable = async () => json(401, { error: "Invalid token" });
const forUser = () => ({ userId: "user-1", getAccessToken: async () => null });
const base = {
  clientId: "client-1",
  prices,
  auth: Object.assign(async () => null, { forUser }),
  origins: ["https://app.example"],
  evidence: "balance",
  onEvent: () => {},
} as const;

describe("doctor", () => {
  it("finds nothing to correct in a sound set-up", async () => {
    const { ok, findings, report } = await createAresServer({
      ...base,
      ledger: durable(),
      ares: { fetch: reachable },
    }).doctor();

    expect(ok).toBe(true);
    expect(findings.every(({ status }) => status === "ok")).toBe(true);
    expect(report).toContain("No errors.");
  });

  it.each([
    ["a ledger in memory", { ledger: memoryLedger() }, "ledger"],
    [
      "a ledger that can't be reached",
      { ledger: { ...memoryLedger(), health: () => Promise.reject(new Error("down")) } },
      "ledger",
    ],
    [
      "a ledger whose clock is ahead",
      { ledger: durable({ now: Date.now() + 3_600_000 }) },
      "clock",
    ],
    [
      "a ledger whose clock is behind",
      { ledger: durable({ now: Date.now() - 3_600_000 }) },
      "clock",
    ],
    ["a ledger that is not durable", { ledger: durable({ durable: false }) }, "ledger"],
    ["a ledger without its table", { ledger: sqlite() }, "ledger"],
    ["no prices", { prices: {} }, "prices"],
    ["an origin without https", { origins: ["http://app.example"] }, "origins"],
    [
      "ARES out of reach",
      { ares: { fetch: () => Promise.reject(new TypeError("fetch failed")) } },
      "ARES",
    ],
  ])("calls %s an error", async (_, options, name) => {
    const { ok, findings } = await createAresServer({
      ...base,
      ledger: durable(),
      ares: { fetch: reachable },
      ...options,
    }).doctor();

    expect(ok).toBe(false);
    expect(
      findings.filter(({ status }) => status === "error").map((finding) => finding.name),
    ).toEqual([name]);
  });

  it.each([
    [
      "a ledger that does not tell its settings",
      { ledger: durable({ durable: undefined }) },
      "ledger",
      "does not tell",
    ],
    [
      "what the ledger warns of",
      { ledger: durable({ warnings: ["Set it to on."] }) },
      "ledger",
      "Set it to on.",
    ],
    [
      "a clock that is seconds off",
      { ledger: durable({ now: Date.now() + 10_000 }) },
      "clock",
      "s apart",
    ],
    ["no origins", { origins: [] }, "origins", "none set"],
    ["no listener for events", { onEvent: undefined }, "events", "Pass onEvent"],
    ["no balance before a charge", { evidence: undefined }, "evidence", "reconcile can't judge"],
    ["no evidence at all", { evidence: "none" }, "evidence", "reconcile can't judge"],
    ["a sign-in that reaches no user later", { auth: async () => null }, "forUser", "no forUser()"],
    [
      "an ARES that answers oddly",
      { ares: { fetch: async () => json(500, {}) } },
      "ARES",
      "answered 500",
    ],
  ] as const)("warns of %s", async (_, changes, name, words) => {
    const options = {
      ...base,
      ledger: durable(),
      ares: { fetch: reachable },
      ...changes,
    } as AresServerOptions;
    const { ok, findings } = await createAresServer(options).doctor();

    expect(ok).toBe(true);
    expect(findings.filter(({ status }) => status === "warning")).toEqual([
      { name, status: "warning", message: expect.stringContaining(words) },
    ]);
  });

  it("says what to run when the ledger's table is missing or is not ours", async () => {
    for (const [former, status] of [
      [[], "error"],
      [
        [
          "CREATE TABLE ares_charges (id text, created_at bigint)",
          "INSERT INTO ares_charges VALUES ('epoch', 1)",
        ],
        "error",
      ],
      [[...sqlite().schema, "DROP INDEX ares_charges_by_key"], "warning"],
    ] as const) {
      const client = createClient({ url: ":memory:" });
      for (const statement of former) await client.execute(statement);
      const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });

      const { findings } = await createAresServer({
        ...base,
        ledger,
        ares: { fetch: reachable },
      }).doctor();

      expect(findings).toContainEqual({
        name: "ledger",
        status,
        message: expect.stringContaining("Run npx ares-react setup"),
      });
    }
  });
});

/** One database in WebAssembly for all tests, and emptied for each: to start one takes seconds. */
let started: Promise<PGlite> | undefined;
async function emptyPglite() {
  started ??= PGlite.create();
  const database = await started;
  await database.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  return fromPglite(database);
}

describe.each([
  ["sqlite", async () => fromLibsql(createClient({ url: ":memory:" }))],
  ["postgres", emptyPglite],
] as const)("doctor, of a table in %s", (dialect, connect) => {
  async function found(change: string): Promise<Finding[]> {
    const query = await connect();
    const ledger = sqlLedger({ dialect, query });
    await ledger.setup();
    await query(change, []);
    return (await createAresServer({ ...base, ledger, ares: { fetch: reachable } }).doctor())
      .findings;
  }

  it.each<[string, string, Finding["status"], string[]]>([
    [
      "a table",
      "DROP TABLE ares_charges",
      "error",
      ["The table ares_charges is missing", "Run npx ares-react setup"],
    ],
    [
      "a column",
      "ALTER TABLE ares_charges DROP COLUMN redeem_token",
      "error",
      ["lacks the column redeem_token", "as ledger.schema"],
    ],
    [
      "an index",
      "DROP INDEX ares_charges_by_key",
      "warning",
      ["lacks the index ares_charges_by_key", "Run npx ares-react setup"],
    ],
  ])("names %s that is missing, and says what to do", async (_, change, status, words) => {
    const messages = (await found(change))
      .filter((each) => each.status === status)
      .map(({ message }) => message);

    for (const word of words) expect(messages.join()).toContain(word);
  });
});

describe("ares-react doctor", () => {
  function file(text: string): string {
    const path = join(mkdtempSync(join(tmpdir(), "ares-doctor-")), "ares.mjs");
    writeFileSync(path, text);
    return path;
  }
  async function run(...args: string[]) {
    const lines: string[] = [];
    return { code: await runDoctor(args, (line) => lines.push(line)), text: lines.join("\n") };
  }

  it("prints the report of a module's `ares` and exits 0, or 1 with errors", async () => {
    expect(
      await run(
        "doctor",
        file(`export const ares = { doctor: async () => ({ ok: true, report: "fine" }) }`),
      ),
    ).toEqual({
      code: 0,
      text: "fine",
    });
    expect(
      await run(
        "doctor",
        file(`export default { ares: { doctor: async () => ({ ok: false, report: "ill" }) } }`),
      ),
    ).toEqual({
      code: 1,
      text: "ill",
    });
  });

  it("exits 2 when it can't look, and says why", async () => {
    expect((await run()).text).toContain("Usage");
    expect(await run("doctor", "./missing.mjs")).toMatchObject({ code: 2 });
    expect(await run("doctor", file("export const other = 1"))).toMatchObject({
      code: 2,
      text: expect.stringContaining("exports no `ares`"),
    });
  });
});
