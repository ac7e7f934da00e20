import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { Redis } from "ioredis";
import { Pool } from "pg";
import {
  createAresServer,
  definePrices,
  fromIoredis,
  fromLibsql,
  fromPg,
  type Ledger,
  mintKey,
  redisLedger,
  type SqlQuery,
  sqlLedger,
} from "../../src/server";
import { pause, postgresServer, redisServer, startPostgres, startRedis } from "../ledgers/engines";

/** A ledger in which one user has a number of charged rows of this hour. */
interface Filled {
  ledger: Ledger;
  /** What the rows and their indexes take, in bytes. */
  bytes(): Promise<number> | number;
  close(): Promise<void> | void;
}

const USER = "user-of-many";
const HOUR_MS = 3_600_000;
const order = (id: string) => {
  const facts = {
    fingerprint: "f",
    userId: USER,
    usage: "image",
    resource: null,
    hundredths: 1,
    attempt: id,
    key: id,
  };
  return { ...facts, mintedAt: Date.now() + 60_000, leaseMs: 60_000, retainMs: 3 * 86_400_000 };
};

/** The one figure of an answer. */
function bytesIn({ rows: [row] }: { rows: readonly unknown[] }): number {
  return Number(typeof row === "object" && row !== null && "bytes" in row ? row.bytes : Number.NaN);
}

/** Rows written in bulk, and what they add up to. */
async function fillSql(
  dialect: "sqlite" | "postgres",
  query: SqlQuery,
  rows: number,
): Promise<Ledger> {
  const ledger = sqlLedger({ dialect, query, random: () => 1 });
  await ledger.setup();
  const [series, text] =
    dialect === "sqlite"
      ? [
          `WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ${rows})`,
          "CAST(n AS text)",
        ]
      : [`WITH series(n) AS (SELECT generate_series(1, ${rows}))`, "CAST(n AS text)"];
  const now = Date.now();
  await query(
    `${series} INSERT INTO ares_charges (id, status, attempt, idempotency_key, fingerprint, user_id, usage_name, hundredths, created_at, lease_until, retain_until, settled_at, retain_ms, uncharged_ms)
SELECT 'old' || ${text}, 'charged', ${text}, 'old' || ${text}, 'f', '${USER}', 'image', 1, ${now - HOUR_MS} + CAST(n AS bigint) * ${HOUR_MS} / ${rows}, ${now}, ${now + 3 * 86_400_000}, ${now}, 0, 0 FROM series`,
    [],
  );
  const settling =
    dialect === "postgres"
      ? ["VACUUM ANALYZE ares_charges", "CHECKPOINT"]
      : ["PRAGMA wal_checkpoint(TRUNCATE)"];
  for (const settle of settling) await query(settle, []);
  // The disk has written the bulk load before anything is timed.
  execFileSync("sync");
  return ledger;
}

const fillRedis = `
for n = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local id, at = 'old' .. n, string.format('%.0f', tonumber(ARGV[3]) - (1 - n / tonumber(ARGV[5])) * tonumber(ARGV[6]))
  redis.call('HSET', '{ares}:charge:' .. id, 'id', id, 'status', 'charged', 'attempt', 'a', 'key', id, 'fingerprint', 'f', 'userId', ARGV[4],
    'usage', 'image', 'hundredths', '1', 'createdAt', at, 'leaseUntil', at, 'retainUntil', '9000000000000', 'retainMs', '0', 'unchargedMs', '0', 'settledAt', at,
    'outcome', '{}', 'redeemedBy', '[]', 'redeemToken', '')
  for _, set in ipairs({ 'all', 'user:' .. ARGV[4], 'status:charged' }) do redis.call('ZADD', '{ares}:' .. set, at, id) end
  redis.call('ZADD', '{ares}:ends', '9000000000000', id)
  redis.call('HSET', '{ares}:keys:' .. ARGV[4], id, id)
end`;

