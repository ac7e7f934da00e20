/** One use, as it is asked for. */
export interface Redemption {
  by: string;
  uses?: number;
  release?: boolean;
  /** The run of the work. Only the run that took a use renews it, ends it or gives it back; without a run anyone does. */
  attempt?: string;
  /** How long the attempt holds the use. Without a lease the use has ended at once. */
  leaseMs?: number;
  /** Takes no use: this attempt's work goes on for `leaseMs`, or has ended. */
  work?: "goes_on" | "ended";
  /** A digest of the request's body. The same `by` with another digest is `mismatch`. */
  body?: string;
  /** How often the same `by` passes again after its work ended. Noted with the use, so that `uses` of the row can tell. */
  repeats?: number;
  /** With `release`: how often uses of this row may be given back so. Afterwards the use has ended, and the answer is `used`. */
  releases?: number;
  /** With `release`: why, in an operator's words. The row keeps the newest. */
  note?: string;
}

/** One use of a row, as its next request meets it. */
export interface UseState {
  by: string;
  /** `running`: its lease lives. `unfinished`: its lease has ended, and the next request takes the use over. */
  work: "running" | "unfinished" | "ended";
  /** How often the same `by` passes again; undefined where no request named a number. */
  repeatsLeft?: number | undefined;
}

/** The answer to counting, renewing, ending or giving back a use. */
export type RedeemResult =
  /** The use is counted, renewed, ended or given back. */
  | "ok"
  /** The same `by` again, after its work ended. */
  | "already_by_me"
  /** No use or no repeat is left. */
  | "used"
  /** There is no such use, or the row is not paid. */
  | "absent"
  /** Another attempt's work is running: its lease lives. */
  | "busy"
  /** The same `by` with another body. */
  | "mismatch";
