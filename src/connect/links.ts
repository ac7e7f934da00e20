import { AresError, digest } from "../contract";
import { askLedger, createSingleFlight, refuse } from "../server/index";
import type { AresOAuth } from "./aresOAuth";
import type { Sealing } from "./sealing";
import { readTokens, type TokenAnswer, type Tokens } from "./tokenAnswer";
import {
  claimed,
  isAlive,
  linked,
  maySend,
  type NextStep,
  nextStep,
  refused,
  renewed,
  type SealedTokens,
  type Seen,
  sent,
  type TokenRow,
} from "./tokenRow";
import type { TokenStore } from "./tokenStore";

/** A user's link, with its token decrypted. */
interface Link {
  token: string;
  version: string;
}

export interface Links {
  /**
   * The user's link with a token that ARES should take; null for a user without a link. `refusedVersion` is the version
   * whose token ARES has refused.
   *
   * @throws {AresError} `reconnect`, `auth_unavailable`
   */
  get(userId: string): Promise<Link | null>;
  /** As `get`, after ARES has refused a token: that of this version, or else the last one that this server gave. */
  renew(userId: string, refusedVersion: string | null): Promise<Link | null>;
  /** The link as it stood within the last minute, without a token. @throws {AresError} `auth_unavailable` */
  look(userId: string): Promise<Standing>;
  /** @throws {AresError} `auth_unavailable` while the store can't be read */
  check(): Promise<void>;
  /**
   * Stores the tokens of a callback, and tells when on the store's clock. Null: another user holds the account.
   *
   * @throws {AresError} `auth_unavailable`
   */
  connect(userId: string, account: string, tokens: Tokens): Promise<number | null>;
  /** Ends the link, and every session that stands on it. @throws {AresError} `auth_unavailable` */
  remove(userId: string): Promise<void>;
  /** Ends the sessions that have begun until now. @throws {AresError} `auth_unavailable` */
  endSessions(userId: string): Promise<void>;
}

interface Standing {
  /** Null without a link. */
  row: Pick<TokenRow, "account" | "signedInSince" | "ended"> | null;
  /** The store's clock. */
  now: number;
}

/** A row as it was read. */
interface Look {
  row: TokenRow;
  /** The store's clock at the read. */
  at: number;
  /** This server's clock before the read. */
  askedAt: number;
}

export interface LinkParts {
  clientId: string;
  tokens: TokenStore;
  sealing: Sealing;
  oauth: AresOAuth;
  oneUserPerAccount: boolean;
  onError: (error: unknown) => void;
  waitUntil: ((work: Promise<void>) => void) | undefined;
  /** This server's clock: only ever for how much time has passed. */
  now: () => number;
  pause: (ms: number) => Promise<void>;
}

/** How long a server keeps a decrypted token, and believes who is signed in. */
const KEPT_MS = 60_000;
const MOST_KEPT = 10_000;
/** Who waits for another server looks again so often, and so long in all. */
const LOOK_AGAIN_MS = 100;
const LONGEST_WAIT_MS = 8_000;
/** A bound also where the clock is set back. */
const MOST_LOOKS = LONGEST_WAIT_MS / LOOK_AGAIN_MS;
/** What a caller is told to wait where there is no token now. */
const RETRY_S = 5;
/** A write that meets another's is tried again so often. */
const MOST_WRITES = 8;

/** Stands for the version of a refused token that this server did not give. */
const ANY_VERSION = "";

type Followed = { link: Link | null } | { error: unknown };

interface Kept {
  link: Link;
  /** Until when the token is kept decrypted, on this server's clock. */
  until: number;
}

