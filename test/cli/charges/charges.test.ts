import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { afterEach, describe, expect, it } from "vitest";
import { runCharges } from "../../../src/cli/charges/runCharges";
import { fromLibsql, memoryLedger, sqlLedger } from "../../../src/server";
import { json, world } from "../../server/world";

const folders: string[] = [];
const shared: { aresOfTest?: object; crypto?: unknown } = globalThis;
afterEach(() => {
  delete shared.aresOfTest;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An app on SQLite with one charge that is paid, one that is unknown, and one that was declined, and its operator. */
async function desk(options: Parameters<typeof world>[0] = {}) {
  const query = fromLibsql(createClient({ url: ":memory:" }));
  const app = world({
    ledger: sqlLedger({ dialect: "sqlite", query, skewMs: 0 }),
    now: Date.now,
    ...options,
  });
  await app.server.setup();
  const press = async (body: object, ...answers: Parameters<typeof app.ares.next>) => {
    app.ares.next(...answers);
    const key = `${Date.now() + 1_000}-${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
    await app.post(body, { "Idempotency-Key": key });
    return key;
  };
  const paidKey = await press({ usage: "export-pdf" });
  await press({ usage: "report", resource: "r-1" }, () => json(500, {}));
  await press({ usage: "image" }, () => json(402, { error: "Insufficient credits" }));
  const [unknown] = await app.ledger.list({ status: "unknown" });
  const [paid] = await app.ledger.list({ status: "charged" });

  const folder = mkdtempSync(join(tmpdir(), "ares-charges-"));
  folders.push(folder);
  writeFileSync(join(folder, "ares.mjs"), "export const ares = globalThis.aresOfTest;\n");
  shared.aresOfTest = app.server;
  const asked: string[] = [];

  async function run(words: string, answer?: boolean, ...more: string[]) {
    const [out, beside]: [string[], string[]] = [[], []];
    const code = await runCharges([...words.split(" "), ...more], {
      folder,
      print: (line) => out.push(line),
      tell: (line) => beside.push(line),
      async confirm(question) {
        asked.push(question);
        return answer;
      },
    });
    return { code, out, beside: beside.join("\n") };
  }
  /** Lets two days pass over every charge. */
  const age = () =>
    query("UPDATE ares_charges SET created_at = created_at - 172800000 WHERE id <> 'epoch'", []);
  const statusOf = async (id: string) => (await app.ledger.find(id))?.status;
  return {
    ...app,
    run,
    asked,
    age,
    statusOf,
    paidKey,
    paid: paid?.id ?? "",
    unknown: unknown?.id ?? "",
  };
}

describe("ares-react charges", () => {
  it("says which book it opened before anything else", async () => {
    const { run } = await desk();
    const { beside } = await run("list");
    expect(beside).toMatch(/^Book: sqlite, table ares_charges; remembers since \d{4}-/);
  });

  it("says where the book stands and about how many rows it holds, where the store tells", async () => {
    const place = async () => ({ host: "database shop at 10.0.0.5:5432", rows: 12_345 });
    const store = { engine: "postgres", name: "table ares_charges", place };
    const { run } = await desk();
    const opened = world({ ledger: { ...memoryLedger(), store } });
    shared.aresOfTest = opened.server;

    expect((await run("list")).beside).toMatch(
      /^Book: postgres, database shop at 10\.0\.0\.5:5432, table ares_charges; about 12345 rows; remembers since/,
    );
  });

  it("lists charges, newest first, all or by what they have in common", async () => {
    const { run, unknown } = await desk();

    const all = await run("list");
    expect(all.code).toBe(0);
    expect(all.out.map((line) => line.split("  ")[1])).toEqual(["declined", "unknown", "charged"]);
    const open = await run("list --unknown --json");
    expect(open.out.map((line) => JSON.parse(line).id)).toEqual([unknown]);
    expect((await run("list --usage image --user user-1")).out).toHaveLength(1);
    expect((await run("list --user somebody-else")).out).toEqual([]);
    expect((await run("list --since 2999-01-01")).out).toEqual([]);
    const some = await run("list --limit 1");
    expect([some.out.length, some.beside]).toEqual([1, expect.stringContaining("There are more")]);
  });

  it("exports every charge as a line of JSON", async () => {
    const { run } = await desk();
    const { out } = await run("export ares.mjs");
    expect(out.map((line) => JSON.parse(line).usage)).toEqual(["image", "report", "export-pdf"]);
  });

  it("shows what a row holds, what its key gets, and what can be done", async () => {
    const { run, unknown, paid, paidKey } = await desk();

    const open = (await run(`show ${unknown}`)).out.join("\n");
    expect(open).toMatch(/status +unknown[\s\S]*price +3 credits[\s\S]*ARES's status +500/);
    expect(open).toMatch(/its key gets +409 outcome_unknown[\s\S]*you can +look it up in ARES/);
    const byKey = await run(`show --key ${paidKey} --user user-1 --json`);
    expect(JSON.parse(byKey.out[0] ?? "").id).toBe(paid);
    expect((await run(`show ares.mjs ${paid}`)).out.join()).toContain("ARES offers no refund");
    expect(await run("show nothing")).toMatchObject({ code: 1, out: [] });
  });

  it("finds the charge of a key that has a second row, which stays a claim", async () => {
    const { run, ledger, paid, paidKey } = await desk();
    const row = await ledger.find(paid);
    const list = ledger.list.bind(ledger);
    ledger.list = async (filter) => {
      const rows = await list(filter);
      const claim = row && { ...row, id: "second", status: "claimed" as const };
      return filter.key && claim ? [claim, ...rows].slice(0, filter.limit) : rows;
    };
    const { out } = await run(`show --key ${paidKey} --user user-1 --json`);
    expect(JSON.parse(out[0] ?? "").id).toBe(paid);
  });

  it("says of a key that it is no charge id, so that nobody takes it for a charge that was never sent", async () => {
    const { run, paidKey } = await desk();
    for (const words of [`show ${paidKey}`, `resolve ${paidKey} --to charged --note why`])
      expect(await run(words, true)).toMatchObject({
        code: 1,
        beside: expect.stringContaining(`charges show --key ${paidKey} --user <user id>`),
      });

    const { beside } = await run("show nothing");
    expect(beside).toContain("There is no such charge");
    expect(beside).not.toContain("--key");
  });

  it.each(["-", "--"])("takes a charge id that begins with %s for an id", async (dashes) => {
    const { run } = await desk();
    const id = dashes.padEnd(43, "x");
    for (const words of [
      `show ${id}`,
      `show ares.mjs ${id} --json`,
      `resolve ${id} --to charged --note why`,
      `release ${id} --note why`,
    ])
      expect(await run(words)).toMatchObject({
        code: 1,
        beside: expect.stringContaining("There is no such charge"),
      });
  });

  it("prints nothing of a user's that a terminal would act on, and no second line", async () => {
    const { run, post, session } = await desk();
    const userId = "ada\u001b[2J\u009b2J\r\nforged";
    const resource = "r\u202e\u2028forged";
    session.auth = { userId, getAccessToken: async () => "canary-token" };
    const key = `${Date.now() + 2_000}-abcdefghijklmnop`;
    await post({ usage: "report", resource }, { "Idempotency-Key": key });

    const exported = (await run("export", undefined, "--user", userId)).out;
    const listed = (await run("list", undefined, "--user", userId)).out;
    const shown = (await run(`show ${JSON.parse(exported[0] ?? "").id}`)).out.join().split("\n");

    expect(JSON.parse(exported[0] ?? "")).toMatchObject({ userId, resource });
    expect(listed[0]).toContain("ada\\u001b[2J\\u009b2J\\u000d\\u000aforged");
    expect([exported.length, listed.length, shown.length]).toEqual([1, 1, 10]);
    const dangerous = /[\p{Cc}\u2028\u202e]/u;
    expect([...exported, ...listed, ...shown].filter((line) => dangerous.test(line))).toEqual([]);
  });

  it("tells no token and no e-mail", async () => {
    const { run, unknown } = await desk({ evidence: "balance" });
    const { out } = await run(`show ${unknown}`);
    const all = [...out, ...(await run("export")).out].join("\n");
    expect(all).toContain("balance before");
    expect(all).not.toContain("canary");
  });

  it.each([
    ["charged", "charged", "will count as paid"],
    ["not_charged", "declined", "will count as not charged"],
  ])("resolves as %s after a question that says what it means", async (to, status, words) => {
    const { run, unknown, asked, statusOf, ledger } = await desk();

    const { code } = await run(`resolve ${unknown} --to ${to} --note`, true, "found in the books");

    expect(code).toBe(0);
    expect(asked[0]).toMatch(/^3 credits of user user-1 for report/);
    expect(asked[0]).toContain(words);
    expect(await statusOf(unknown)).toBe(status);
    expect((await ledger.find(unknown))?.outcome.note).toBe("found in the books");
  });

  it("changes nothing after a no, and where nobody answers without --yes", async () => {
    const { run, unknown, statusOf } = await desk();
    const words = `resolve ${unknown} --to charged --note why`;

    expect((await run(words, false)).code).toBe(1);
    const silent = await run(words);
    expect([silent.code, silent.beside]).toEqual([1, expect.stringContaining("pass --yes")]);
    expect(await statusOf(unknown)).toBe("unknown");
    expect((await run(`${words} --yes`)).code).toBe(0);
    expect(await statusOf(unknown)).toBe("charged");
  });

  it("resolves only what is unknown", async () => {
    const { run, paid, asked } = await desk();
    const { code, beside } = await run(`resolve ${paid} --to not_charged --note why`, true);
    expect([code, beside]).toEqual([1, expect.stringContaining("This charge is charged")]);
    expect(asked).toEqual([]);
  });

  it("gives the uses of a charge back", async () => {
    const { run, paid, ledger, asked } = await desk();
    const words = `release ${paid} --note`;
    expect((await run(words, true, "the export failed")).code).toBe(1);
    await ledger.redeem(paid, { by: "work-1", uses: 1 });

    expect((await run(words, true, "the export failed")).code).toBe(0);
    expect(asked[0]).toContain("No credits move");
    expect((await ledger.find(paid))?.redeemedBy).toEqual([]);
    expect((await run(`show ${paid}`)).out[0]).toMatch(/^given back +the export failed$/m);
  });

  it("erases a user after a question that says what it means", async () => {
    const { run, asked, ledger, unknown, age } = await desk();
    expect((await run("erase user-1", false)).code).toBe(1);
    expect(asked[0]).toMatch(/^Up to 3 charge\(s\) of user user-1 .* it is sold again/);
    expect(await ledger.list({ userId: "user-1" })).toHaveLength(3);
    expect((await run("erase user-1")).beside).toContain("pass --yes");

    const young = await run("erase ares.mjs user-1 --yes --json");
    expect([young.code, JSON.parse(young.out[0] ?? "")]).toEqual([
      1,
      { moved: 0, stay: 3, open: 1, until: expect.any(Number), tokens: false },
    ]);

    await age();
    await ledger.resolve(unknown, { to: "declined", note: "not in the books" });
    const old = await run("erase user-1", true);
    expect([old.code, old.out.join()]).toEqual([
      0,
      expect.stringContaining("3 charge(s) moved, 0 stay"),
    ]);
    expect(await ledger.list({ userId: "user-1" })).toEqual([]);
  });

  it("proposes verdicts, and stores none without --apply", async () => {
    const { run, unknown, statusOf } = await desk();
    const { out, code } = await run("reconcile");
    expect(out.join()).toContain(unknown);
    expect(out.join()).toContain("undecided");
    expect(code).toBe(1);
    expect(await statusOf(unknown)).toBe("unknown");
  });

  describe("reconcile --apply", () => {
    async function withReconcile() {
      const app = await desk();
      const calls: unknown[] = [];
      shared.aresOfTest = {
        ...app.server,
        reconcile: async (options: unknown) => {
          calls.push(options);
          return [];
        },
      };
      return { ...app, calls };
    }

    it("asks first, by the credits and the users, and says what the verdicts mean", async () => {
      const { run, asked, calls } = await withReconcile();

      expect((await run("reconcile --apply", true)).code).toBe(0);
      expect(asked).toEqual([
        expect.stringMatching(/^1 unconfirmed charge\(s\), 3 credits of 1 user\(s\).*not charged/),
      ]);
      expect(calls).toEqual([{ limit: 50, apply: true }]);
    });

    it("stores nothing after a no, and where nobody answers without --yes", async () => {
      const { run, calls } = await withReconcile();

      expect((await run("reconcile --apply", false)).code).toBe(1);
      expect(await run("reconcile --apply")).toMatchObject({
        code: 1,
        beside: expect.stringContaining("pass --yes"),
      });
      expect(calls).toEqual([]);
      expect((await run("reconcile --apply --yes")).code).toBe(0);
      expect(calls).toHaveLength(1);
    });

    it("asks nothing where no charge is unconfirmed", async () => {
      const { run, asked, calls, unknown, server } = await withReconcile();
      await server.charges.resolve(unknown, "charged", "found");

      expect((await run("reconcile --apply")).code).toBe(0);
      expect([asked.length, calls.length]).toEqual([0, 1]);
    });
  });

  it.each([
    ["of a pretend ARES", { pretend: true }, "is pretend"],
    ["in memory", { ledger: memoryLedger({ name: "desk" }) }, "in the memory of this command"],
  ])("refuses a book %s", async (_, options, words) => {
    const { run } = await desk(options);
    const { code, beside, out } = await run("list");
    expect([code, out]).toEqual([2, []]);
    expect(beside).toContain(words);
  });

  it("says that the book can't be opened where its engine does not answer", async () => {
    const { run, server } = await desk();
    shared.aresOfTest = {
      ...server,
      charges: { ...server.charges, book: () => Promise.reject(new Error("connect ECONNREFUSED")) },
    };
    expect(await run("list")).toMatchObject({
      code: 2,
      beside: expect.stringContaining("connect ECONNREFUSED"),
    });
  });

  it("reads no .env file but the one that is named", async () => {
    const { run } = await desk();
    expect(await run("list --env-file nowhere.env")).toMatchObject({
      code: 2,
      beside: expect.stringContaining("nowhere.env can't be read"),
    });
  });

  it("says which variables of a named file are set already, and so not read", async () => {
    const { run } = await desk();
    const file = join(folders.at(-1) ?? "", "live.env");
    writeFileSync(file, "ARES_TEST_BOOK=postgres://live\nARES_TEST_NEW=1\n");
    process.env.ARES_TEST_BOOK = "postgres://staging";
    try {
      const { beside } = await run(`list --env-file ${file}`);
      expect(beside).toContain("ARES_TEST_BOOK");
      expect(beside).not.toMatch(/ARES_TEST_NEW|staging|live(?!\.env)/);
    } finally {
      delete process.env.ARES_TEST_BOOK;
      delete process.env.ARES_TEST_NEW;
    }
  });

  it.each([
    "",
    "nothing",
    "show",
    "resolve",
    "resolve id",
    "resolve id --to charged",
    "resolve id --to perhaps --note why",
    "release id",
    "show --key k",
    "list --since yesterday",
    "list --limit 0",
    "list --limit 1.5",
    "list ares.mjs unknown",
    "show ares.mjs --key k --user user-1 id",
    "list --nope",
    "erase",
    "erase a.mjs b.mjs user-1",
  ])("refuses %j, and says how to call it", async (words) => {
    const { run } = await desk();
    expect(await run(words)).toMatchObject({
      code: 2,
      beside: expect.stringContaining("Usage: ares-react charges list"),
    });
  });
});
