import { AresError } from "../../../contract";
import type { Erased, Erasure } from "../erasing";
import {
  type ChargeFilter,
  type ChargeRow,
  type Claim,
  type ClaimLimit,
  type ClaimResult,
  maxSkewMs,
} from "../ledger";
import { cursorOf } from "../rows";
import type { BeginWithin, SpendLimits } from "../spending";
import { countUse, type StoredUses } from "../uses";
import { bind, type SqlValue } from "./dialect";
import {
  columnFault,
  durabilityWarnings,
  indexWarnings,
  noTrigger,
  notTold,
  schemaFault,
} from "./health";
import { placeOf } from "./place";
import { EpochRow, ErasableRow, LeftRow, readSpending, readSqlRow, WaitsRow } from "./row";
import { dropStatements, FOR_EVER_MS, ledgerSchema, trialTable } from "./schema";
import type { SqlLedger, SqlLedgerOptions } from "./sqlLedgerOptions";
import { sqlSetup } from "./sqlSetup";
import { sqlStatements } from "./statements";
import { untilSerialized } from "./untilSerialized";

/**
 * Keeps the ledger in PostgreSQL or SQLite, through the client the app already has.
 *
 * Each statement stands alone, without session state, so it works behind a pooler and on serverless.
 * The database must confirm a write only when it is on disk, and reads must come from the primary.
 * A new ledger refuses keys minted before it began; see `skewMs`.
 *
 * @example
 * import { createClient } from "@libsql/client"
 *
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(createClient({ url: "file:ares.db", timeout: 5000 })) })
 * await ledger.setup()
 *
 * @throws {AresError} `invalid_request` for a table name that would need quoting.
 */
