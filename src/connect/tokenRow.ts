import type { TokenAnswer } from "./tokenAnswer";

/**
 * One user's link to ARES, as it is stored. Times are milliseconds since 1970 on the store's own clock. Tokens are
 * encrypted before they come here.
 *
 * A refresh goes `stored` → `claimed` → `sent` → `stored`. The row says `sent` before the request leaves, so no two servers
 * ever send one refresh token at the same time: a provider that rotates refresh tokens would end the link.
 */
export interface TokenRow {
  /** Another random text after each write. A writer that has not seen the last write changes nothing. */
  revision: string;
  /** Another random text whenever new tokens are stored. */
  version: string;
  /** ARES's id of the account. */
  account: string;
  /** A text that no two rows may share; null where users may share an ARES account. */
  holds: string | null;
  accessToken: string;
  refreshToken: string | null;
  storedAt: number;
  expiresAt: number;
  /** Sessions that began earlier have ended. */
  signedInSince: number;
  step: "stored" | "claimed" | "sent";
  /** When another server may take the step over. */
  stepUntil: number;
  /** ARES is not asked again before. */
  retryAt: number;
  /** When ARES first refused without an OAuth code, since tokens last came. */
  refusedAt: number | null;
  /** True once the user has to connect again. Only a new link makes it false. */
  ended: boolean;
}

/** A token is renewed this long before its end, so that it does not end on its way. */
const MARGIN_MS = 60_000;
/** How long a claim is held. Nothing is sent under it. */
const CLAIM_MS = 15_000;
/** After this time a request counts as lost. */
const SENT_MS = 30_000;
/** What must be left of `SENT_MS` when the request leaves: its own time limit and the write that follows fit in. */
const LEFT_TO_SEND_MS = 10_000;
/** How long ARES is left alone after it could not answer. */
const PAUSE_MS = 5_000;
/** The longest pause that ARES may ask for. */
const LONGEST_PAUSE_MS = 60_000;
/** What two looks at the store's clock may differ by: it is read in whole milliseconds, and may be set back a little. */
const CLOCKS_DIFFER_MS = 5_000;
/** Two refusals without an OAuth code, this far apart, end a link: one may come from an outage. */
const REFUSED_AGAIN_MS = 60_000;
/** How long a token is believed to live where ARES does not say. A refused token is renewed earlier. */
const ASSUMED_LIFETIME_MS = 1_800_000;

/** What a caller who needs a token does about a row. */
export type NextStep =
  | { do: "use" }
  /** Another server renews the token. Look again. */
  | { do: "wait" }
  /** Write the claim. Whoever writes it first sends. */
  | { do: "claim" }
  | { do: "reconnect" }
  | { do: "unavailable"; retryAfterMs: number };

/** What a caller who needs a token has seen of its link. */
export interface Seen {
  /** The version at the first look. */
  first: string;
  /** The version whose token ARES has refused. */
  refused: string | null;
}

/**
 * Decides what a caller does about a row. Rules, in this order:
 *
 * 1. A link that has ended stays so until the user connects again.
 * 2. A token that has come since the first look is used, however soon it ends: who waits for a better one could wait for ever.
 * 3. A token that is not near its end, and that ARES did not refuse, is used.
 * 4. Without a refresh token a living token is used to its end.
 * 5. While a claim or a request of another server is young, its token is waited for.
 * 6. While ARES is left alone, a living token is used.
 * 7. Otherwise the row is claimed: a free one, one whose claim has ended, or one whose request counts as lost.
 */
export function nextStep(row: TokenRow, now: number, { first, refused }: Seen): NextStep {
  if (row.ended) return { do: "reconnect" };
  const isRefused = row.version === refused;
  const isNew = row.version !== first;
  if (!isRefused && (isNew || now < renewalAt(row))) return { do: "use" };
  const lives = isAlive(row, now, refused);
  if (row.refreshToken === null) return { do: lives ? "use" : "reconnect" };
  if (isHeld(row, now)) return { do: "wait" };
  const pauseMs = row.retryAt - now;
  const isPaused = pauseMs > 0 && pauseMs <= LONGEST_PAUSE_MS + CLOCKS_DIFFER_MS;
  if (!isPaused) return { do: "claim" };
  return lives ? { do: "use" } : { do: "unavailable", retryAfterMs: pauseMs };
}

