import type { ChargeStatus } from "../../contract";
import type { Erased, Erasure } from "./erasing";
import type { RedeemResult, Redemption, UseState } from "./redemption";
import type { BeginWithin, SpendLimits } from "./spending";

/**
 * The book of charges. Every operation is atomic in the engine. A repeated operation of the same attempt gives the
 * same answer, because drivers re-send after a lost reply.
 *
 * - `claimed`: nothing is sent. Another worker may take over once the lease ends.
 * - `sending`: exactly one sender. The row is never taken over and never sent again.
 * - `charged`, `declined`, `unknown`: the outcome.
 *
 * All times are milliseconds since 1970 on the store's own clock. Every read shows a `sending` row whose lease has
 * ended as `unknown`.
 *
 * @throws any error when the store cannot be reached. The engine then refuses and sends nothing.
 */
export interface Ledger {
  /** Which store this is, for an operator who is about to change it. Optional. */
  readonly store?: LedgerStore;
  /** Reserves a charge before anything is sent. */
  claim(id: string, claim: Claim): Promise<ClaimResult>;
  /**
   * As `claim`, but adds a row only while the user has fewer rows in the window than `most.rows`, whatever became of them. A
   * claim that `claim` answers from a row, or that takes over another attempt's claim, adds none. One that takes over another
   * key's `declined` row does. Where `claim` would take no row, its answer stands before the limit.
   *
   * Nothing is written for a refused claim. Claims at the same instant may pass the limit by their number. Optional:
   * `chargesOnAllServers` of `rateLimit` refuses a ledger without this verb.
   */
  claimWithin?(id: string, claim: Claim & { most: ClaimLimit }): Promise<ClaimWithin>;
  /**
   * The fence in front of ARES. Moves this attempt's `claimed` row to `sending`, or renews its lease.
   * Nothing may be sent unless the answer is `true`. Two claims at the same instant may have put one key into two
   * rows; at most one of these rows gets a `true`.
   */
  begin(id: string, begin: { attempt: string; leaseMs: number }): Promise<boolean>;
  /**
   * As `begin`, but only while the user's charges of the last minute and of the last day stay within the limits, this one
   * included. Charges count that are `sending`, `unknown` or `charged`. Of any number at the same instant exactly those
   * pass that fit. A user whose charges begin with limits begins all of them so: a ledger may overlook one that did not.
   * Optional: `spendCap` refuses a ledger without this verb.
   */
  beginWithin?(
    id: string,
    begin: { attempt: string; leaseMs: number; most: SpendLimits },
  ): Promise<BeginWithin>;
  /**
   * Stores the outcome of this attempt's `sending` or `unknown` row. `claimed` means: provably nothing was processed.
   * Only a `sending` row can become `claimed`; the row is free at once for the next attempt.
   */
  settle(id: string, settlement: Settlement): Promise<boolean>;
  /** Reads one row. */
  find(id: string): Promise<ChargeRow | null>;
  /**
   * Reads several rows in one round trip, at most 200, in any order. A row that `find` would not tell is left out.
   * Optional: a ledger without this verb is asked by `find`, ten rows at a time.
   */
  findAll?(ids: readonly string[]): Promise<ChargeRow[]>;
  /**
   * The newest row of each fingerprint, among a user's rows with a resource that are not declined. A hint: an older row, or
   * none, costs reads only. Optional.
   */
  newest?(userId: string, fingerprints: readonly string[]): Promise<ChargeRow[]>;
  /**
   * Counts a use of a charged row, at most `uses` times (1 by default). The same `by` passes again and counts once.
   * With `leaseMs` the use is held while its work runs. A use whose lease ended unfinished goes to the next who asks.
   * `release` gives `by`'s use back, and `note` says why.
   */
  redeem(id: string, redemption: Redemption): Promise<RedeemResult>;
  /** Lists rows, newest first; rows of one millisecond by descending id. */
  list(filter: ChargeFilter): Promise<ChargeRow[]>;
  /**
   * Ends an `unknown` row by evidence or by an operator, never by sending again. With `attempt` it corrects such an end:
   * that attempt's `declined` row becomes `charged`, because ARES confirmed the charge late.
   */
  resolve(
    id: string,
    resolution: { to: "charged" | "declined"; note: string; attempt?: string },
  ): Promise<boolean>;
  /**
   * Moves old rows of a user under another name, oldest first, so that nobody can tell any more whose they were. Usage,
   * amount, times, status and ARES's status stay; all else gets a new name, or goes.
   *
   * Open rows stay, and those made since `madeBefore`. Rows with a resource leave together: none moves while another one of
   * its fingerprint stays. A charge that was settled after the first open row was made, or within the hour before, stays too:
   * the balance judges both together. Once the user has no row left, what the ledger counts of the user goes.
   *
   * A repeated call goes on where the rows stand, so a run that broke off is run again. Optional.
   */
  erase?(userId: string, erasure: Erasure): Promise<Erased>;
  /**
   * Creates what the ledger lacks, such as its tables, and begins it. May run at every start. Optional: a ledger that needs
   * nothing has no such verb.
   */
  setup?(): Promise<void>;
  /** Tells whether a confirmed write survives a crash, and what to correct. */
  health(): Promise<LedgerHealth>;
  /**
   * The same ledger on the same engine, with a name of its own that ends so, and nothing in it: for `npx ares-react prove`.
   * Whoever puts a verb of their own over a ledger puts it over this one too. Optional: `prove` refuses a ledger without.
   */
  trial?(name: string): TrialLedger;
}

