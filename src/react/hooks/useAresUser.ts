import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AresUserAnswer, aresError } from "../../client";
import type { AresError } from "../../contract";
import { type AresContextValue, useAres } from "../provider/context";
import { userQuery } from "../provider/queries";

/** The user's account at ARES. An unread balance is `undefined`, never 0. */
export type AresUserState = {
  /** When the balance was read, in milliseconds since 1970. */
  updatedAt: number;
} & (
  | ({ status: "loading" | "signed_out" | "not_connected" | "reconnect"; error: null } & Unread)
  | {
      status: "ready";
      credits: number;
      user: { id: string | undefined; email: string | undefined };
      prices: AresUserAnswer["prices"];
      /** The error of the last refresh. The values are from the read before. */
      error: AresError | null;
    }
  | ({ status: "error"; error: AresError } & Unread)
);

interface Unread {
  credits: undefined;
  user: undefined;
  prices: undefined;
}

export type UseAresUserResult = AresUserState & {
  /** Reads again now. */
  refetch: () => Promise<unknown>;
  /** True while the balance is being read, also while an older balance is shown. */
  isFetching: boolean;
};

/**
 * Reads the user's account and credits at ARES. All readers on a page share one request.
 *
 * `credits` is `undefined` until it is read. Never write `credits ?? 0`: an unknown balance is not an empty one.
 *
 * @example
 * const { status, credits } = useAresUser();
 * return status === "ready" ? <p>{credits} credits</p> : null;
 */
export function useAresUser(options: { enabled?: boolean } = {}): UseAresUserResult {
  const { client, queryClient, queryKey, session, connection } = useAres();
  const known = knownStatus(session, connection);
  const query = useQuery<AresUserAnswer, AresError>(userQuery(client, queryKey, !known && options.enabled !== false), queryClient);
  const { error, errorUpdateCount, refetch, isFetching } = query;
  // During a retry react-query has no error, and the page would fall back to "loading".
  const [last, setLast] = useState(error);
  if (error && error !== last) setLast(error);
  return { ...userState(known, query, query.data || !errorUpdateCount ? error : (error ?? last)), refetch, isFetching };
}

function knownStatus(session: AresContextValue["session"], connection: AresContextValue["connection"]) {
  if (session === "loading" || session === "signed_out") return session;
  return connection === "not_connected" || connection === "reconnect" ? connection : undefined;
}

function userState(
  known: ReturnType<typeof knownStatus>,
  { data, dataUpdatedAt: updatedAt }: { data: AresUserAnswer | undefined; dataUpdatedAt: number },
  error: AresError | null,
): AresUserState {
  const code = error?.code;
  const status =
    known ??
    (code === "not_signed_in" ? "signed_out" : code === "not_connected" || code === "reconnect" ? code : !data && !error && "loading");
  const unread = { credits: undefined, user: undefined, prices: undefined, updatedAt };
  if (status) return { ...unread, status, error: null };
  if (data) {
    const { id, email, credits, prices } = data;
    return { status: "ready", credits, user: { id, email }, prices, error, updatedAt };
  }
  return { ...unread, status: "error", error: error ?? aresError("unexpected_response") };
}