/** When a token is renewed: a minute before its end, or after half of a short life. */
export function renewalAt({ storedAt, expiresAt }: TokenRow): number {
  return expiresAt - Math.min(MARGIN_MS, Math.max(0, (expiresAt - storedAt) / 2));
}

/** True for a token that ARES may still take. */
export function isAlive(row: TokenRow, now: number, refused: string | null): boolean {
  return !row.ended && row.version !== refused && now < row.expiresAt;
}

/** True while a step is another server's. A step that seems to last much longer than any was written by a clock that was wrong. */
function isHeld({ step, stepUntil }: TokenRow, now: number): boolean {
  return step !== "stored" && now < stepUntil && stepUntil - now <= SENT_MS + CLOCKS_DIFFER_MS;
}

export function claimed(row: TokenRow, now: number, revision: string): TokenRow {
  return { ...row, revision, step: "claimed", stepUntil: now + CLAIM_MS };
}

/** Written before the request leaves. */
export function sent(row: TokenRow, now: number, revision: string): TokenRow {
  return { ...row, revision, step: "sent", stepUntil: now + SENT_MS };
}

/** The row of a worker that has claimed, and then has not sent. */
export function givenBack(row: TokenRow, revision: string): TokenRow {
  return { ...row, revision, step: "stored", stepUntil: 0 };
}

/**
 * True while a worker may still send, so long after it began to read the row. The lease that it wrote counts from that read. A
 * worker that was frozen since must not send: another server may have sent the same refresh token. A time below zero says that
 * the clock was set.
 */
export function maySend(elapsedMs: number): boolean {
  return elapsedMs >= 0 && elapsedMs <= SENT_MS - LEFT_TO_SEND_MS;
}

/** Tokens as they are stored, encrypted for `version`. */
export interface SealedTokens {
  version: string;
  accessToken: string;
  refreshToken: string | null;
  lifetimeMs: number | undefined;
}

/** The row of a link that the user has just made. Sessions of a link that lives go on. */
export function linked(
  before: TokenRow | null,
  link: SealedTokens & { account: string; holds: string | null },
  now: number,
  revision: string,
): TokenRow {
  const { version, account, holds, accessToken, refreshToken, lifetimeMs } = link;
  return {
    revision,
    version,
    account,
    holds,
    accessToken,
    refreshToken,
    storedAt: now,
    expiresAt: now + (lifetimeMs ?? ASSUMED_LIFETIME_MS),
    signedInSince: before?.signedInSince ?? now,
    step: "stored",
    stepUntil: 0,
    retryAt: 0,
    refusedAt: null,
    ended: false,
  };
}

/**
 * The row after a refresh; null where its tokens come too late: the user has connected again, another worker has stored
 * newer tokens, or the link is gone. `from` is the version whose refresh token was sent.
 */
export function renewed(
  row: TokenRow | null,
  from: string,
  tokens: SealedTokens,
  now: number,
  revision: string,
): TokenRow | null {
  if (row?.version !== from) return null;
  return linked(row, { ...tokens, account: row.account, holds: row.holds }, now, revision);
}

/**
 * The row after an answer without tokens; null where the row stays as it is. `row` must be as this worker has written it:
 * whatever another has written since is newer than the answer.
 */
export function refused(
  row: TokenRow,
  answer: Exclude<TokenAnswer, { status: "tokens" }>,
  now: number,
  revision: string,
): TokenRow | null {
  const back = givenBack(row, revision);
  switch (answer.status) {
    case "held_up":
      return back;
    case "ended":
      return { ...back, ended: true };
    case "refused": {
      const first = row.refusedAt ?? now;
      const ended = now - first >= REFUSED_AGAIN_MS;
      return { ...back, refusedAt: first, ended, retryAt: now + PAUSE_MS };
    }
    case "unavailable": {
      const asked = (answer.retryAfterSeconds ?? 0) * 1000;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, asked));
      return { ...back, retryAt: now + pauseMs };
    }
    case "lost":
      // Others wait for `stepUntil`. Then one of them sends the old refresh token again.
      return null;
  }
}
