import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fromLibsql, type Ledger, sqlLedger } from "../../src/server";
import {
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { newFolder } from "../ledgers/newFolder";
import { TEST_PATIENCE_MS } from "../setup/patience";
import { takeBuild } from "./buildUnderTest";

let build: ReturnType<typeof takeBuild>;
const stops: (() => unknown)[] = [];
beforeEach(() => {
  build = takeBuild();
  stops.push(build.remove);
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Writes an app whose module has these lines in front of its options. */
function writeApp(lines: string): void {
  mkdirSync(join(build.folder, "app"));
  writeFileSync(
    join(build.folder, "app", "ares.ts"),
    `import { type AresServerOptions, createAresServer, definePrices, fromIoredis, fromLibsql, fromPg, redisLedger, sqlLedger } from "ares-react/server";
${lines}
console.log("the app's own words");
export const prices = definePrices({ "export-pdf": 1, report: { credits: 3, keepMs: 86_400_000 }, image: 0.5 });
export const aresOptions = {
  clientId: "an-app",
  prices,
  ledger,
  auth: async () => { throw new Error("prove signs users in by itself"); },
  ares: { fetch: async () => { throw new Error("prove has its own ARES"); } },
  onEvent: () => { throw new Error("prove hears the events"); },
  paused: () => true,
  rateLimit: { charges: 1 },
  spendCap: { perMinute: 6, perDay: 100 },
  origins: ["https://app.example"],
} satisfies AresServerOptions;
export const ares = createAresServer(aresOptions);
`,
  );
}

function startProve(...args: string[]) {
  const child = spawn(process.execPath, [join(build.folder, "dist/cli.js"), "prove", ...args], {
    cwd: join(build.folder, "app"),
    env: { ...process.env, NODE_ENV: "production" },
  });
  let [out, beside] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    beside += chunk;
  });
  const ended = new Promise<{ code: number | null; out: string; beside: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, out, beside })),
  );
  return { ended, beside: () => beside, stop: () => child.kill("SIGINT") };
}

const SECONDS = "8";
/** A run is a trial of the control and one of the app, with four servers each, and a wait for leases. */
vi.setConfig({ testTimeout: 2 * TEST_PATIENCE_MS });

/** What a green run says. */
function expectProof({ code, out, beside }: { code: number | null; out: string; beside: string }) {
  expect({ code, beside }).toMatchObject({ code: 0, beside: expect.stringMatching(/^Book: /m) });
  const report = JSON.parse(out);
  expect(report.ending).toBe("proved");
  expect(report.control.complaints.doubled).toBeGreaterThan(10);
  expect(report.app.complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
  expect(report.app.figures.disturbances).toBeGreaterThanOrEqual(3);
  expect(report.app.booked.charged).toBeGreaterThan(10);
  expect(report.app.mostOfOneUser.deducted).toBeLessThanOrEqual(6);
  expect(report.app.answers.rate_limited).toBeGreaterThan(0);
}

/** The app's book with one charge in it. */
async function fill(ledger: Ledger): Promise<void> {
  const times = { mintedAt: Date.now() + 60_000, leaseMs: 60_000, retainMs: 600_000 };
  const target = { userId: "ada", usage: "report", resource: null, hundredths: 300 };
  const id = { attempt: "a", key: "k", fingerprint: "f" };
  await ledger.claim("own", { ...times, ...target, ...id });
}

describe("ares-react prove on SQLite", () => {
  let file: string;
  let client: ReturnType<typeof createClient>;
  beforeEach(async () => {
    const folder = newFolder("prove");
    file = join(folder, "app.sqlite");
    client = createClient({ url: `file:${file}`, timeout: 5000 });
    stops.push(() => rmSync(folder, { recursive: true, force: true }));
    stops.push(() => client.close());
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
    await ledger.setup();
    await fill(ledger);
  });
  const open = () => `import { createClient } from "@libsql/client";
const client = createClient({ url: "file:${file}", timeout: 5000 });
await client.execute("PRAGMA journal_mode = WAL");
const kept = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });`;
  const whatStands = async () => {
    const { rows } = await client.execute("SELECT name FROM sqlite_master");
    const charges = await client.execute("SELECT * FROM ares_charges");
    return JSON.stringify([rows, charges.rows]);
  };

  test("is green on an app whose ledger keeps the rules, and leaves the app's book as it was", async () => {
    writeApp(`${open()}\nconst ledger = kept;`);
    const before = await whatStands();

    const ended = await startProve("ares.ts", "--seconds", SECONDS, "--json").ended;

    expectProof(ended);
    expect(await whatStands()).toBe(before);
  });

  test("is red on an app whose ledger keeps no claims, and counts what was charged twice", async () => {
    writeApp(`${open()}
const forgetting = (book) => ({
  ...book,
  async claim(id, claim) { await book.claim(id, claim); return { k: "mine" }; },
  begin: async () => true,
  beginWithin: async () => ({ k: "yes" }),
  trial: (name) => forgetting(book.trial(name)),
});
const ledger = forgetting(kept);`);
    const before = await whatStands();

    const { code, out } = await startProve("ares.ts", "--seconds", SECONDS).ended;

    expect(code).toBe(1);
    const doubled = /^doubled +(\d+)$/m.exec(out)?.[1];
    expect(Number(doubled)).toBeGreaterThan(10);
    expect(out).toContain("Refuted: ");
    expect(await whatStands()).toBe(before);
  });

  test("removes its table when it is stopped", async () => {
    writeApp(`${open()}\nconst ledger = kept;`);
    const before = await whatStands();
    const running = startProve("--seconds", "60");
    await expect.poll(running.beside).toContain("Your app: ");
    await expect.poll(whatStands).toContain("_prove_");

    running.stop();

    expect(await running.ended).toMatchObject({
      code: 2,
      beside: expect.stringContaining("ended early"),
    });
    expect(await whatStands()).toBe(before);
  });
});

describe("ares-react prove is green on", () => {
  test.skipIf(redisServer === null)(suiteOn("Redis", redisServer), async () => {
    const { port, stop } = await startRedis();
    const redis = new Redis(port, "127.0.0.1");
    stops.push(stop, () => redis.disconnect());
    writeApp(`import { Redis } from "ioredis";
const ledger = redisLedger(fromIoredis(new Redis(${port}, "127.0.0.1")));`);

    expectProof(await startProve("ares.ts", "--seconds", SECONDS, "--json").ended);
    expect(await redis.keys("*")).toEqual([]);
  });

  test.skipIf(postgresServer === null)(suiteOn("PostgreSQL", postgresServer), async () => {
    const { port, stop } = await startPostgres();
    const desk = new Client({ host: "127.0.0.1", port, user: "ares", database: "postgres" });
    desk.on("error", () => {});
    await desk.connect();
    stops.push(stop, () => desk.end());
    writeApp(`import { Pool } from "pg";
const pool = new Pool({ host: "127.0.0.1", port: ${port}, user: "ares", database: "postgres", max: 5 });
pool.on("error", () => {});
const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });`);

    expectProof(await startProve("ares.ts", "--seconds", SECONDS, "--json").ended);
    const { rows } = await desk.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    );
    expect(rows).toEqual([]);
  });
});
