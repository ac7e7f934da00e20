import type { ChargeStatus } from "../../contract";

/**
 * The book of charges. Every operation is atomic in the engine and answers the same when it is
 * repeated with the same attempt, because drivers re-send after a lost reply.
 *
 * `claimed` (no byte sent; another worker may take over once the lease ends) → `sending` (exactly one
 * sender, never taken over, never re-sent) → `charged | declined | unknown`. All times are milliseconds
 * since 1970 on the store's own clock. Every read shows a `sending` row whose lease has ended as `unknown`.
 *
 * @throws any error when the store cannot be reached; the engine then refuses and sends nothing.
 */
export interface Ledger {
  /** Reserves a charge before anything is sent. */
  claim(id: string, claim: Claim): Promise<ClaimResult>;
  /**
   * The fence in front of ARES: moves this attempt's `claimed` row to `sending`, or renews the lease of its
   * `sending` row, and says whether it did. Nothing may be sent unless it said `true`. Of two rows in which one key
   * stands after all, because they were claimed at the same instant, at most one gets a `true`.
   */
  begin(id: string, begin: { attempt: string; leaseMs: number }): Promise<boolean>;
  /**
   * Writes the outcome of this attempt's `sending` or `unknown` row. `claimed` says that provably nothing
   * was processed: it is possible from `sending` only, and frees the row at once for the next attempt.
   */
  settle(id: string, settlement: Settlement): Promise<boolean>;
  /** Reads one row. */
  find(id: string): Promise<ChargeRow | null>;
  /**
   * Uses up a charged row, at most `uses` times (1 by default); the same `by` is let through again. `release` gives `by`'s use back.
   * With `unconfirmed` an `unknown` row can be used up too, for an app that serves it at its own risk.
   */
  redeem(id: string, redemption: Redemption): Promise<RedeemResult>;
  /** Lists rows, newest first, and those of one millisecond by descending id. */
  list(filter: ChargeFilter): Promise<ChargeRow[]>;
  /**
   * Ends an `unknown` row by evidence or by an operator; never by sending again. With `attempt` it corrects such an end instead:
   * a row of that attempt that reads `declined` becomes `charged`, because ARES's own word came after all.
   */
  resolve(id: string, resolution: { to: "charged" | "declined"; note: string; attempt?: string }): Promise<boolean>;
  /** Says whether a confirmed write survives a crash, and what to correct. */
  health(): Promise<LedgerHealth>;
}

export interface Claim {
  /** Random per handler run; the fencing token. */
  attempt: string;
  /**
   * The idempotency key. A `declined` row of another key is given to this one. A key is given one row of its user:
   * where it stands in another, no row is taken for it, and the answer is `mismatch`.
   */
  key: string;
  /** Same key, other fingerprint: `mismatch`, in every state. */
  fingerprint: string;
  /** When the key was minted. A key minted before the ledger's epoch, without a row, is `reset`. */
  mintedAt: number;
  leaseMs: number;
  /** How long the row must live, from its last settlement or resolution on. Infinity: for ever. */
  retainMs: number;
  userId: string;
  usage: string;
  resource: string | null;
  /** Whole hundredths of a credit. */
  hundredths: number;
}

export type ClaimResult =
  /** This attempt owns the row; nothing has been sent. */
  | { k: "mine" }
  /** Another attempt owns it. */
  | { k: "busy"; row: ChargeRow }
  /** The key belongs to another request. */
  | { k: "mismatch" }
  /** The row is `charged`, `declined` (by this key) or `unknown`. */
  | { k: "done"; row: ChargeRow }
  /** The ledger is younger than the key: its row may have been lost. */
  | { k: "reset" };

export interface Settlement {
  attempt: string;
  to: "charged" | "declined" | "unknown" | "claimed";
  outcome: Outcome;
}

/** What is known of an outcome. Never a token, an e-mail or an upstream body. */
export interface Outcome {
  /** A code of the error table for `declined`. */
  code?: string;
  /** The HTTP status ARES answered with, where it declined or did not confirm. */
  aresStatus?: number;
  /** Whole hundredths, where it was read before the charge. */
  balanceBefore?: number;
  /** Whose balance that was: a digest of ARES's id of the user. Without it, and in rows of before there was one, it is not known. */
  wallet?: string;
  /** Whole hundredths, where ARES told it. */
  balanceAfter?: number;
  /** How an unknown charge was resolved. */
  note?: string;
}

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
  /** Milliseconds until the lease ends on the store's clock when it was read; zero or less: ended. */
  leaseLeftMs: number;
  /** How long ago the row was created, on the store's clock. */
  ageMs: number;
  /** How long ago the row was settled, on the store's clock; null while it is not. */
  settledAgoMs: number | null;
  createdAt: number;
  settledAt: number | null;
  outcome: Outcome;
  /** Who redeemed it. */
  redeemedBy: string[];
}

export interface Redemption {
  by: string;
  uses?: number;
  release?: boolean;
  unconfirmed?: boolean;
}

export type RedeemResult = "ok" | "already_by_me" | "used" | "absent";

export interface ChargeFilter {
  status?: ChargeStatus;
  userId?: string;
  /** The row in which this idempotency key stands; quick together with `userId`. */
  key?: string;
  /** Rows created before this time; or, given the last row of a page, the rows that follow it. */
  before?: number | Pick<ChargeRow, "createdAt" | "id"> | undefined;
  /** @default 100 */
  limit?: number;
}

export interface LedgerHealth {
  /** Whether a confirmed write survives the loss of the process and the machine's power; undefined where the store does not tell. */
  durable: boolean | undefined;
  /** When this ledger began to remember, in milliseconds since 1970. */
  epoch: number;
  /** The store's clock when it answered, in milliseconds since 1970. */
  now: number;
  warnings: string[];
}