export function createLinks(parts: LinkParts): Links {
  const { clientId, tokens: store, sealing, oauth, onError, now, pause } = parts;
  const kept = new Map<string, Kept>();
  const looks = new Map<string, { standing: Standing; until: number }>();
  /** Grows whenever this server has changed a row: what was read before is then old. */
  let changes = 0;
  const once = createSingleFlight<Followed>();
  const newId = () => crypto.randomUUID();
  const idOf = (userId: string) => digest(["tokens", clientId, userId]);
  const ask = <T>(operation: () => Promise<T>) => askLedger(operation, "auth_unavailable");
  const read = (id: string) => ask(() => store.read(id));
  const write = (id: string, row: TokenRow, was: string | null) =>
    ask(() => store.write(id, row, was));

  async function seal(
    userId: string,
    tokens: Omit<Tokens, "accessToken"> & { accessToken: string },
  ) {
    const version = newId();
    const { accessToken, refreshToken, lifetimeMs } = tokens;
    return {
      version,
      lifetimeMs,
      accessToken: await sealing.seal(
        "tokens",
        placeOf(userId, "access_token", version),
        accessToken,
      ),
      refreshToken:
        refreshToken === undefined
          ? null
          : await sealing.seal("tokens", placeOf(userId, "refresh_token", version), refreshToken),
    } satisfies SealedTokens;
  }

  async function open(userId: string, row: TokenRow, column: "access_token" | "refresh_token") {
    const sealed = column === "access_token" ? row.accessToken : row.refreshToken;
    const text =
      sealed && (await sealing.open("tokens", placeOf(userId, column, row.version), sealed));
    if (text) return text;
    throw refuse("reconnect", {}, { cause: new AresError("reconnect", UNREADABLE) });
  }

  /** The link of a row as it was just read. Its token stays decrypted for a minute. */
  async function use(userId: string, row: TokenRow): Promise<Link> {
    const { version } = row;
    const before = kept.get(userId);
    if (before?.link.version === version && now() < before.until) return before.link;
    const link = { token: await open(userId, row, "access_token"), version };
    keep(kept, userId, { link, until: now() + KEPT_MS });
    return link;
  }

  /** Nothing of a user is believed any more: this server has changed the row. */
  function forget(userId: string): void {
    changes += 1;
    kept.delete(userId);
    looks.delete(userId);
  }

  /** Follows the row until there is a token. */
  async function follow(userId: string, refusedVersion: string | null): Promise<Link | null> {
    const id = await idOf(userId);
    const giveUpAt = now() + LONGEST_WAIT_MS;
    let seen: Seen | undefined;
    for (let turns = 0; ; turns++) {
      const askedAt = now();
      const { row, now: at } = await read(id);
      if (!row) {
        kept.delete(userId);
        return null;
      }
      seen ??= firstLook(row, refusedVersion);
      const next = nextStep(row, at, seen);
      const mayLookAgain = turns < MOST_LOOKS && now() < giveUpAt;
      const hasMoved = mayLookAgain && (await moved(userId, id, { row, at, askedAt }, next));
      if (!hasMoved) return take(userId, row, at, seen.refused, next);
    }
  }

  /** True where the row is worth another look: after a wait, or after a refresh by this server. */
  async function moved(userId: string, id: string, look: Look, next: NextStep): Promise<boolean> {
    switch (next.do) {
      case "wait":
        await pause(LOOK_AGAIN_MS);
        return true;
      case "claim":
        return (await refresh(userId, id, look)) === "done";
      default:
        return false;
    }
  }

  /** What is left to do about a row that this server does not change. */
  async function take(
    userId: string,
    row: TokenRow,
    at: number,
    refusedVersion: string | null,
    next: NextStep,
  ): Promise<Link> {
    switch (next.do) {
      case "use":
        return use(userId, row);
      case "reconnect":
        kept.delete(userId);
        throw refuse("reconnect");
      case "unavailable":
        throw refuse("auth_unavailable", {
          retryAfterSeconds: Math.ceil(next.retryAfterMs / 1000),
        });
      default:
        if (isAlive(row, at, refusedVersion)) return use(userId, row);
        throw refuse("auth_unavailable", { retryAfterSeconds: RETRY_S });
    }
  }

  /** One refresh by this server: claimed, sent, stored. `lost`: nobody knows what became of the refresh token. */
  async function refresh(
    userId: string,
    id: string,
    { row, at, askedAt }: Look,
  ): Promise<"done" | "lost"> {
    const refreshToken = await open(userId, row, "refresh_token");
    const mine = claimed(row, at, newId());
    if ((await write(id, mine, row.revision)) !== "written") return "done";

    const marked = sent(mine, at, newId());
    if ((await write(id, marked, mine.revision)) !== "written") return "done";

    const elapsed = () => now() - askedAt;
    const work = sendAndStore(userId, id, marked, refreshToken, { at, elapsed });
    // A serverless function must not be frozen before the new tokens are stored.
    parts.waitUntil?.(
      work.then(
        () => {},
        () => {},
      ),
    );
    return work;
  }

  async function sendAndStore(
    userId: string,
    id: string,
    marked: TokenRow,
    refreshToken: string,
    { at, elapsed }: { at: number; elapsed: () => number },
  ): Promise<"done" | "lost"> {
    const storeNow = () => at + Math.max(0, elapsed());
    const answer = readTokens(await oauth.refresh(refreshToken, () => maySend(elapsed())));
    if (answer.status === "tokens") {
      const sealed = await seal(userId, { refreshToken, ...dropUndefined(answer) });
      await storeRenewed(id, marked.version, sealed, storeNow);
      return "done";
    }
    tell(answer);
    const next = await withNewRefreshToken(
      userId,
      refused(marked, answer, storeNow(), newId()),
      answer,
    );
    if (next) await write(id, next, marked.revision);
    return answer.status === "lost" ? "lost" : "done";
  }

  /** Stores what only this server knows. Until that is done, another server may wait, but must not send. */
  async function storeRenewed(
    id: string,
    from: string,
    sealed: SealedTokens,
    storeNow: () => number,
  ): Promise<void> {
    const revision = newId();
    async function isStored(): Promise<boolean> {
      const { row } = await read(id);
      const next = renewed(row, from, sealed, storeNow(), revision);
      if (!row || !next) return true;
      return (await write(id, next, row.revision)) === "written";
    }
    for (let tries = 0; tries < MOST_WRITES; tries++) {
      if (await isStored().catch(() => false)) return;
      await pause(LOOK_AGAIN_MS * 2 ** tries);
    }
    throw refuse("auth_unavailable");
  }

  async function withNewRefreshToken(userId: string, row: TokenRow | null, answer: TokenAnswer) {
    const refreshToken = answer.status === "unavailable" ? answer.refreshToken : undefined;
    if (!row || refreshToken === undefined) return row;
    const place = placeOf(userId, "refresh_token", row.version);
    return { ...row, refreshToken: await sealing.seal("tokens", place, refreshToken) };
  }

  function tell(answer: Exclude<TokenAnswer, { status: "tokens" }>): void {
    const words = wordsOf(answer);
    if (words) onError(new AresError("auth_unavailable", `ARES: ${words}`));
  }

  /** Reads the row each time: another server may have stored another account's link, and that account pays from then on. */
  async function get(userId: string, refusedVersion: string | null): Promise<Link | null> {
    // Who waited shares a failure too: each would else wait as long again, one after the other.
    const followed = await once(JSON.stringify([userId, refusedVersion]), () =>
      follow(userId, refusedVersion).then(
        (link) => ({ link }),
        (error: unknown) => ({ error }),
      ),
    );
    if ("error" in followed) throw followed.error;
    return followed.link;
  }

  return {
    get: (userId) => get(userId, null),
    renew: (userId, refusedVersion) =>
      get(userId, refusedVersion ?? kept.get(userId)?.link.version ?? ANY_VERSION),

    async look(userId) {
      const seen = looks.get(userId);
      if (seen && seen.until > now()) return seen.standing;
      const seenAt = changes;
      const standing = await read(await idOf(userId));
      // A link that is not there yet may be made on another server at any moment.
      if (standing.row && changes === seenAt)
        keep(looks, userId, { standing, until: now() + KEPT_MS });
      return standing;
    },

    async check() {
      await read(await idOf(""));
    },

    async connect(userId, account, tokens) {
      const id = await idOf(userId);
      const holds = parts.oneUserPerAccount ? await digest(["account", clientId, account]) : null;
      const sealed = await seal(userId, tokens);
      const revision = newId();
      for (let tries = 0; tries < MOST_WRITES; tries++) {
        const { row, now: at } = await read(id);
        const next = linked(row, { ...sealed, account, holds }, at, revision);
        const written = await write(id, next, row?.revision ?? null);
        if (written === "taken") return null;
        if (written === "written") {
          forget(userId);
          return at;
        }
      }
      throw refuse("auth_unavailable");
    },

    async remove(userId) {
      const id = await idOf(userId);
      await ask(() => store.remove(id));
      forget(userId);
    },

    async endSessions(userId) {
      const id = await idOf(userId);
      for (let tries = 0; tries < MOST_WRITES; tries++) {
        const { row, now: at } = await read(id);
        const next = row && { ...row, signedInSince: at + 1, revision: newId() };
        const isOver = !next || (await write(id, next, row.revision)) === "written";
        if (isOver) return forget(userId);
      }
      throw refuse("auth_unavailable");
    },
  };
}