/** A ledger for a trial. */
export interface TrialLedger extends Ledger {
  setup(): Promise<void>;
  /** Removes all of it from the engine. */
  drop(): Promise<void>;
}

/** What a handler writes down before anything is sent. */
export interface Claim {
  /** The fencing token: a random id for each run of the handler. */
  attempt: string;
  /**
   * The idempotency key. One user's key belongs to one row: when the key stands in another row, no row is taken and the
   * answer is `mismatch`.
   *
   * This key may take over a `declined` row of another key. In the same step the other key's refusal moves to a row of its
   * own, with all its facts and for the rest of its time. So a late repeat of that key meets its refusal, and is not sent.
   */
  key: string;
  /** The same key with another fingerprint is `mismatch`, in every state. */
  fingerprint: string;
  /** When the key was minted. A key minted before the ledger's epoch, without a row, is `reset`. */
  mintedAt: number;
  leaseMs: number;
  /**
   * The app's clock, in milliseconds since 1970. A ledger whose own clock differs by more than `maxSkewMs` takes no row
   * and answers `skew`: a row's retention would end too early. A ledger may ignore it.
   */
  now?: number;
  /** How long a charged row must live after its last settlement or resolution. Infinity: for ever. */
  retainMs: number;
  /**
   * How long the row must live while it proves no charge: as a claim, and once it is declined. Afterwards it leaves.
   * @default retainMs
   */
  unchargedMs?: number;
  userId: string;
  usage: string;
  resource: string | null;
  /** Whole hundredths of a credit. */
  hundredths: number;
  /**
   * The first row of a resource's chain, where the claim is for a later one. No row is taken unless that row still stands
   * and is still this attempt's: `erase` may have moved the chain since it was read. A ledger without `erase` ignores it.
   */
  head?: Pick<ChargeRow, "id" | "attempt"> | undefined;
}

/** The most that a ledger's clock may differ from the app's, in milliseconds. */
export const maxSkewMs = 10 * 60_000;

/** The answer to a claim: who owns the row, or what became of it. */
export type ClaimResult =
  /** This attempt owns the row; nothing has been sent. */
  | { k: "mine" }
  /** Another attempt owns it. */
  | { k: "busy"; row: ChargeRow }
  /** The key belongs to another request. */
  | { k: "mismatch" }
  /** The row is `charged`, `declined` (by this key) or `unknown`. */
  | { k: "done"; row: ChargeRow }
  /** The ledger's clock differs too much from the app's, so no row was taken. */
  | { k: "skew" }
  /** The ledger is younger than the key: the key's row may have been lost. */
  | { k: "reset" }
  /** `head` does not stand any more, so no row was taken. */
  | { k: "gone" };

