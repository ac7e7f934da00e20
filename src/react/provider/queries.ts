import type { QueryClient } from "@tanstack/react-query";
import { type AresClient, type AresUserAnswer, aresError, quote } from "../../client";
import type { AresError, Charge } from "../../contract";
import { readingUser } from "./mistakes";

/** The only place that spells query keys. A key holds the endpoint, the user and the ARES account. */
export function userKeyOf(
  user: { endpoint: string; userKey: string | undefined; turn: number },
  account: string | undefined,
) {
  return ["ares", user.endpoint, user.userKey ?? null, user.turn, account ?? null] as const;
}

type UserKey = ReturnType<typeof userKeyOf>;

/** A balance is young for this long: a new reader shares it. */
export const FRESH_MS = 5000;

/**
 * The query of the user: one read for all readers. An app's defaults do not apply. `isTold`: the app has said whether
 * anybody is signed in.
 */
export function userQuery(client: AresClient, queryKey: UserKey, enabled: boolean, isTold = true) {
  return {
    queryKey,
    enabled,
    queryFn:
      process.env.NODE_ENV === "production"
        ? client.getUser
        : readingUser(client, queryKey[1], isTold),
    // A paused read would show "loading" while the browser is offline.
    networkMode: "always",
    staleTime: FRESH_MS,
    refetchOnWindowFocus: "always",
    throwOnError: false,
    // Overrides an app's placeholder: one user's balance is never shown to the next user.
    placeholderData: () => undefined,
    retry: (failures: number, error: AresError) =>
      failures < 2 && (error.code === "network_error" || error.code === "internal"),
  } as const;
}

/** The query of a quoted price. A refused price is computed again: its server may be in trouble for a moment only. */
export function quoteQuery(
  client: AresClient,
  queryKey: UserKey,
  { enabled, ...of }: { usage: string; input: unknown; enabled: boolean },
) {
  return {
    queryKey: [...queryKey, "price", of.usage, of.input] as const,
    enabled,
    queryFn: () => quote(client, of),
    networkMode: "always",
    staleTime: 30_000,
    throwOnError: false,
    placeholderData: () => undefined,
    retry: false,
    refetchInterval: ({ state }: { state: { error: AresError | null } }) =>
      state.error?.retryable ? 5000 : false,
  } as const;
}

/** The query of the user's charges. `credits` is part of the key, so a changed balance reads the charges again. */
export function chargesQuery(client: AresClient, queryKey: UserKey, credits: number | undefined) {
  async function read(): Promise<readonly Charge[]> {
    const { body }: { body?: unknown } = await client.readCharges();
    if (isCharges(body)) return body.charges;
    throw aresError("unexpected_response", undefined, false);
  }
  return {
    queryKey: [...queryKey, "charges", credits] as const,
    enabled: credits !== undefined,
    queryFn: read,
    // The list before stays visible, but only for the same user.
    placeholderData: (
      old: readonly Charge[] | undefined,
      last: { queryKey: readonly unknown[] } | undefined,
    ) => (last?.queryKey[2] === queryKey[2] && last?.queryKey[3] === queryKey[3] ? old : undefined),
    networkMode: "always",
    throwOnError: false,
    retry: false,
  } as const;
}

/** Checks the answer: the guide's own route answers without charges. */
function isCharges(body: unknown): body is { charges: readonly Charge[] } {
  return (
    typeof body === "object" && body !== null && "charges" in body && Array.isArray(body.charges)
  );
}

/** Shows the balance of a charge's answer, or reads the balance again. */
export function updateBalance(
  queryClient: QueryClient,
  queryKey: UserKey,
  credits: number | undefined,
): void {
  if (credits === undefined || !queryClient.getQueryData(queryKey)) {
    void queryClient.invalidateQueries({ queryKey });
    return;
  }
  // A read that began before the charge would bring the old balance back. A price that is being read is still needed.
  void queryClient.cancelQueries({ queryKey, exact: true }).then(() => {
    queryClient.setQueryData<AresUserAnswer>(queryKey, (old) => old && { ...old, credits });
  });
}

/** Forgets a user's data when another user, or nobody, is signed in. */
export function forgetUser(queryClient: QueryClient, queryKey: UserKey): void {
  queryClient.removeQueries({ queryKey });
}
