import { useMemo, useSyncExternalStore } from "react";
import { keepLast } from "../messages/format";
import { useAres } from "../provider/context";
import {
  knownStatus,
  type UseAresUserResult,
  type UserSnapshot,
  type UserStore,
  unread,
} from "../provider/userStore";

/** Whether `useAresUser` asks the server. */
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
export function useAresUser<T>(
  options: UseAresUserOptions & { select: (user: UseAresUserResult) => T },
): T;
export function useAresUser<T>({
  enabled,
  select,
}: UseAresUserOptions & { select?: (user: UseAresUserResult) => T } = {}) {
  const { users, session, connection } = useAres();
  const known = knownStatus(session, connection);
  const reads = !known && enabled !== false;
  const reader = useMemo(() => createReader<T>(users, known, reads), [users, known, reads]);
  const shown = select ? reader.pick(select) : reader;
  return useSyncExternalStore<UseAresUserResult | T>(reader.subscribe, shown.get, shown.first);
}

/** Gives the user as one component sees them: the same object for as long as nothing that it looks at changes. */
function createReader<T>(users: UserStore, known: ReturnType<typeof knownStatus>, reads: boolean) {
  const own = known && unread(known, users.first.content.prices);
  let sees = false;
  // All readers share what is behind the proxy. A getter for each reader would cost as much as its render.
  const looks: ProxyHandler<UseAresUserResult> = {
    get(user, member) {
      sees ||= member === "updatedAt" || member === "isFetching";
      return Reflect.get(user, member);
    },
  };
  let last: { snapshot: UserSnapshot; user: UseAresUserResult } | undefined;
  const read = (snapshot: UserSnapshot): UseAresUserResult => {
    if (!last || last.snapshot.content !== snapshot.content || (sees && last.snapshot !== snapshot))
      last = { snapshot, user: new Proxy(users.show(own || snapshot.content), looks) };
    return last.user;
  };
  return {
    subscribe: (listener: () => void) => users.subscribe(listener, reads),
    get: () => read(users.get()),
    first: () => read(users.first),
    /** As `get` and `first`, for what `select` picks. */
    pick: keepLast((select: (user: UseAresUserResult) => T) => {
      const pick = keepLast(select);
      return { get: () => pick(read(users.get())), first: () => pick(read(users.first)) };
    }),
  };
}
