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
import { cursorOf, newestFirst } from "../rows";
import type { BeginWithin } from "../spending";
import { countUse } from "../uses";
import { redisIdentity, redisWarnings } from "./health";
import { placeOf } from "./place";
import type { RedisLedger, RedisLedgerOptions } from "./redisLedgerOptions";
import { readErasedPage, readPage, readRedisRow, readRedisUses, readRows } from "./row";
import { type RedisOperation, redisScript } from "./scripts";

/**
 * Keeps the ledger in Redis or Valkey, through the client the app already has.
 *
 * Each operation is one script on the server's own clock. Redis must keep an append-only file and must not evict keys;
 * `health()` checks both. With replicas, use `wait`, or a failover can forget a charge.
 * In a cluster all keys share one hash slot, so one node carries the whole ledger.
 *
 * @example
 * import { Redis } from "ioredis"
 *
 * const ledger = redisLedger({ ...fromIoredis(new Redis()), wait: { replicas: 1 } })
 *
 * @throws {AresError} `invalid_request` when `wait` is asked of a connection without `command`.
 */
export function redisLedger({
  eval: run,
  command,
  warnings,
  prefix = "ares",
  wait,
  skewMs = 2000,
}: RedisLedgerOptions): RedisLedger {
  if (wait && !command) {
    throw new AresError(
      "invalid_request",
      "ARES: redisLedger can't wait for replicas without `command`. Use fromIoredis, fromIovalkey or fromNodeRedis.",
    );
  }
  const root = rootOf(prefix);

  async function call(
    operation: RedisOperation,
    id: string,
    args: object,
  ): Promise<[word: string, json: string]> {
    const answer = await run(
      redisScript(operation),
      [`${root}charge:${id}`, root],
      [JSON.stringify(args)],
    );
    if (typeof answer !== "string")
      throw new Error(`redisLedger: ${operation} answered ${typeof answer} instead of text.`);
    const space = answer.indexOf(" ");
    return space < 0 ? [answer, ""] : [answer.slice(0, space), answer.slice(space + 1)];
  }

  /** Runs a write. Its yes counts only when enough replicas of the same server have the write. */
  async function acknowledged(
    id: string,
    attempt: string,
    status: string,
    yes: string,
    write: () => Promise<[string, string]>,
  ) {
    if (!wait || !command) return write();
    const identity = await redisIdentity(command);
    const answer = await write();
    if (answer[0] !== yes) return answer;
    const replicas = Number(
      await command("WAIT", String(wait.replicas), String(wait.timeoutMs ?? 1000)),
    );
    const [standing] = await call("standing", id, { attempt, status });
    // A replaced connection has no writes of its own, so its WAIT proves nothing.
    const same = (await redisIdentity(command)) === identity;
    if (replicas >= wait.replicas && standing === "yes" && same) return answer;
    throw new Error(
      `redisLedger: ${replicas} of ${wait.replicas} replicas confirmed the write${same ? "" : ", on another connection"}. Nothing may be sent.`,
    );
  }

  /** Reads page after page, until there are enough rows. */
  async function pages({
    before,
    limit,
    maxAgeMs = FOR_EVER_MS,
    ...asked
  }: ChargeFilter & { stored: string | undefined; limit: number }): Promise<ChargeRow[]> {
    const rows: ChargeRow[] = [];
    const { createdAt, id } = cursorOf(before);
    const only = { ...asked, maxAgeMs: Math.min(maxAgeMs, FOR_EVER_MS) };
    let cursor = {
      before: createdAt === Number.POSITIVE_INFINITY ? "+inf" : `${createdAt}`,
      beforeId: id,
    };
    while (rows.length < limit) {
      const [, json] = await call("list", "", {
        ...only,
        ...cursor,
        limit: Math.min(limit - rows.length, FOR_EVER_MS),
      });
      const page = readPage(json);
      rows.push(...page.rows);
      if (!page.next) break;
      cursor = page.next;
    }
    return rows;
  }

  /** Runs a claim, and gives its answer as the script words it. */
  async function claim(id: string, claim: Claim & { most?: ClaimLimit }) {
    const { retainMs, unchargedMs = retainMs } = claim;
    const retention = {
      retainMs: Math.min(retainMs, FOR_EVER_MS),
      unchargedMs: Math.min(unchargedMs, FOR_EVER_MS),
    };
    const args = {
      ...claim,
      ...retention,
      id,
      leaseMs: Math.round(claim.leaseMs),
      skewMs,
      maxSkewMs,
    };
    return acknowledged(id, claim.attempt, "claimed", "mine", () => call("claim", id, args));
  }

  async function erase(userId: string, erasure: Erasure): Promise<Erased> {
    const { as, madeBefore, after = FIRST, limit = 100 } = erasure;
    const names = Array.from({ length: limit }, () => crypto.randomUUID());
    const place = { after: `${after.createdAt}`, afterId: after.id };
    const [word, rest] = await call("erase", "", { userId, as, madeBefore, names, ...place });
    return word === "done" ? { moved: Number(rest), next: null } : readErasedPage(rest);
  }

  return {
    store: {
      engine: "redis",
      name: `prefix ${prefix}`,
      place: () => placeOf(command, root),
    },
    setup: async () => void (await call("epoch", "", {})),

    claim: async (id, asked) => claimResult(await claim(id, asked)),

    async claimWithin(id, asked) {
      const { rows, windowMs } = asked.most;
      const most = { rows: Math.round(rows), windowMs: Math.round(windowMs) };
      const [word, rest] = await claim(id, { ...asked, most });
      return word === "over" ? { k: "over", leftMs: Number(rest) } : claimResult([word, rest]);
    },

    async begin(id, { attempt, leaseMs }) {
      const begin = () => call("begin", id, { attempt, leaseMs: Math.round(leaseMs) });
      return (await acknowledged(id, attempt, "sending", "yes", begin))[0] === "yes";
    },

    async beginWithin(id, { attempt, leaseMs, most }): Promise<BeginWithin> {
      const args = { attempt, leaseMs: Math.round(leaseMs), ...most };
      const [word, rest] = await acknowledged(id, attempt, "sending", "yes", () =>
        call("beginWithin", id, args),
      );
      if (word === "over") return { k: "over", leftMs: Number(rest) };
      return { k: word === "yes" ? "yes" : "no" };
    },

    async settle(id, { attempt, to, outcome }) {
      return (
        (await call("settle", id, { attempt, to, outcome: JSON.stringify(outcome) }))[0] === "yes"
      );
    },

    async find(id) {
      const [word, json] = await call("find", id, {});
      return word === "row" ? readRedisRow(JSON.parse(json)) : null;
    },

    async findAll(ids) {
      return readRows((await call("findAll", "", { ids }))[1]);
    },

    async newest(userId, fingerprints) {
      return readRows((await call("newest", "", { userId, fingerprints }))[1]);
    },

    redeem: (id, redemption) =>
      countUse(
        redemption,
        async () => {
          const [word, json] = await call("find", id, {});
          return word === "row" ? readRedisUses(JSON.parse(json)) : null;
        },
        async (change) => (await call("use", id, change))[0] === "yes",
      ),

    async list(filter) {
      const { status, limit = 100 } = filter;
      // A lost sender is stored as `sending`, and reads as `unknown`.
      const stored = status === "unknown" ? ["unknown", "sending"] : [status];
      const found = await Promise.all(
        stored.map((each) => pages({ ...filter, stored: each, limit })),
      );
      return found.flat().sort(newestFirst).slice(0, limit);
    },

    erase,

    async resolve(id, resolution) {
      return (await call("resolve", id, resolution))[0] === "yes";
    },

    async health() {
      const [epoch = Number.NaN, now = Number.NaN] = (await call("epoch", "", {}))[1]
        .split(" ")
        .map(Number);
      const losses = await redisWarnings(command, wait?.replicas ?? 0);
      return {
        durable: losses ? losses.length === 0 : undefined,
        epoch,
        now,
        warnings: [...(losses ?? [NOT_TOLD]), ...(warnings?.() ?? [])],
      };
    },

    trial(name) {
      const own = `${prefix}_${name}`;
      const connection = { eval: run, ...(command && { command }), ...(warnings && { warnings }) };
      return {
        ...redisLedger({ ...connection, prefix: own, ...(wait && { wait }), skewMs }),
        async drop() {
          const root = rootOf(own);
          while ((await run(redisScript("drop"), [root, root], ["{}"])) === "more");
        },
      };
    },
  };
}

function claimResult([word, json]: readonly [word: string, json: string]): ClaimResult {
  switch (word) {
    case "mine":
    case "mismatch":
    case "reset":
    case "skew":
    case "gone":
      return { k: word };
    case "seen": {
      const row = readRedisRow(JSON.parse(json));
      return row.status === "claimed" || row.status === "sending"
        ? { k: "busy", row }
        : { k: "done", row };
    }
  }
  throw new Error(`redisLedger: claim answered "${word}".`);
}

/** What every key begins with. */
const rootOf = (prefix: string) => (prefix.includes("{") ? `${prefix}:` : `{${prefix}}:`);

const NOT_TOLD =
  "This Redis does not tell its settings. Make sure of appendonly yes, maxmemory-policy noeviction, and no eventual consistency between regions.";

/** Before every row. */
const FIRST = { createdAt: -1, id: "" };

/** Longer than any ledger lives, and still an exact integer when added to a time. */
const FOR_EVER_MS = 1e15;
