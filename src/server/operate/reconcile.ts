import { evidenceOf, readAccount } from "../ares/account";
import type { AresApi } from "../ares/aresApi";
import type { AresAuth, Authenticate } from "../auth/auth";
import { KEY_ROW_MS } from "../charge/chargeLookup";
import { type ChargeChange, factsOf } from "../charge/events";
import { askLedger, rowsWithin } from "../ledger/askLedger";
import type { ChargeFilter, ChargeRow, Ledger } from "../ledger/ledger";
import { isUnsettled, newestFirst, rowOfKey } from "../ledger/rows";
import type { Watch } from "../telemetry";
import { type ErasedUser, eraseUser } from "./eraseUser";

/** What the balance says about an unconfirmed charge. Evidence, not proof: another app may have spent the same amount. */
export interface Proposal {
  chargeId: string;
  usage: string;
  credits: number;
  /** `null`: the evidence is not sound, and an operator decides. */
  proposal: "charged" | "not_charged" | null;
  /** Why, in words for an operator. */
  reason: string;
  /** True when this run changed the ledger. */
  applied: boolean;
}

/** How a server settles charges whose outcome is unknown. */
export interface Reconciliation {
  /**
   * Judges unconfirmed charges, oldest first; charges too old for evidence come last. Never sends a charge again.
   * Call it from a cron. A charge whose sender was lost is stored as unknown, with the event `unknown`.
   *
   * A verdict needs all of these:
   * - the balance from before the charge (`evidence: "balance"`)
   * - a way to the user's token without a request (`auth.forUser`; `clerkAuth` has one)
   * - the same ARES account as at the time of the charge
   * - no other open charge of the user
   * - two readings that agree
   *
   * `apply` stores sound verdicts; without `apply` they are only proposed.
   *
   * @example
   * const proposals = await ares.reconcile({ limit: 50, apply: true })
   */
  reconcile(options?: { limit?: number; apply?: boolean }): Promise<Proposal[]>;
  /** The operator's view of the book. */
  charges: {
    /** Lists charges, newest first. */
    list(filter?: ChargeFilter): Promise<ChargeRow[]>;
    /** Reads one charge by its id, or by its idempotency key together with its user. Null where there is none. */
    find(charge: { chargeId: string } | { key: string; userId: string }): Promise<ChargeRow | null>;
    /** Which book this server writes. */
    book(): Promise<ChargeBook>;
    /** Ends an unconfirmed charge by ARES's own books. False when the charge is not unconfirmed any more. */
    resolve(chargeId: string, to: "charged" | "not_charged", note: string): Promise<boolean>;
    /**
     * Gives the uses of a charge back, for a user who paid and did not get the work. `by` names one of the row's
     * `redeemedBy`; the row keeps the `note`. False when there was no use.
     */
    release(chargeId: string, use?: { by?: string; note?: string }): Promise<boolean>;
    /**
     * Erases a user: their charges move under a random name that nobody keeps, and their ARES tokens go. Amounts, usages,
     * times and outcomes stay, so that your sums stand. Charges of the last 25 hours stay for now, and so do open ones and those
     * by which the balance judges them: erase the user again after `until`.
     *
     * Whatever the user has paid for reads as not paid afterwards, and is sold again. Delete the user first, so that
     * nobody charges meanwhile. Nothing is sent to ARES.
     *
     * @example
     * const { stay, until } = await ares.charges.erase("user_2abc")
     *
     * @throws {AresError} `ledger_unavailable` or `auth_unavailable` when it broke off: erase the user again.
     */
    erase(userId: string): Promise<ErasedUser>;
  };
}

/** The book of charges that a server writes. */
export interface ChargeBook {
  /** `postgres`, `sqlite`, `redis`, `memory`, or undefined for a ledger that does not tell. */
  engine: string | undefined;
  /** Its table or prefix. */
  name: string | undefined;
  /** Its server, database or file, where the store tells. */
  host: string | undefined;
  /** About how many rows it holds, where the store tells without counting them. */
  rows: number | undefined;
  /** True over a pretend ARES: no real credits stand in it. */
  pretend: boolean;
  /** When it began to remember, in milliseconds since 1970. */
  since: number;
  /** True where a confirmed write survives a crash; undefined where the store does not tell. */
  durable: boolean | undefined;
}

