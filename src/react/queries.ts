import type { QueryClient } from "@tanstack/react-query";
import type { AresClient, AresUserAnswer } from "../client";
import type { AresError } from "../contract";

/** The one place that knows query keys: never without the endpoint and the user. */
export function userKeyOf(endpoint: string, userKey: string | undefined) {
  return ["ares", endpoint, userKey ?? null] as const;
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
    retry: (failures: number, error: AresError) => failures < 2 && (error.code === "network_error" || error.code === "internal"),
  } as const;
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
