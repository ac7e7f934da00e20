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

/** A server in front of an ARES that charges, and the time of one press. */
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
    const from = performance.now();
    const { status } = await server.handler(
      new Request("https://app.example/api/ares", {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      }),
    );
    if (status !== 200) throw new Error(`A press was answered ${status}.`);
    return performance.now() - from;
  };
}

/** What charges and reads cost a user with so many rows of this hour. */
export async function grown(engine: string, rows: number, rounds = 40): Promise<Grown> {
  const opened = await engines[engine]?.(rows);
  if (!opened) throw new Error(`No engine is called ${engine}.`);
  const { ledger } = opened;
  const bytes = await opened.bytes();
  const times: Record<string, number[]> = {};
  const keep = (what: string, ms: number) => {
    times[what] = [...(times[what] ?? []), ms];
  };
  try {
    const old = await ledger.find(`old${Math.floor(rows / 5)}`);
    keep("first capped charge", await timed(() => charge(ledger, "first", true)));
    for (let n = 0; n < rounds; n++) {
      keep("charge", await timed(() => charge(ledger, `plain${n}`)));
      keep("capped charge", await timed(() => charge(ledger, `capped${n}`, true)));
      keep("charge over the cap", await timed(() => refuse(ledger, `over${n}`)));
      keep("claim", await timed(() => ledger.claim(`claim${n}`, order(`claim${n}`))));
      keep("claim within a limit", await timed(() => claimWithin(ledger, `within${n}`, 1)));
      keep("claim over a limit", await timed(() => claimWithin(ledger, `beyond${n}`, HOUR_MS)));
      keep("row of a key", await timed(() => ledger.list({ userId: USER, key: `plain${n}` })));
      keep("unknown rows", await timed(() => ledger.list({ userId: USER, status: "unknown" })));
      keep("first page", await timed(() => ledger.list({ userId: USER })));
      keep("deep page", await timed(() => ledger.list({ userId: USER, before: old ?? undefined })));
    }
    // A new ledger refuses the keys of its first moments.
    await pause(2_200);
    const press = serverOn(ledger);
    for (let n = 0; n < rounds; n++) {
      keep(
        "press without a key",
        await press({ usage: "image", resource: `picture-${n}` }, { keyless: true }),
      );
      keep("renewal", await press({ usage: "pass", resource: "day" }));
      await pause(2);
    }
    for (let n = 0; n < 200; n++) {
      await press({ usage: "pass", resource: "day" });
      await pause(2);
    }
    for (let n = 0; n < rounds; n++) {
      keep("240th renewal", await press({ usage: "pass", resource: "day" }));
      await pause(2);
    }
    const perSecond = {
      claims: await rateOf((id, userId) => ledger.claim(id, { ...order(id), userId })),
      charges: await rateOf((id, userId) => charge(ledger, id, true, userId)),
    };
    return {
      engine,
      rows,
      bytes,
      perSecond,
      ms: Object.fromEntries(Object.entries(times).map(([what, all]) => [what, median(all)])),
    };
  } finally {
    await opened.close();
  }
}