export interface ReconciliationParts {
  ledger: Ledger;
  /** Removes a user's tokens, where `auth` keeps them. */
  forget?: ((userId: string) => Promise<void>) | undefined;
  pretend?: boolean | undefined;
  api: AresApi;
  authenticate: Authenticate;
  emit: (change: ChargeChange) => void;
  watch: Pick<Watch, "unknown">;
  /** How long one call to ARES may take, in milliseconds. */
  sendMs: number;
  /** Between the two readings, in milliseconds. */
  pauseMs?: number;
}

/** True when the ledger may have forgotten charges of that time, so the balance proves nothing. */
function isTooOld({ ageMs }: ChargeRow): boolean {
  return ageMs >= KEY_ROW_MS;
}

type Verdict = Pick<Proposal, "proposal" | "reason">;

function undecided(reason: string): Verdict {
  return { proposal: null, reason };
}

/** A sent charge may still land within this time. Before that, an unchanged balance proves nothing. */
const SETTLED_MS = 120_000;
/** The longest time between the reading of a balance and the row's creation. */
const CLAIM_MS = 15_000;

/** How many charges of a user are looked at. */
const LISTED = 100;

export function createReconciliation(parts: ReconciliationParts): Reconciliation {
  const { ledger, api, authenticate, emit, watch, sendMs, pauseMs = 1_000 } = parts;
  const readMs = sendMs + CLAIM_MS;

  async function resolve(
    chargeId: string,
    to: "charged" | "not_charged",
    note: string,
  ): Promise<boolean> {
    const row = await askLedger(() => ledger.find(chargeId));
    const done = await askLedger(() =>
      ledger.resolve(chargeId, { to: to === "charged" ? "charged" : "declined", note }),
    );
    if (done && row) emit({ type: "resolved", ...factsOf(row), verdict: to });
    return done;
  }

  async function release(
    chargeId: string,
    { by, note }: { by?: string; note?: string } = {},
  ): Promise<boolean> {
    const uses =
      by === undefined ? ((await askLedger(() => ledger.find(chargeId)))?.redeemedBy ?? []) : [by];
    const why = note === undefined ? {} : { note };
    let released = false;
    for (const each of uses) {
      const answer = await askLedger(() =>
        ledger.redeem(chargeId, { by: each, release: true, ...why }),
      );
      released ||= answer === "ok";
    }
    return released;
  }

  function list(filter: ChargeFilter = {}): Promise<ChargeRow[]> {
    return askLedger(() => ledger.list(filter));
  }

  async function find(
    charge: { chargeId: string } | { key: string; userId: string },
  ): Promise<ChargeRow | null> {
    if ("chargeId" in charge) return askLedger(() => ledger.find(charge.chargeId));
    return rowOfKey(await list(charge));
  }

  async function book(): Promise<ChargeBook> {
    const { epoch, durable } = await askLedger(() => ledger.health());
    const { engine, name } = ledger.store ?? {};
    // Where the store stands is told where it can be told. Without it, the book is the same.
    const place = await askLedger(async () => ledger.store?.place?.()).catch(() => undefined);
    return {
      engine,
      name,
      host: place?.host,
      rows: place?.rows,
      pretend: parts.pretend ?? false,
      since: epoch,
      durable,
    };
  }

  async function judge(row: ChargeRow): Promise<Verdict> {
    if (row.hundredths === 0)
      return { proposal: "charged", reason: "The price is 0, so nothing was sent to ARES." };
    if (isTooOld(row))
      return undecided("Too old: the ledger may have forgotten other charges of that time.");
    const { balanceBefore, wallet } = row.outcome;
    if (balanceBefore === undefined || wallet === undefined)
      return undecided("The account's balance before this charge is not known.");
    const auth = authenticate.forUser?.(row.userId);
    if (!auth) return undecided("auth has no forUser(), so the balance can't be read.");
    return judgeByBalance(row, { balanceBefore, wallet }, auth);
  }

  /** Judges a charge by the balance before it and the balance now. */
  async function judgeByBalance(
    row: ChargeRow,
    { balanceBefore, wallet }: { balanceBefore: number; wallet: string },
    auth: AresAuth,
  ): Promise<Verdict> {
    const others = await othersOf(row);
    const doubt = doubtOf(row, others, readMs);
    if (doubt !== undefined) return undecided(doubt);
    const spent = spentSince(row, others);
    const expected = balanceBefore - spent.reduce((sum, each) => sum + each.hundredths, 0);

    const one = await evidenceOf(await readAccount(api, auth));
    await new Promise((done) => setTimeout(done, pauseMs));
    const two = await evidenceOf(await readAccount(api, auth));
    if ([...spent.map(({ outcome }) => outcome), one, two].some((each) => each.wallet !== wallet))
      return undecided("Another ARES account is connected now, or has paid since.");
    if (one.balanceBefore !== two.balanceBefore)
      return undecided("Two readings of the balance differ.");
    return compare(row, expected, one.balanceBefore);
  }

  /** The user's other charges. */
  async function othersOf(row: ChargeRow): Promise<ChargeRow[]> {
    const rows = await askLedger(() => ledger.list({ userId: row.userId, limit: LISTED }));
    return rows.filter(({ id }) => id !== row.id);
  }

  /** Stores a lost sender's row as unknown, so that the event is sent once. The sender may still settle the row. */
  async function endLost(row: ChargeRow): Promise<void> {
    if (row.settledAgoMs !== null) return;
    const ended = await askLedger(() =>
      ledger.settle(row.id, { attempt: row.attempt, to: "unknown", outcome: row.outcome }),
    );
    if (ended) emit({ type: "unknown", code: "outcome_unknown", ...factsOf(row) });
  }

  return {
    async reconcile({ limit = 50, apply = false } = {}) {
      const rows = await rowsWithin(ledger, { status: "unknown" }, Number.POSITIVE_INFINITY);
      rows.sort((a, b) => Number(isTooOld(a)) - Number(isTooOld(b)) || newestFirst(b, a));
      const proposals: Proposal[] = [];
      for (const row of rows.slice(0, limit)) {
        await endLost(row);
        const verdict = await judge(row).catch(() => undecided("The balance could not be read."));
        const applied =
          apply &&
          verdict.proposal !== null &&
          (await resolve(row.id, verdict.proposal, `balance: ${verdict.reason}`));
        proposals.push({ ...factsOf(row), ...verdict, applied });
      }
      const ended = new Set(proposals.filter((each) => each.applied).map((each) => each.chargeId));
      const left = rows.filter(({ id }) => !ended.has(id));
      watch.unknown({
        count: left.length,
        oldestMs: left.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0),
      });
      return proposals;
    },
    charges: {
      list,
      find,
      book,
      resolve,
      release,
      erase: (userId) => eraseUser(parts, userId),
    },
  };
}