/** How many rows of the last `windowMs` milliseconds a user may have, on the store's own clock. */
export interface ClaimLimit {
  /** A whole number above 0. */
  rows: number;
  windowMs: number;
}

/** The answer to a claim within a limit on new charges. */
export type ClaimWithin =
  | ClaimResult
  /** The user has as many rows as the limit allows, so none was added. `leftMs` tells when there is room for one. */
  | { k: "over"; leftMs: number };

/** What a handler writes down once the outcome is known. */
export interface Settlement {
  attempt: string;
  to: "charged" | "declined" | "unknown" | "claimed";
  outcome: Outcome;
}

/** The known facts of an outcome. Never a token, an e-mail or an upstream body. */
export interface Outcome {
  /** A code of the error table for `declined`. */
  code?: string;
  /** ARES's HTTP status, when ARES declined or did not confirm. */
  aresStatus?: number;
  /** The balance before the charge in whole hundredths, where it was read. */
  balanceBefore?: number;
  /** The account of `balanceBefore`: a digest of ARES's user id. Older rows have none. */
  wallet?: string;
  /** The balance after the charge in whole hundredths, where ARES told it. */
  balanceAfter?: number;
  /** How an unknown charge was resolved. */
  note?: string;
  /** `ares.charge` has answered with this charge, and replays it so often. */
  repeats?: number;
}

/** One charge in the ledger, with all that is stored of it. */
export interface ChargeRow {
  id: string;
  status: ChargeStatus;
  attempt: string;
  key: string;
  fingerprint: string;
  userId: string;
  usage: string;
  resource: string | null;
  hundredths: number;
  /** Milliseconds until the lease ends, on the store's clock at the time of the read. Zero or less: ended. */
  leaseLeftMs: number;
  /** How long ago the row was created, on the store's clock. */
  ageMs: number;
  /** How long ago the row was settled, on the store's clock; null before that. */
  settledAgoMs: number | null;
  createdAt: number;
  settledAt: number | null;
  outcome: Outcome;
  /** The uses of the row, by their `by`. */
  redeemedBy: string[];
  /** What each use is worth to its next request, by the store's clock. Optional: without it a look does not tell of the work. */
  uses?: UseState[];
  /** Why uses were given back, the last time that somebody said why. A ledger that tells `uses` tells it too. */
  releaseNote?: string;
}

/** Which rows a ledger lists. */
export interface ChargeFilter {
  status?: ChargeStatus;
  userId?: string;
  /** Only rows of this idempotency key. Quick together with `userId`. */
  key?: string;
  /** Rows created before this time; or, given the last row of a page, the rows that follow it. */
  before?: number | Pick<ChargeRow, "createdAt" | "id"> | undefined;
  /** Only rows of at most this age, on the store's clock. A ledger may ignore it and list older rows too. */
  maxAgeMs?: number;
  /** @default 100 */
  limit?: number;
}

/** A ledger's engine, such as `postgres`, and its table or the prefix of its keys. */
export interface LedgerStore {
  engine: string;
  name: string;
  /** Where it stands, as far as the store tells at a cost that does not grow with its rows. */
  place?(): Promise<LedgerPlace>;
}

/** Where a ledger keeps its rows, for an operator. */
export interface LedgerPlace {
  /** Its server, database or file, in words for an operator. No password is in it. */
  host?: string;
  /** About how many rows it holds. */
  rows?: number;
}

/** How a ledger is doing, in its own words and on its own clock. */
export interface LedgerHealth {
  /** True when a confirmed write survives a crash and a power cut; undefined where the store does not tell. */
  durable: boolean | undefined;
  /** When this ledger began to remember, in milliseconds since 1970. */
  epoch: number;
  /** The store's clock when it answered, in milliseconds since 1970. */
  now: number;
  warnings: string[];
}