export function sqlLedger({
  query,
  dialect,
  table = "ares_charges",
  skewMs = 2000,
  random = Math.random,
}: SqlLedgerOptions): SqlLedger {
  const schema = ledgerSchema(dialect, { table });
  const statements = sqlStatements(dialect, table);
  const { setup, inDevelopment } = sqlSetup(query, schema);

  /** Runs a statement of a verb. */
  async function run(
    text: string,
    values: Readonly<Record<string, SqlValue>>,
  ): Promise<readonly unknown[]> {
    await inDevelopment();
    return ask(text, values);
  }

  async function ask(
    text: string,
    values: Readonly<Record<string, SqlValue>>,
  ): Promise<readonly unknown[]> {
    try {
      return (await query(...bind(dialect, text, values))).rows;
    } catch (cause) {
      const fault = schemaFault(cause, table);
      throw fault === undefined
        ? cause
        : new AresError("ledger_unavailable", `ARES: ${fault}`, { cause });
    }
  }

  async function purge(limit = 100) {
    return (await run(statements.purge, { limit })).length;
  }

  async function list({ before, limit = 100, maxAgeMs = FOR_EVER_MS, ...only }: ChargeFilter) {
    const { createdAt, id } = cursorOf(before);
    const values = {
      ...only,
      before: whole(createdAt),
      beforeId: id,
      limit: whole(limit),
      maxAgeMs: whole(maxAgeMs),
    };
    return (await run(statements.list(only), values)).map((raw) => readSqlRow(raw).row);
  }

  /** The database's clock; no number before there is an epoch. */
  async function clock(): Promise<number> {
    const [raw] = await run(statements.epoch, {});
    return raw === undefined ? Number.NaN : EpochRow.parse(raw).read_at;
  }

  async function readEpoch(): Promise<unknown> {
    return (await ask(statements.epoch, {}))[0];
  }

  async function read(id: string): Promise<StoredUses | null> {
    if (!isText(id)) return null;
    const [raw] = await run(statements.find, { id });
    return raw === undefined ? null : readSqlRow(raw);
  }

  /** With clocks that differ no row is taken, but the outcome of a row is still told. */
  async function seenUnderSkew(id: string, fingerprint: string): Promise<ClaimResult> {
    const row = (await read(id))?.row;
    const isOutcome =
      row?.fingerprint === fingerprint && (row.status === "charged" || row.status === "unknown");
    return isOutcome ? { k: "done", row } : { k: "skew" };
  }

  /** The answer of the row that stands after a claim; none where there is no row. */
  async function claimBy(
    statement: string,
    id: string,
    claim: Claim,
    limit: Readonly<Record<string, number>> = {},
  ): Promise<ClaimResult | undefined> {
    const { leaseMs, retainMs, unchargedMs = retainMs, mintedAt, now, head, ...facts } = claim;
    const clocks = {
      now: whole(now ?? 0),
      maxSkewMs: now === undefined ? FOR_EVER_MS : maxSkewMs,
    };
    const retention = { retainMs: whole(retainMs), unchargedMs: whole(unchargedMs) };
    const times = {
      leaseMs: whole(leaseMs),
      mintedAt: whole(mintedAt),
      skewMs: whole(skewMs),
      ...retention,
      ...clocks,
    };
    const chain = { head: head?.id ?? "", headAttempt: head?.attempt ?? "" };
    const values = { ...facts, id, ...times, ...chain, ...limit };
    const rows = await untilSerialized(() => run(statement, values));
    const raw = rows.find((each) => isRow(each, id));
    if (!raw) return undefined;
    // Ended rows leave in small numbers behind the answer; when that fails, a later claim has them to remove.
    if (random() < PURGE_SHARE) void purge().catch(() => 0);
    return claimResult(readSqlRow(raw).row, facts);
  }

  /** Why a claim met no row and took none; none where its key is older than the ledger, or a limit stopped it. */
  async function refusal(id: string, claim: Claim): Promise<ClaimResult | undefined> {
    const { userId, key, fingerprint, head, now } = claim;
    if (now !== undefined && Math.abs((await clock()) - now) > maxSkewMs)
      return seenUnderSkew(id, fingerprint);
    const rows = await list({ userId, key, limit: 2 });
    if (rows.some((row) => row.id !== id)) return { k: "mismatch" };
    const isGone = head && (await read(head.id))?.row.attempt !== head.attempt;
    if (isGone) return { k: "gone" };
    // Another request with this key may have made the row meanwhile.
    const [row] = rows;
    return row && claimResult(row, claim);
  }

  /** True for a key that is older than the ledger, and has no row. */
  async function isLost(id: string, { mintedAt }: Claim): Promise<boolean> {
    const { created_at } = EpochRow.parse(await readEpoch());
    return mintedAt < created_at + skewMs && (await read(id)) === null;
  }

  /** How long until a user may add a row; 0: there is room meanwhile. */
  async function untilRoom(userId: string, limit: Readonly<Record<string, number>>) {
    const [raw] = await run(statements.untilRoom, { userId, ...limit });
    return raw === undefined ? 0 : LeftRow.parse(raw).left_ms;
  }

  async function beginWithin(
    claim: { id: string; attempt: string },
    leaseMs: number,
    most: Required<SpendLimits>,
  ): Promise<BeginWithin> {
    const values = { ...claim, ...most, leaseMs };
    const begun = await untilSerialized(() => run(statements.beginWithin, values));
    if (begun.length > 0) return { k: "yes" };

    const [raw] = await run(statements.spending, values);
    if (raw === undefined) return { k: "no" };
    const { status, hundredths, addsUp, ...sums } = readSpending(raw);
    if (!addsUp) throw new AresError("ledger_unavailable", `ARES: ${noTrigger(table)}`);
    const excess = {
      minute: sums.minute + hundredths - most.minute,
      day: sums.day + hundredths - most.day,
    };
    const isOver = status === "claimed" && (excess.minute > 0 || excess.day > 0);
    if (isOver) return giveUp({ ...claim, userId: sums.userId, ...excess });
    // Where another charge was added meanwhile, nothing is written, and the next look sees that charge.
    await untilSerialized(() => run(statements.keepSums, sums));
    return beginWithin(claim, leaseMs, most);
  }

  /** Refuses a charge of so many hundredths too much in each window. */
  async function giveUp(
    over: { id: string; attempt: string; userId: string } & Required<SpendLimits>,
  ): Promise<BeginWithin> {
    const [raw] = await untilSerialized(() => run(statements.giveUp, over));
    if (raw === undefined) return { k: "no" };
    const { minute, day } = WaitsRow.parse(raw);
    return { k: "over", leftMs: Math.max(minute, day) };
  }

  async function erase(userId: string, erasure: Erasure): Promise<Erased> {
    const { as, madeBefore, after = FIRST, limit = 100 } = erasure;
    const user = { userId, madeBefore: whole(madeBefore) };
    const place = { after: after.createdAt, afterId: after.id };
    const page = (await run(statements.erasable, { ...user, ...place, limit: whole(limit) })).map(
      (raw) => ErasableRow.parse(raw),
    );
    const moving = page.filter(({ moves }) => Boolean(moves));
    const names = JSON.stringify(
      Object.fromEntries(moving.map(({ id }) => [id, crypto.randomUUID()])),
    );
    const moved =
      moving.length === 0
        ? []
        : await untilSerialized(() => run(statements.erase, { ...user, as, names }));
    const last = page.at(-1);
    if (last && page.length >= limit)
      return { moved: moved.length, next: { createdAt: last.created_at, id: last.id } };
    await untilSerialized(() => run(statements.forgetSums, { userId }));
    return { moved: moved.length, next: null };
  }

  return {
    store: {
      engine: dialect,
      name: `table ${table}`,
      place: () => placeOf(dialect, query, table),
    },
    schema,
    setup,
    purge,

    async claim(id, claim) {
      const answer = await claimBy(statements.claim, id, claim);
      return answer ?? (await refusal(id, claim)) ?? { k: "reset" };
    },

    async claimWithin(id, { most, ...claim }) {
      const limit = limitOf(most);
      const met = await claimBy(statements.claimWithin, id, claim, limit);
      const answer = met ?? (await refusal(id, claim));
      if (answer) return answer;
      if (await isLost(id, claim)) return { k: "reset" };
      return { k: "over", leftMs: await untilRoom(claim.userId, limit) };
    },

    async begin(id, { attempt, leaseMs }) {
      return (
        (
          await untilSerialized(() =>
            run(statements.begin, { id, attempt, leaseMs: whole(leaseMs) }),
          )
        ).length > 0
      );
    },

    beginWithin: (id, { attempt, leaseMs, most }) =>
      beginWithin({ id, attempt }, whole(leaseMs), {
        minute: whole(most.minute ?? FOR_EVER_MS),
        day: whole(most.day ?? FOR_EVER_MS),
      }),

    async settle(id, { attempt, to, outcome }) {
      const values = { id, attempt, to, outcome: JSON.stringify(outcome) };
      return (await untilSerialized(() => run(statements.settle, values))).length > 0;
    },

    async find(id) {
      return (await read(id))?.row ?? null;
    },

    async findAll(ids) {
      return (await run(statements.findAll, { ids: JSON.stringify(ids) })).map(
        (raw) => readSqlRow(raw).row,
      );
    },

    async newest(userId, fingerprints) {
      const rows = await run(statements.newest, {
        userId,
        fingerprints: JSON.stringify(fingerprints),
      });
      return rows.map((raw) => readSqlRow(raw).row);
    },

    redeem: (id, redemption) =>
      countUse(
        redemption,
        () => read(id),
        async (change) => (await run(statements.use, { id, ...change })).length > 0,
      ),

    list,
    erase,

    async resolve(id, { to, note, attempt }) {
      if (!isText(id)) return false;
      const statement = attempt === undefined ? statements.resolve : statements.correct;
      return (
        (
          await untilSerialized(() =>
            run(statement, { id, to, note, attempt: attempt ?? null, unread: FOR_EVER_MS }),
          )
        ).length > 0
      );
    },

    async health() {
      const raw = (await readEpoch()) ?? (await setup().then(readEpoch));
      const fault = columnFault(raw, table);
      if (fault) throw new AresError("ledger_unavailable", `ARES: ${fault}`);
      const { created_at: epoch, read_at: now } = EpochRow.parse(raw);
      const losses = await durabilityWarnings(dialect, query, table);
      const warnings = [
        ...(losses ?? [notTold]),
        ...(await indexWarnings(dialect, query, table)),
        ...(query.warnings?.() ?? []),
      ];
      return { durable: losses ? losses.length === 0 : undefined, epoch, now, warnings };
    },

    trial(name) {
      const own = trialTable(table, name);
      return {
        ...sqlLedger({ query, dialect, table: own, skewMs, random }),
        async drop() {
          for (const statement of dropStatements(own)) await query(statement, []);
        },
      };
    },
  };
}

