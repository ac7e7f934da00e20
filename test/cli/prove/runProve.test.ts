import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { afterEach, describe, expect, it } from "vitest";
import { endingOf, runProve } from "../../../src/cli/prove/runProve";
import type { Verdict } from "../../../src/cli/prove/runTrial";
import { linesOf } from "../../../src/cli/prove/words";
import { quoted } from "../../../src/contract";
import { fromLibsql, memoryLedger, sqlLedger } from "../../../src/server";
import { pretend } from "../../../src/testing";

const shared: { optionsOfTest?: object; crypto?: unknown } = globalThis;
const folders: string[] = [];
afterEach(() => {
  delete shared.optionsOfTest;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An app's book on SQLite, and every statement that it got. */
function open() {
  const asked: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "ares-prove-"));
  folders.push(folder);
  const query = fromLibsql(createClient({ url: `file:${join(folder, "own.sqlite")}` }));
  const heard: typeof query = (sql, values) => {
    asked.push(sql);
    return query(sql, values);
  };
  return { ledger: sqlLedger({ dialect: "sqlite", query: heard }), asked };
}

async function run(options: object | undefined, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "ares-prove-"));
  folders.push(folder);
  const text = options ? "export const aresOptions = globalThis.optionsOfTest;" : "export {};";
  writeFileSync(join(folder, "ares.mjs"), text);
  writeFileSync(join(folder, "ends-at-once.mjs"), "");
  shared.optionsOfTest = { clientId: "app", prices: { pdf: 1 }, auth: () => null, ...options };
  const [out, beside]: [string[], string[]] = [[], []];
  const code = await runProve(args, {
    folder,
    print: (line) => out.push(line),
    tell: (line) => beside.push(line),
    part: { file: join(folder, "ends-at-once.mjs") },
    signal: new AbortController().signal,
  });
  return { code, out, beside: beside.join("\n") };
}

describe("ares-react prove", () => {
  it.each([["--seconds", "0"], ["--seconds", "soon"], ["ares.mjs", "other"], ["--nope"]])(
    "refuses %j, and says how to call it",
    async (...args) => {
      expect(await run({}, ...args)).toMatchObject({
        code: 2,
        beside: expect.stringContaining("Usage: ares-react prove"),
      });
    },
  );

  it("says what to write where a module exports no aresOptions", async () => {
    const { code, beside } = await run(undefined, "ares.mjs");
    expect(code).toBe(2);
    expect(beside).toContain("export const ares = createAresServer(aresOptions);");
  });

  it.each([
    ["memoryLedger", () => ({ ledger: memoryLedger() })],
    ["pretend()", () => pretend()],
  ])("says that there is nothing to prove of the book of %s", async (_, options) => {
    const { code, beside } = await run(options());
    expect([code, beside]).toEqual([2, expect.stringContaining("The ledger is in memory.")]);
  });

  it("stops where the ledger can't take another name, and asks it for nothing", async () => {
    const { ledger, asked } = open();
    const { trial: _, ...own } = ledger;
    const { code, beside } = await run({ ledger: own });
    expect([code, beside]).toEqual([2, expect.stringContaining("can't take another name")]);
    expect(asked).toEqual([]);
  });

  it("stops where a verb of the app's own would be missing under the other name", async () => {
    const { ledger, asked } = open();
    const own = { ...ledger, claim: async () => ({ k: "mine" }) };
    const { code, beside } = await run({ ledger: own });
    expect([code, beside]).toEqual([2, expect.stringContaining("The ledger's claim() would be")]);
    expect(asked).toEqual([]);
  });

  it("says what it can't charge, where that is all", async () => {
    const { ledger } = open();
    const input = { "~standard": { version: 1, vendor: "own", validate: () => ({ value: 1 }) } };
    const prices = { film: quoted({ input: Object(input), credits: () => 1 }) };
    const { code, beside } = await run({ ledger, prices });
    expect([code, beside]).toEqual([2, expect.stringContaining("film: its price is quoted")]);
  });

  it("says first which book it made, and removes it when the run fails", async () => {
    const { ledger, asked } = open();
    const { code, beside, out } = await run({ ledger });

    expect([code, out]).toEqual([2, []]);
    expect(beside).toMatch(
      /^Book: sqlite, file .+own\.sqlite, table ares_charges_prove_[0-9a-f]{8}, made for this run\. table ares_charges is not touched\.\n/,
    );
    expect(beside).toContain("ended before it listened");
    const others = asked.filter((sql) => /\bares_charges(?!_prove_\w+)/.test(sql));
    expect(others).toEqual([]);
    expect(asked.at(-1)).toMatch(/^DROP TABLE IF EXISTS ares_charges_prove_\w+_spent$/);
  });
});