export const engines: Record<string, (rows: number) => Promise<Filled>> = {
  async SQLite(rows) {
    const directory = mkdtempSync(join(tmpdir(), "ares-growth-"));
    const client = createClient({ url: `file:${join(directory, "ledger.db")}`, timeout: 5000 });
    const close = () => {
      client.close();
      rmSync(directory, { recursive: true, force: true });
    };
    const query = fromLibsql(client);
    const bytes = async () =>
      bytesIn(
        await query(
          "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
          [],
        ),
      );
    return { ledger: await fillSql("sqlite", query, rows), bytes, close };
  },
  ...(postgresServer && {
    async PostgreSQL(rows: number) {
      const engine = await startPostgres();
      const pool = new Pool({
        host: "127.0.0.1",
        port: engine.port,
        user: "ares",
        database: "postgres",
        max: 10,
      });
      pool.on("error", () => {});
      const close = async () => {
        await pool.end();
        await engine.stop();
      };
      const query = fromPg(pool);
      const bytes = async () =>
        bytesIn(await query("SELECT pg_total_relation_size('ares_charges') AS bytes", []));
      return { ledger: await fillSql("postgres", query, rows), bytes, close };
    },
  }),
  ...(redisServer && {
    async Redis(rows: number) {
      const engine = await startRedis();
      const redis = new Redis(engine.port, "127.0.0.1");
      const ledger = redisLedger(fromIoredis(redis));
      await ledger.setup();
      const now = `${Date.now()}`;
      for (let n = 1; n <= rows; n += 1_000)
        await redis.eval(fillRedis, 0, n, Math.min(rows, n + 999), now, USER, rows, HOUR_MS);
      const close = async () => {
        redis.disconnect();
        await engine.stop();
      };
      const bytes = async () => Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
      return { ledger, bytes, close };
    },
  }),
};

async function charge(ledger: Ledger, id: string, capped = false, userId = USER): Promise<void> {
  await ledger.claim(id, { ...order(id), userId });
  const begin = { attempt: id, leaseMs: 60_000 };
  if (capped) await ledger.beginWithin?.(id, { ...begin, most: { minute: 1e9, day: 1e9 } });
  else await ledger.begin(id, begin);
  await ledger.settle(id, { attempt: id, to: "charged", outcome: {} });
}

/** A charge that no limit lets begin. */
async function refuse(ledger: Ledger, id: string): Promise<void> {
  await ledger.claim(id, order(id));
  await ledger.beginWithin?.(id, { attempt: id, leaseMs: 60_000, most: { day: 0 } });
}

