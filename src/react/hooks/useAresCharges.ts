import { useQuery } from "@tanstack/react-query";
import type { AresError, Charge } from "../../contract";
import { useAres } from "../provider/context";
import { chargesQuery } from "../provider/queries";
import { useAresUser } from "./useAresUser";

export interface UseAresChargesResult {
  status: "loading" | "ready" | "error";
  /** The user's own charges in this app, newest first, at most 100. Undefined until they were read. */
  charges: readonly Charge[] | undefined;
  error: AresError | null;
  refetch: () => Promise<unknown>;
}

/**
 * Reads what the signed-in user was charged for in this app, from the app's own ledger. It follows each charge.
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
  // A balance that has moved is the sign that there may be another charge.
  const query = chargesQuery(client, queryKey, credits);
  const { data, error, refetch } = useQuery<readonly Charge[], AresError>(query, queryClient);
  return { status: data ? "ready" : error ? "error" : "loading", charges: data, error, refetch };
}
