import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { aresError } from "../../client";
import type { AresError, Charge } from "../../contract";
import { useAres } from "../provider/context";
import { chargesQuery } from "../provider/queries";
import type { AresUserState } from "../provider/userStore";
import { useAresUser } from "./useAresUser";

/** What `useAresCharges` returns. */
export interface UseAresChargesResult {
  status: "loading" | "ready" | "error";
  /** The user's charges in this app, newest first, at most 100. Undefined until they are read. */
  charges: readonly Charge[] | undefined;
  error: AresError | null;
  refetch: () => Promise<unknown>;
}

/**
 * Reads the signed-in user's charges from the app's ledger. The list is read again after each charge.
 *
 * Nothing is read for a user without a balance: the `error` then says whether the user has to sign in or to connect.
 * Needs this kit's server: the partner guide's own route keeps no book, and is an `error` here.
 *
 * @example
 * const { charges, error } = useAresCharges();
 * return <ChargeHistory charges={charges} error={error} />;
 */
export function useAresCharges(): UseAresChargesResult {
  const { client, queryClient, queryKey } = useAres();
  const user = useAresUser();
  // A changed balance means that there may be a new charge.
  const query = chargesQuery(client, queryKey, user.credits);
  const { data, error, refetch } = useQuery<readonly Charge[], AresError>(query, queryClient);
  const stop = useMemo(() => stopOf(user), [user]);
  const shown = data ? error : (stop ?? error);
  const unread = shown ? "error" : "loading";
  return {
    status: data ? "ready" : unread,
    charges: data,
    error: shown,
    refetch: stop ? user.refetch : refetch,
  };
}

/** Why there is no balance, and so no list of charges; null while the balance is being read. */
function stopOf({ status, error }: AresUserState): AresError | null {
  if (status === "signed_out") return aresError("not_signed_in", undefined, false);
  if (status === "not_connected" || status === "reconnect")
    return aresError(status, undefined, false);
  return status === "error" ? error : null;
}