/** What the row says that stands there after the claim. */
function claimResult(
  row: ChargeRow,
  { attempt, fingerprint }: Pick<Claim, "attempt" | "fingerprint">,
): ClaimResult {
  if (row.fingerprint !== fingerprint) return { k: "mismatch" };
  switch (row.status) {
    case "claimed":
      return row.attempt === attempt ? { k: "mine" } : { k: "busy", row };
    case "sending":
      return { k: "busy", row };
    default:
      return { k: "done", row };
  }
}

/** The limit as the statements take it: how many rows stand before the oldest one of a full window, and its length. */
function limitOf({ rows, windowMs }: ClaimLimit) {
  return { others: whole(rows - 1), windowMs: whole(windowMs) };
}

/** Before every row. */
const FIRST = { createdAt: -1, id: "" };

/** One claim in a hundred removes up to a hundred rows. */
const PURGE_SHARE = 0.01;

/** Infinity is no integer to a database. */
function whole(ms: number): number {
  return Math.round(Math.min(ms, FOR_EVER_MS));
}

/** PostgreSQL stores no text with this character, and refuses to look for it. */
function isText(id: string): boolean {
  return !id.includes("\0");
}

function isRow(raw: unknown, id: string): boolean {
  return typeof raw === "object" && raw !== null && "id" in raw && raw.id === id;
}
