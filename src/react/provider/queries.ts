import type { QueryClient } from "@tanstack/react-query";
import { type AresClient, type AresUserAnswer, aresError } from "../../client";
import type { AresError, Charge } from "../../contract";

/** The one place that knows query keys: never without the endpoint, the user, and the account whose credits they see. */
export function userKeyOf(user: { endpoint: string; userKey: string | undefined; turn: number }, account: string | undefined) {
  return ["ares", user.endpoint, user.userKey ?? null, user.turn, account ?? null] as const;
}

type UserKey = ReturnType<typeof userKeyOf>;

/** How the user is read: once for all readers, whatever an app's defaults say. */
export function userQuery(client: AresClient, queryKey: UserKey, enabled: boolean) {
  return {
    queryKey,
    enabled,
    queryFn: client.getUser,
    // Paused reads would show "loading" for as long as the browser is offline.
    networkMode: "always",
    staleTime: 5000,
    refetchOnWindowFocus: "always",
    throwOnError: false,
    // Whatever an app likes to show meanwhile: one user's balance is never shown to the next.
    placeholderData: () => undefined,
    retry: (failures: number, error: AresError) => failures < 2 && (error.code === "network_error" || error.code === "internal"),
  } as const;
}

/** How the user's own charges are read. `credits` is part of the key, so that they are read again when the balance moves. */
export function chargesQuery(client: AresClient, queryKey: UserKey, credits: number | undefined) {
  const [, endpoint] = queryKey;
  return {
    queryKey: [...queryKey, "charges", credits] as const,
    enabled: credits !== undefined,
    queryFn: async () => {
      const answer = await client.fetch(`${endpoint}${endpoint.includes("?") ? "&" : "?"}charges=recent`, { cache: "no-store" });
      const body: unknown = await answer.json().catch(() => undefined);
      if (isCharges(body)) return body.charges;
      throw aresError("unexpected_response", undefined, false);
    },
    // The list before, while it is the same user's.
    placeholderData: (old: readonly Charge[] | undefined, last: { queryKey: readonly unknown[] } | undefined) =>
      last?.queryKey[2] === queryKey[2] && last?.queryKey[3] === queryKey[3] ? old : undefined,
    networkMode: "always",
    throwOnError: false,
    retry: false,
  } as const;
}

/** The endpoint is the app's own, and a guide's route answers without any charges. */
function isCharges(body: unknown): body is { charges: readonly Charge[] } {
  return typeof body === "object" && body !== null && "charges" in body && Array.isArray(body.charges);
}

/** Shows a balance that came with a charge, or has it read again. */
export function updateBalance(queryClient: QueryClient, queryKey: UserKey, credits: number | undefined): void {
  if (credits === undefined || !queryClient.getQueryData(queryKey)) {
    void queryClient.invalidateQueries({ queryKey });
    return;
  }
  // A read that began before the charge would bring the old balance back.
  void queryClient.cancelQueries({ queryKey }).then(() => {
    queryClient.setQueryData<AresUserAnswer>(queryKey, (old) => old && { ...old, credits });
  });
}

/** Forgets a user's data when another user, or nobody, is signed in. */
export function forgetUser(queryClient: QueryClient, queryKey: UserKey): void {
  queryClient.removeQueries({ queryKey });
}
