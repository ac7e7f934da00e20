import { useRef } from "react";
import { hint } from "../../client";
import type { AresSnapshot } from "../../contract";
import type { AresSession } from "./context";

interface Shown {
  initial?: AresSnapshot | undefined;
  session?: AresSession | undefined;
  userKey?: string | undefined;
  account?: string | undefined;
}

/** The snapshot of the first paint, while the page shows its user. While the session is loading, the snapshot names the user. */
export function useInitial({ initial: given, session, userKey, account }: Shown, turn: number) {
  const { current: first } = useRef<{ given: typeof given; account: typeof account; seen?: true }>({ given, account });
  // The first account that the app names is the snapshot's.
  first.account ??= account;
  let initial = turn ? undefined : first.given;
  if (session === "loading" && initial) {
    session = initial.session;
    userKey ??= initial.userKey;
  }
  if (session === "signed_out") userKey = "";
  // A snapshot whose user was replaced never comes back, also not while the next session is loading.
  if (initial?.version !== 1 || (userKey ?? initial.userKey) !== initial.userKey) initial = first.given = undefined;
  if (process.env.NODE_ENV !== "production") {
    if (!first.seen && given && !initial && userKey) hint(OTHER_USER);
    first.seen = true;
  }
  return { initial, session, userKey, account: initial && first.account === account ? undefined : account };
}

const OTHER_USER =
  "the snapshot in initial is of another user than the provider's userKey, and is not shown. The page reads everything again. Give userKey the same id as auth gives on the server.";
