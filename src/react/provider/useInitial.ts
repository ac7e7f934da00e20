import { useCallback, useState } from "react";
import { hint } from "../../client";
import type { AresSnapshot } from "../../contract";
import type { AresSession } from "./context";

interface Told {
  initial?: AresSnapshot | undefined;
  session?: AresSession | undefined;
  userKey?: string | undefined;
  account?: string | undefined;
}

/** The user of this page, as far as snapshots and answers tell users apart. */
interface Turn {
  /** Rises with each such user. A new user starts with an empty page. */
  turn: number;
  /** The newest snapshot that the app has passed. */
  given: AresSnapshot | undefined;
  /** The snapshot that this turn began with, until its user is replaced. It never comes back then. */
  initial: AresSnapshot | undefined;
  /** The first account that the app named. It is the snapshot's. */
  account: string | undefined;
  /** True once an answer has named another user than the page showed. From then on only answers are believed. */
  answered: boolean;
}

/**
 * The snapshot of the first paint, while the page shows its user. While the session is loading, the snapshot names the user.
 *
 * A later snapshot of the same user changes nothing: the page knows better. A snapshot of another user, or of nobody,
 * begins a new turn: a sign-in or a sign-out that loaded no page.
 *
 * @param ownerOf the user of this page, once an answer or a snapshot has named one
 */
export function useInitial(
  { initial: given, session, userKey, account }: Told,
  ownerOf: () => string | undefined,
) {
  const [last, setLast] = useState<Turn>(() => {
    if (
      process.env.NODE_ENV !== "production" &&
      given &&
      userKey &&
      !fits(given, { session, userKey })
    )
      hint(OTHER_USER);
    return { turn: 0, given, initial: given, account, answered: false };
  });
  const onOtherUser = useCallback(
    () =>
      setLast(({ turn, ...now }) => ({
        ...now,
        turn: turn + 1,
        initial: undefined,
        answered: true,
      })),
    [],
  );

  let now = last;
  if (now.given !== given) now = taken(now, given, ownerOf());
  if (now.account === undefined && account !== undefined) now = { ...now, account };
  if (now.initial && !fits(now.initial, { session, userKey })) now = { ...now, initial: undefined };
  if (now !== last) setLast(now);

  const { turn, initial } = now;
  const isOfSnapshot = initial !== undefined && now.account === account;
  if (session === "loading") {
    session = initial?.session ?? session;
    userKey ??= initial?.userKey;
  }
  if (initial?.session === "signed_out") session = "signed_out";
  if (session === "signed_out") userKey = "";
  return {
    turn,
    initial,
    session,
    userKey,
    account: isOfSnapshot ? undefined : account,
    onOtherUser,
  };
}

/** The turn after the app has passed another snapshot. */
function taken(now: Turn, given: AresSnapshot | undefined, owner: string | undefined): Turn {
  // Without an answer of the sign-in a snapshot tells of nobody.
  const isSame = !given || given.session === "loading" || given.owner === owner;
  if (isSame) return { ...now, given };
  return {
    ...now,
    given,
    turn: now.turn + 1,
    initial: now.answered ? undefined : given,
    account: undefined,
  };
}

/** True while a snapshot is of the user that the app names. */
function fits({ version, session, userKey }: AresSnapshot, app: Told): boolean {
  if (version !== 1) return false;
  if (app.session === "signed_out") return session === "signed_out";
  if (app.session === "signed_in" && session === "signed_out") return false;
  return app.userKey === undefined || app.userKey === userKey;
}

const OTHER_USER =
  "the snapshot in initial is of another user than the provider's userKey, and is not shown. The page reads everything again. Give userKey the same id as auth gives on the server.";
