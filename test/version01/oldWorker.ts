import * as z from "zod/mini";
import type { ChargeFilter, ChargeRow, Claim, ClaimResult, Ledger, RedisConnection, SqlQuery } from "../../src/server";
import { bind, type SqlDialect, type SqlValue } from "../../src/server/ledger/sql/dialect";
import texts from "./worker.json";

/**
 * What a worker of version 0.1 runs on a shared ledger: its statements and its scripts (`worker.json`, written out by commit
 * 5680cd1), and the row that it can read. This file and the texts never change: such workers run during a deploy.
 */

const FOR_EVER_MS = 1e15;
const whole = (ms: number) => Math.round(Math.min(ms, FOR_EVER_MS));

const Status = z.enum(["claimed", "sending", "charged", "declined", "unknown"]);
const Integer = z.pipe(
  z.union([z.number(), z.bigint(), z.string().check(z.regex(/^-?\d+$/))]),
  z.transform((value) => Number(value)),
);
const parsed = z.transform((value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value));
const Facts = {
  id: z.string(),
  status: Status,
  attempt: z.string(),
  fingerprint: z.string(),
  hundredths: Integer,
  outcome: z.pipe(
    parsed,
    z.object({
      code: z.exactOptional(z.string()),
      aresStatus: z.exactOptional(z.number()),
      balanceBefore: z.exactOptional(z.number()),
      wallet: z.exactOptional(z.string()),
      balanceAfter: z.exactOptional(z.number()),
      note: z.exactOptional(z.string()),
    }),
  ),
};
const SqlRow = z.object({
  ...Facts,
  idempotency_key: z.string(),
  user_id: z.string(),
  usage_name: z.string(),
  resource: z.nullable(z.string()),
  created_at: Integer,
  lease_until: Integer,
  settled_at: z.nullable(Integer),
  redeemed_by: z.pipe(parsed, z.array(z.string())),
  redeem_token: z.nullable(z.string()),
  read_at: Integer,
});
const RedisRow = z.object({
  ...Facts,
  key: z.string(),
  userId: z.string(),
  usage: z.string(),
  resource: z.optional(z.string()),
  createdAt: Integer,
  leaseUntil: Integer,
  settledAt: z.optional(Integer),
  redeemedBy: z.pipe(parsed, z.array(z.string())),
  readAt: Integer,
});

type Times = Omit<ChargeRow, "leaseLeftMs" | "ageMs" | "settledAgoMs"> & { leaseUntil: number; readAt: number };

function shown({ leaseUntil, readAt, ...row }: Times): ChargeRow {
  return {
    ...row,
    status: row.status === "sending" && leaseUntil <= readAt ? "unknown" : row.status,
    leaseLeftMs: leaseUntil - readAt,
    ageMs: Math.max(0, readAt - row.createdAt),
    settledAgoMs: row.settledAt === null ? null : Math.max(0, readAt - row.settledAt),
  };
}

function fromSql(raw: unknown): { row: ChargeRow; redeemToken: string | null } {
  const row = SqlRow.parse(raw);
  const { idempotency_key, user_id, usage_name, created_at, lease_until, settled_at, redeemed_by, redeem_token, read_at, ...same } = row;
  const times = { createdAt: created_at, leaseUntil: lease_until, settledAt: settled_at, readAt: read_at };
  const facts = { ...same, key: idempotency_key, userId: user_id, usage: usage_name, redeemedBy: redeemed_by };
  return { row: shown({ ...facts, ...times }), redeemToken: redeem_token };
}

function fromRedis(raw: unknown): ChargeRow {
  const { resource = null, settledAt = null, ...row } = RedisRow.parse(raw);
  return shown({ ...row, resource, settledAt });
}

/** The answer to a claim that met a row. */
function met(row: ChargeRow, { fingerprint, attempt }: Claim): ClaimResult {
  if (row.fingerprint !== fingerprint) return { k: "mismatch" };
  if (row.status === "claimed" && row.attempt === attempt) return { k: "mine" };
  return row.status === "claimed" || row.status === "sending" ? { k: "busy", row } : { k: "done", row };
}

function placeOf(before: ChargeFilter["before"] = Number.POSITIVE_INFINITY): { createdAt: number; id: string } {
  return typeof before === "number" ? { createdAt: before, id: "" } : before;
}