const clean: Verdict = {
  figures: { intents: 9, duplicates: 3, requests: 30, disturbances: 3, deductions: 8, seconds: 9 },
  booked: { charged: 6, unknown: 1, declined: 1, "declined+charged": 1 },
  complaints: { doubled: 0, contradicted: 0, unbooked: 0, examples: [] },
  historiesThatNeedTwo: 0,
  miscounted: 0,
  mostOfOneUser: { counted: 4, deducted: 4 },
  answers: { charged: 20, ares_unreachable: 10 },
  faults: [
    {
      fault: "answered",
      intents: 3,
      charged: 0,
      unknown: 3,
      declined: 0,
      free: 0,
      doubled: 0,
      contradicted: 0,
    },
  ],
};
const red: Verdict = { ...clean, complaints: { ...clean.complaints, doubled: 40 } };

describe("the end of a proof", () => {
  it("is proved where the control fails and the app does not", () => {
    expect(endingOf(red, clean, 4).ending).toBe("proved");
  });

  it.each<[string, Verdict, string]>([
    ["a double charge", red, "do not agree"],
    [
      "a contradiction",
      { ...clean, complaints: { ...clean.complaints, contradicted: 1 } },
      "do not agree",
    ],
    [
      "a deduction without a row",
      { ...clean, complaints: { ...clean.complaints, unbooked: 1 } },
      "do not agree",
    ],
    ["answers that need two charges", { ...clean, historiesThatNeedTwo: 1 }, "do not agree"],
    [
      "a user beyond the cap",
      { ...clean, mostOfOneUser: { counted: 4, deducted: 5 } },
      "the cap of 4",
    ],
    ["a wrong sum", { ...clean, miscounted: 1 }, "adds up"],
  ])("is refuted by %s", (_, app, because) => {
    expect(endingOf(red, app, 4)).toEqual({
      ending: "refuted",
      because: expect.stringContaining(because),
    });
  });

  it.each<[string, Verdict, Verdict, string]>([
    ["the control fails nowhere", clean, clean, "this harness would see no double"],
    [
      "nothing was charged",
      red,
      { ...clean, booked: { declined: 9 } },
      "ares_unreachable 10 times",
    ],
    ["no fault was met", red, { ...clean, faults: [] }, "--seconds"],
  ])("proves nothing where %s", (_, control, app, because) => {
    expect(endingOf(control, app, 4)).toEqual({
      ending: "nothing proved",
      because: expect.stringContaining(because),
    });
  });

  it("is told with what each fault led to", () => {
    const report = { book: "", control: red, app: clean, leftOut: [], ...endingOf(red, clean, 4) };
    const text = linesOf(report);
    expect(text).toMatch(/guide's own route: 9 double clicks, 8 deductions, 40 doubled/);
    expect(text).toMatch(/server killed before ARES's yes was stored +3 +0 +3 +0 +0 +0 +0/);
    expect(text).toMatch(/charged +7\nunknown +1: [^\n]+\ndeclined +1\nfree +0: /);
    expect(text).toMatch(/\nProved: nothing was charged twice/);
  });
});