function firstLook({ version }: TokenRow, refused: string | null): Seen {
  // Nobody knows which token was refused. It can only be the one that stands here first.
  return { first: version, refused: refused === ANY_VERSION ? version : refused };
}

/** The map forgets its first entry first, so a used entry moves to the end. */
function keep<V>(kept: Map<string, V>, userId: string, entry: V): void {
  kept.delete(userId);
  kept.set(userId, entry);
  const [oldest] = kept.size > MOST_KEPT ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
}

function placeOf(userId: string, column: string, version: string) {
  return { userId, column, version };
}

/** The tokens of an answer; a refresh token that did not come is left out. */
function dropUndefined({ accessToken, refreshToken, lifetimeMs }: Tokens): Tokens {
  return { accessToken, lifetimeMs, ...(refreshToken !== undefined && { refreshToken }) };
}

/** What the app's log is told of an answer; nothing for the usual end of a link. */
function wordsOf(answer: Exclude<TokenAnswer, { status: "tokens" }>): string | undefined {
  switch (answer.status) {
    case "ended":
    case "held_up":
      return undefined;
    case "refused":
      return `the token endpoint answered ${answer.http} without an OAuth code. The link is kept. A second such answer after a minute ends it.`;
    case "unavailable":
      return `the token endpoint ${answer.why}. Every link is kept. If this stays, check clientId, clientSecret and redirectUri of aresConnect.`;
    case "lost":
      return "an answer of the token endpoint was lost. The link is kept, and its refresh token is sent again after half a minute.";
  }
}

const UNREADABLE =
  "ARES: the tokens of a user can't be decrypted, so that user has to connect again. Was a secret of aresConnect removed before its last token was replaced? Put it back at the end of the list.";