/** A worker of 0.1 on the table `ares_charges`. */
export function sqlWorker01(dialect: SqlDialect, query: SqlQuery): Ledger {
  const { list: page, shown: states, ...statements } = texts[dialect];
  const run = async (text: string, values: Readonly<Record<string, SqlValue>>) => (await query(...bind(dialect, text, values))).rows;
  const wrote = async (text: string, values: Readonly<Record<string, SqlValue>>) => (await run(text, values)).length > 0;

  async function list({ before, limit = 100, status, userId, key }: ChargeFilter) {
    const state = status === "unknown" || status === "sending" ? states[status] : status === undefined ? states.all : states.other;
    const text = page
      .replace("{shown}", state)
      .replace("{user}", userId === undefined ? "" : "user_id = :userId AND ")
      .replace("{key}", key === undefined ? "" : "idempotency_key = :key AND ");
    const { createdAt, id } = placeOf(before);
    const only = { ...(status && { status }), ...(userId && { userId }), ...(key && { key }) };
    return (await run(text, { ...only, before: whole(createdAt), beforeId: id, limit: whole(limit) })).map((raw) => fromSql(raw).row);
  }

  return {
    async claim(id, claim) {
      const { attempt, key, fingerprint, userId, usage, resource, hundredths, leaseMs, retainMs, mintedAt } = claim;
      const times = { leaseMs: whole(leaseMs), retainMs: whole(retainMs), mintedAt: whole(mintedAt), skewMs: 2000 };
      const rows = await run(statements.claim, { id, attempt, key, fingerprint, userId, usage, resource, hundredths, ...times });
      const raw = rows.find((each) => z.object({ id: z.literal(id) }).safeParse(each).success);
      if (raw) return met(fromSql(raw).row, claim);
      return { k: (await list({ userId, key, limit: 1 })).length > 0 ? "mismatch" : "reset" };
    },
    begin: (id, { attempt, leaseMs }) => wrote(statements.begin, { id, attempt, leaseMs: whole(leaseMs) }),
    settle: (id, { attempt, to, outcome }) => wrote(statements.settle, { id, attempt, to, outcome: JSON.stringify(outcome) }),
    async find(id) {
      const [raw] = await run(statements.find, { id });
      return raw === undefined ? null : fromSql(raw).row;
    },
    async redeem(id, { by, uses = 1, release = false }) {
      const token = crypto.randomUUID();
      const values = { id, by, uses: whole(uses), token, unconfirmed: 0 };
      const [raw] = await run(release ? statements.release : statements.redeem, values);
      if (raw === undefined) return "absent";
      const { row, redeemToken } = fromSql(raw);
      if (redeemToken === token) return "ok";
      if (release) return "absent";
      return row.redeemedBy.includes(by) ? "already_by_me" : "used";
    },
    list,
    resolve: (id, { to, note, attempt }) =>
      wrote(attempt === undefined ? statements.resolve : statements.correct, { id, to, note, attempt: attempt ?? null }),
    async health() {
      const [raw] = await run(statements.epoch, {});
      const { created_at: epoch, read_at: now } = z.object({ created_at: Integer, read_at: Integer }).parse(raw);
      return { durable: undefined, epoch, now, warnings: [] };
    },
  };
}

/** A worker of 0.1 on Redis. */
export function redisWorker01({ eval: run }: RedisConnection, prefix: string): Ledger {
  const { prelude, ...scripts } = texts.redis;
  const root = `{${prefix}}:`;

  async function call(operation: keyof typeof scripts, id: string, args: object): Promise<[word: string, json: string]> {
    const answer = String(await run(prelude + scripts[operation], [`${root}charge:${id}`, root], [JSON.stringify(args)]));
    const space = answer.indexOf(" ");
    return space < 0 ? [answer, ""] : [answer.slice(0, space), answer.slice(space + 1)];
  }
  const wrote = async (...args: Parameters<typeof call>) => (await call(...args))[0] === "yes";

  return {
    async claim(id, claim) {
      const times = { retainMs: Math.min(claim.retainMs, FOR_EVER_MS), leaseMs: Math.round(claim.leaseMs), skewMs: 2000 };
      const [word, json] = await call("claim", id, { ...claim, id, ...times });
      if (word === "mine" || word === "mismatch" || word === "reset") return { k: word };
      return met(fromRedis(JSON.parse(json)), claim);
    },
    begin: (id, { attempt, leaseMs }) => wrote("begin", id, { attempt, leaseMs: Math.round(leaseMs) }),
    settle: (id, { attempt, to, outcome }) => wrote("settle", id, { attempt, to, outcome: JSON.stringify(outcome) }),
    async find(id) {
      const [word, json] = await call("find", id, {});
      return word === "row" ? fromRedis(JSON.parse(json)) : null;
    },
    async redeem(id, { by, uses = 1, release = false }) {
      const [word] = await call("redeem", id, {
        by,
        uses: Math.min(uses, FOR_EVER_MS),
        release,
        unconfirmed: false,
        token: crypto.randomUUID(),
      });
      if (word === "ok" || word === "already_by_me" || word === "used" || word === "absent") return word;
      throw new Error(`redeem answered "${word}".`);
    },
    async list({ status, userId, key, before, limit = 100 }) {
      const place = placeOf(before);
      const mine = userId === undefined ? undefined : key === undefined ? `user:${userId}` : `keys:${userId}`;
      const sources = status === undefined ? ["all"] : status === "unknown" ? ["status:unknown", "status:sending"] : [`status:${status}`];
      const args = {
        sources: mine === undefined ? sources : [mine],
        status: status ?? null,
        key: key ?? null,
        limit: Math.min(limit, FOR_EVER_MS),
        before: place.createdAt === Number.POSITIVE_INFINITY ? "+inf" : `${place.createdAt}`,
        beforeId: place.id,
      };
      const rows = z.array(z.unknown()).parse(JSON.parse((await call("list", "", args))[1]));
      return rows
        .map(fromRedis)
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit);
    },
    resolve: (id, resolution) => wrote("resolve", id, resolution),
    async health() {
      const [epoch = Number.NaN, now = Number.NaN] = (await call("epoch", "", {}))[1].split(" ").map(Number);
      return { durable: undefined, epoch, now, warnings: [] };
    },
  };
}
