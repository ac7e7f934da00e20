import { type QueryClient, QueryObserver, type QueryObserverResult } from "@tanstack/react-query";
import type { AresClient, AresUserAnswer } from "../../client";
import type { AresError, AresSnapshot } from "../../contract";
import { keepLast } from "../messages/format";
import { FRESH_MS, type userKeyOf, userQuery } from "./queries";

/** The user's account at ARES. An unread balance is `undefined`, never 0. */
type AresUserContent =
  | ({ status: "loading" | "signed_out" | "not_connected" | "reconnect"; error: null } & Unread)
  | {
      status: "ready";
      credits: number;
      user: { id: string | undefined; email: string | undefined };
      prices: AresUserAnswer["prices"];
      /** The error of the last refresh. The values are from the read before. */
      error: AresError | null;
    }
  | ({ status: "error"; error: AresError } & Unread);

interface Unread {
  credits: undefined;
  user: undefined;
  /** Where somebody has to sign in or to connect first: the prices, if the server or a snapshot told them. */
  prices: AresUserAnswer["prices"];
}

/** The user's account at ARES. An unread balance is `undefined`, never 0. */
export type AresUserState = AresUserContent & {
  /** When the balance was read, in milliseconds since 1970. */
  readonly updatedAt: number;
};

/** What `useAresUser` returns: the user as the last read told, and the way to read again. */
export type UseAresUserResult = AresUserState & {
  /** Reads again now. */
  refetch: () => Promise<unknown>;
  /** True while the balance is being read, also while an older balance is shown. */
  readonly isFetching: boolean;
};

/** The user, as the last read told. `content` is the same object for as long as nothing in it changes. */
export interface UserSnapshot {
  content: AresUserContent;
  /** When the balance was read, in milliseconds since 1970. */
  updatedAt: number;
  isFetching: boolean;
}

/** One observer for all readers of a page. */
export interface UserStore {
  get(): UserSnapshot;
  /** What the first render showed, on a server too: late hydration begins with the same. */
  first: UserSnapshot;
  /** `reads`: this reader needs a balance. Without such a reader nothing is asked. */
  subscribe(listener: () => void, reads: boolean): () => void;
  /** What readers see of a content. The times are those of the moment of the look. */
  show(content: AresUserContent): UseAresUserResult;
}

export function createUserStore(
  client: AresClient,
  queryClient: QueryClient,
  queryKey: ReturnType<typeof userKeyOf>,
  initial: AresSnapshot | undefined,
  isTold: boolean,
): UserStore {
  const options = (enabled: boolean) => userQuery(client, queryKey, enabled, isTold);
  const observer = new QueryObserver<AresUserAnswer, AresError>(queryClient, options(false));
  const listeners = new Set<() => void>();
  let readers = 0;
  let stop = () => {};
  const { session, connection, user, prices, at = 0 } = initial ?? {};
  const told =
    (user && contentOf({ ...user, prices }, null)) ??
    unread(knownStatus(session, connection) ?? "loading", prices);
  let snapshot: UserSnapshot = { content: told, updatedAt: at, isFetching: false };
  let lastError: AresError | null = null;
  let last: unknown;

  function take(): UserSnapshot {
    // The snapshot comes into the cache with the first listener, so that a server keeps nothing of one user.
    if (initial && !last && !listeners.size) return snapshot;
    const result = listeners.size ? observer.getCurrentResult() : firstResult();
    // A thousand readers ask for the same result.
    if (result === last) return snapshot;
    last = result;
    const error = errorOf(result);
    const next = {
      content: share(snapshot.content, contentOf(result.data, error) ?? told),
      updatedAt: result.dataUpdatedAt,
      isFetching: result.isFetching,
    };
    if (!isSame(snapshot, next)) snapshot = next;
    return snapshot;
  }

  /** The error of the last read. During a retry react-query has none, and the page would fall back to "loading". */
  function errorOf({
    data,
    error,
    errorUpdateCount,
  }: QueryObserverResult<AresUserAnswer, AresError>): AresError | null {
    lastError = error ?? lastError;
    return data || !errorUpdateCount ? error : lastError;
  }

  /** Before the first listener a read is about to begin. */
  function firstResult() {
    return observer.getOptimisticResult(
      queryClient.defaultQueryOptions<AresUserAnswer, AresError, AresUserAnswer, AresUserAnswer>(
        options(true),
      ),
    );
  }

  /** The first reader begins to read. A later one reads again where the balance is old. */
  function addReader(): void {
    readers += 1;
    if (readers === 1) observer.setOptions(options(true));
    else if (observer.getCurrentQuery().isStaleByTime(FRESH_MS))
      void observer.refetch({ cancelRefetch: false });
  }

  const refetch = () => observer.refetch();
  return {
    get: take,
    first: take(),
    show: keepLast((content) => ({
      ...content,
      refetch,
      get updatedAt() {
        return take().updatedAt;
      },
      get isFetching() {
        return take().isFetching;
      },
    })),
    subscribe(listener, reads) {
      // The server's clock may be ahead. A balance from the future would count as read after every refusal.
      const updatedAt = Math.min(at, Date.now());
      if (user && !queryClient.getQueryData(queryKey))
        queryClient.setQueryData(queryKey, { ...user, prices }, { updatedAt });
      if (!listeners.size)
        stop = observer.subscribe(() => {
          for (const tell of listeners) tell();
        });
      listeners.add(listener);
      if (reads) addReader();
      return () => {
        listeners.delete(listener);
        if (reads) readers -= 1;
        if (reads && !readers) observer.setOptions(options(false));
        if (!listeners.size) stop();
      };
    },
  };
}

export function unread<S extends "loading" | "signed_out" | "not_connected" | "reconnect">(
  status: S,
  prices?: AresUserAnswer["prices"],
) {
  return { status, error: null, credits: undefined, user: undefined, prices };
}

/** What the page shows of a read; undefined before the first one has ended. */
function contentOf(
  data: AresUserAnswer | undefined,
  error: AresError | null,
): AresUserContent | undefined {
  const code = error?.code;
  const prices = error?.details.prices;
  if (code === "not_signed_in") return unread("signed_out", prices);
  if (code === "not_connected" || code === "reconnect") return unread(code, prices);
  if (data) {
    const { id, email, credits, prices } = data;
    return { status: "ready", credits, user: { id, email }, prices, error };
  }
  return error ? { ...unread("loading"), status: "error", error } : undefined;
}

/** The status that needs no read. */
export function knownStatus(
  session: AresSnapshot["session"] | undefined,
  connection: AresSnapshot["connection"] | undefined,
) {
  if (session === "loading" || session === "signed_out") return session;
  return connection === "not_connected" || connection === "reconnect" ? connection : undefined;
}

const isSame = (a: UserSnapshot, b: UserSnapshot): boolean =>
  a.content === b.content && a.updatedAt === b.updatedAt && a.isFetching === b.isFetching;

/** The former object when nothing has changed. */
function share(previous: AresUserContent, next: AresUserContent): AresUserContent {
  return previous.error === next.error && JSON.stringify(previous) === JSON.stringify(next)
    ? previous
    : next;
}
