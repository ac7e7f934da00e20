import { useCallback, useRef, useSyncExternalStore } from "react";
import { type AresContextValue, useAres } from "../provider/context";
import { type AresUserContent, type UserSnapshot, type UserStore, unread } from "../provider/userStore";

/** The user's account at ARES. An unread balance is `undefined`, never 0. */
export type AresUserState = AresUserContent & {
  /** When the balance was read, in milliseconds since 1970. */
  readonly updatedAt: number;
};

export type UseAresUserResult = AresUserState & {
  /** Reads again now. */
  refetch: () => Promise<unknown>;
  /** True while the balance is being read, also while an older balance is shown. */
  readonly isFetching: boolean;
};

export interface UseAresUserOptions {
  /** False: shows the last read balance and asks nothing. @default true */
  enabled?: boolean | undefined;
}

/**
 * Reads the user's account and credits at ARES. All readers on a page share one request and one observer.
 *
 * `credits` is `undefined` until it is read. Never write `credits ?? 0`: an unknown balance is not an empty one.
 * A read that changes nothing renders nothing, unless the component has looked at `isFetching` or `updatedAt`. With
 * `select` the component renders only when its pick changes.
 *
 * @example
 * const { status, credits } = useAresUser();
 * return status === "ready" ? <p>{credits} credits</p> : null;
 */
export function useAresUser(options?: UseAresUserOptions): UseAresUserResult;
export function useAresUser<T>(options: UseAresUserOptions & { select: (user: UseAresUserResult) => T }): T;
export function useAresUser<T>({ enabled, select }: UseAresUserOptions & { select?: (user: UseAresUserResult) => T } = {}) {
  const { users, session, connection } = useAres();
  const known = knownStatus(session, connection);
  const reads = !known && enabled !== false;
  const seen = useRef<Seen>({});
  const last = useRef<Shown<T>>(undefined);

  function show(snapshot: UserSnapshot): UseAresUserResult | T {
    const before = last.current;
    const same = before?.users === users && before.known === known && isSame(before.snapshot, snapshot, seen.current);
    if (same && before.select === select) return before.value;
    const user = same ? before.user : resultOf(users, snapshot, known, seen.current);
    const value = select ? select(user) : user;
    last.current = { users, known, snapshot, select, user, value };
    return value;
  }

  const subscribe = useCallback((listener: () => void) => users.subscribe(listener, reads), [users, reads]);
  return useSyncExternalStore(
    subscribe,
    () => show(users.get()),
    () => show(users.first),
  );
}

/** The members that a component has looked at. Without a look their change renders nothing. */
interface Seen {
  updatedAt?: true;
  isFetching?: true;
}

interface Shown<T> {
  users: UserStore;
  known: ReturnType<typeof knownStatus>;
  snapshot: UserSnapshot;
  select: unknown;
  user: UseAresUserResult;
  value: UseAresUserResult | T;
}

function isSame(a: UserSnapshot, b: UserSnapshot, seen: Seen): boolean {
  return a.content === b.content && (!seen.updatedAt || a.updatedAt === b.updatedAt) && (!seen.isFetching || a.isFetching === b.isFetching);
}

function resultOf(users: UserStore, { content }: UserSnapshot, known: Shown<unknown>["known"], seen: Seen): UseAresUserResult {
  return {
    ...(known ? unread(known) : content),
    refetch: users.refetch,
    get updatedAt() {
      seen.updatedAt = true;
      return users.get().updatedAt;
    },
    get isFetching() {
      seen.isFetching = true;
      return users.get().isFetching;
    },
  };
}

function knownStatus(session: AresContextValue["session"], connection: AresContextValue["connection"]) {
  if (session === "loading" || session === "signed_out") return session;
  return connection === "not_connected" || connection === "reconnect" ? connection : undefined;
}
