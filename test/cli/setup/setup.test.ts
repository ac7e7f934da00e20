import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runSetup } from "../../../src/cli/setup/runSetup";

/** A folder of an app whose server is this module. */
function appOf(module: string): string {
  const folder = mkdtempSync(join(tmpdir(), "ares-setup-"));
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "lib/ares.mjs"), module);
  return folder;
}

async function run(folder: string, ...args: string[]) {
  const lines: string[] = [];
  return { code: await runSetup(args, (line) => lines.push(line), folder), text: lines.join("\n") };
}

const server = (setup: string) =>
  `export const ares = { doctor: async () => ({}), setup: ${setup} };`;

it("sets up the ledger of the module that is named, or of the usual one", async () => {
  const folder = appOf(server("async () => {}"));

  expect(await run(folder, "lib/ares.mjs")).toEqual({
    code: 0,
    text: "ARES: the ledger is set up.",
  });
  expect(await run(folder)).toMatchObject({ code: 0 });
});

it("says which book it set up", async () => {
  const book = `async () => ({ engine: "sqlite", name: "table ares_charges", host: "file /srv/dev.sqlite", pretend: false, since: 0 })`;
  const folder = appOf(
    `export const ares = { doctor: async () => ({}), setup: async () => {}, charges: { book: ${book} } };`,
  );

  expect(await run(folder)).toEqual({
    code: 0,
    text: `ARES: the ledger is set up.
Book: sqlite, file /srv/dev.sqlite, table ares_charges; remembers since 1970-01-01T00:00:00.000Z`,
  });
});

it("reads no .env file but the one that is named", async () => {
  const folder = appOf(server("async () => { throw new Error(process.env.ARES_TEST_BOOK) }"));
  writeFileSync(join(folder, ".env.local"), "ARES_TEST_BOOK=dev\n");
  writeFileSync(join(folder, ".env.production"), "ARES_TEST_BOOK=production\n");
  try {
    const named = await run(folder, "--env-file", join(folder, ".env.production"));
    expect(named).toMatchObject({ code: 1, text: expect.stringContaining("production") });
    const missing = await run(folder, "--env-file", join(folder, ".env.nowhere"));
    expect(missing).toMatchObject({ code: 2, text: expect.stringContaining("can't be read") });
  } finally {
    delete process.env.ARES_TEST_BOOK;
  }
});

it("exits 1 with the database's own words where the ledger can't be set up", async () => {
  const folder = appOf(
    server(
      'async () => { throw new Error("refused", { cause: new Error("connect ECONNREFUSED 127.0.0.1:5432") }); }',
    ),
  );

  expect(await run(folder)).toEqual({
    code: 1,
    text: expect.stringContaining("connect ECONNREFUSED 127.0.0.1:5432"),
  });
});

it("exits 2 where there is nothing to set up, and says what to export", async () => {
  const none = mkdtempSync(join(tmpdir(), "ares-setup-"));

  expect(await run(none)).toEqual({
    code: 2,
    text: expect.stringContaining("Usage: ares-react setup"),
  });
  expect(await run(none, "--force")).toMatchObject({
    code: 2,
    text: expect.stringContaining("Usage"),
  });
  expect(await run(none, "lib/ares.mjs")).toMatchObject({
    code: 2,
    text: expect.stringContaining("could not be loaded"),
  });
  expect(await run(appOf("export const other = 1"))).toMatchObject({
    code: 2,
    text: expect.stringContaining("exports no `ares`"),
  });
});
