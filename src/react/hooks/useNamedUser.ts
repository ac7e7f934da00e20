import { type AresContextValue, useAres } from "../provider/context";
import { useAwaited } from "./useAwaited";

/**
 * Gives the provider's value, or a promise of it while a loading session has not named its user. A key is kept under the
 * user's name. A press before that would keep its key where the next press does not look. That press would charge again.
 *
 * Rejects with `network_error` after ten seconds. Nothing was sent.
 */
export function useNamedUser(): () => AresContextValue | Promise<AresContextValue> {
  const ares = useAres();
  const [, , user] = ares.queryKey;
  const isNamed = ares.session !== "loading" || user !== null;
  return useAwaited(isNamed ? ares : undefined);
}