/** A claim under a limit of 60 rows in this window. */
async function claimWithin(ledger: Ledger, id: string, windowMs: number): Promise<void> {
  await ledger.claimWithin?.(id, { ...order(id), most: { rows: 60, windowMs } });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

const median = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN;

export interface Grown {
  engine: string;
  rows: number;
  /** Bytes of all rows and their indexes. */
  bytes: number;
  /** How many of these end in a second, with 32 of different users at work at once. */
  perSecond: Record<"claims" | "charges", number>;
  /** Milliseconds, by what was done. Plain and capped charges take turns, so both meet the same moments of the machine. */
  ms: Record<string, number>;
}

const AT_ONCE = 32;
const RATE_MS = 4_000;

/** How often a piece of work ends in a second. */
async function rateOf(work: (id: string, userId: string) => Promise<unknown>): Promise<number> {
  const from = performance.now();
  let done = 0;
  const worker = async (n: number) => {
    while (performance.now() - from < RATE_MS) {
      await work(crypto.randomUUID(), `user-${n}`);
      done += 1;
    }
  };
  await Promise.all([...Array(AT_ONCE).keys()].map(worker));
  return (1000 * done) / (performance.now() - from);
}

/** A server in front of an ARES that charges, and one press on it. */
function serverOn(ledger: Ledger) {
  const server = createAresServer({
    clientId: "growth",
    prices: definePrices({ image: 1, pass: { credits: 1, keepMs: 1 } }),
    auth: async () => ({ userId: USER, getAccessToken: async () => "token" }),
    rateLimit: false,
    ledger,
    onError: () => {},
    ares: { fetch: async () => Response.json({ message: "Success" }) },
  });
  return async (body: object, { keyless = false } = {}) => {
    const headers = {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      ...(!keyless && { "Idempotency-Key": mintKey(Date.now()) }),
    };
    const { status } = await server.handler(
      new Request("https://app.example/api/ares", {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      }),
    );
    if (status !== 200) throw new Error(`A press was answered ${status}.`);
  };
}

/** One ledger under trial, and the times it took. */
interface Trial extends Filled {
  rows: number;
  bytesOfRows: number;
  /** A row in the middle of the list. */
  old: Awaited<ReturnType<Ledger["find"]>>;
  press: ReturnType<typeof serverOn>;
  times: Record<string, number[]>;
}

async function trialOf(filled: Filled, rows: number): Promise<Trial> {
  const { ledger } = filled;
  const old = await ledger.find(`old${Math.floor(rows / 5)}`);
  return {
    ...filled,
    rows,
    bytesOfRows: await filled.bytes(),
    old,
    press: serverOn(ledger),
    times: {},
  };
}

/** Milliseconds of a piece of work, by its name. */
type Steps = Record<string, (trial: Trial, n: number) => Promise<unknown>>;

const ledgerSteps: Steps = {
  charge: ({ ledger }, n) => charge(ledger, `plain${n}`),
  "capped charge": ({ ledger }, n) => charge(ledger, `capped${n}`, true),
  "charge over the cap": ({ ledger }, n) => refuse(ledger, `over${n}`),
  claim: ({ ledger }, n) => ledger.claim(`claim${n}`, order(`claim${n}`)),
  "claim within a limit": ({ ledger }, n) => claimWithin(ledger, `within${n}`, 1),
  "claim over a limit": ({ ledger }, n) => claimWithin(ledger, `beyond${n}`, HOUR_MS),
  "row of a key": ({ ledger }, n) => ledger.list({ userId: USER, key: `plain${n}` }),
  "unknown rows": ({ ledger }) => ledger.list({ userId: USER, status: "unknown" }),
  "first page": ({ ledger }) => ledger.list({ userId: USER }),
  "deep page": ({ ledger, old }) => ledger.list({ userId: USER, before: old ?? undefined }),
};

const renew = ({ press }: Trial) => press({ usage: "pass", resource: "day" });
const presses: Steps = {
  "press without a key": ({ press }, n) =>
    press({ usage: "image", resource: `picture-${n}` }, { keyless: true }),
  renewal: renew,
};

/** The ledgers take turns at each step, so a busy machine slows them all. */
async function takeTurns(trials: Trial[], rounds: number, steps: Steps): Promise<void> {
  for (let n = 0; n < rounds; n++) {
    for (const [what, step] of Object.entries(steps)) {
      for (const trial of trials) {
        const ms = await timed(() => step(trial, n));
        trial.times[what] = [...(trial.times[what] ?? []), ms];
      }
    }
    // Two charges of one millisecond would be one renewal.
    await pause(2);
  }
}

/** What charges and reads cost a user with so many rows of this hour. */
export async function grown(engine: string, sizes: number[], rounds = 40): Promise<Grown[]> {
  const open = engines[engine];
  if (!open) throw new Error(`No engine is called ${engine}.`);
  const trials: Trial[] = [];
  try {
    for (const rows of sizes) trials.push(await trialOf(await open(rows), rows));
    await takeTurns(trials, 1, {
      "first capped charge": ({ ledger }) => charge(ledger, "first", true),
    });
    await takeTurns(trials, rounds, ledgerSteps);
    // A new ledger refuses the keys of its first moments.
    await pause(2_200);
    await takeTurns(trials, rounds, presses);
    await takeTurns(trials, 200, { "renewals before the last": renew });
    await takeTurns(trials, rounds, { "240th renewal": renew });
    const grown: Grown[] = [];
    for (const { ledger, rows, bytesOfRows, times } of trials) {
      delete times["renewals before the last"];
      const perSecond = {
        claims: await rateOf((id, userId) => ledger.claim(id, { ...order(id), userId })),
        charges: await rateOf((id, userId) => charge(ledger, id, true, userId)),
      };
      const medians = Object.entries(times).map(([what, all]) => [what, median(all)]);
      grown.push({ engine, rows, bytes: bytesOfRows, perSecond, ms: Object.fromEntries(medians) });
    }
    return grown;
  } finally {
    for (const { close } of trials) await close();
  }
}