/** Why the balance says nothing about a charge, where the user's other charges make it so. */
function doubtOf(row: ChargeRow, others: readonly ChargeRow[], readMs: number): string | undefined {
  if (others.length >= LISTED - 1) return "This user has too many charges to tell them apart.";
  if (others.some(isUnsettled)) return "This user has another open charge.";
  // The balance was read shortly before the row was made. A charge under way may or may not be in that balance.
  const isUnderWay = others.some(
    (each) =>
      each.status === "charged" &&
      each.createdAt < row.createdAt + readMs &&
      (each.settledAt ?? 0) >= row.createdAt - readMs,
  );
  return isUnderWay ? "Another charge of this user was under way." : undefined;
}

/** The charges that were paid after a row was made. */
function spentSince(row: ChargeRow, others: readonly ChargeRow[]): ChargeRow[] {
  return others.filter(
    (each) => each.status === "charged" && (each.settledAt ?? 0) >= row.createdAt,
  );
}

/** Compares the balance that would stand without this charge with the balance now, both in hundredths. */
function compare(row: ChargeRow, expected: number, balance: number | undefined): Verdict {
  if (balance === expected - row.hundredths)
    return { proposal: "charged", reason: "The balance fell by exactly this price." };
  if (balance !== expected) return undecided("The balance changed by another amount.");
  if (row.ageMs < SETTLED_MS) return undecided("Too early: ARES may still take the credits.");
  return { proposal: "not_charged", reason: "The balance has not changed since." };
}
