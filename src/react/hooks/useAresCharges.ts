import { useQuery } from "@tanstack/react-query";
import type { AresError, Charge } from "../../contract";
import { useAres } from "../provider/context";
import { chargesQuery } from "../provider/queries";
import { useAresUser } from "./useAresUser";

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
 * Needs this kit's server: the partner guide's own route keeps no book, and is an `error` here.
 *
 * @example
 * const { charges, error } = useAresCharges();
 * return <ChargeHistory charges={charges} error={error} />;
 */
export function useAresCharges(): UseAresChargesResult {
  const { client, queryClient, queryKey } = useAres();
  const { credits } = useAresUser();
  // A changed balance means that there may be a new charge.
  const query = chargesQuery(client, queryKey, credits);
  const { data, error, refetch } = useQuery<readonly Charge[], AresError>(query, queryClient);
  return { status: data ? "ready" : error ? "error" : "loading", charges: data, error, refetch };
}
