import { useCallback, useEffect, useInsertionEffect, useRef } from "react";
import { within } from "../../client";
import { type AresContextValue, useAres } from "../provider/context";

/** How long a press waits for the session. */
const SESSION_MS = 10_000;

const isNamed = ({ session, queryKey: [, , user] }: AresContextValue): boolean =>
  session !== "loading" || user !== null;

/**
 * Gives the provider's value, or a promise of it while a loading session has not named its user. A key is kept under the
 * user's name. A press before that would keep its key where the next press does not look. That press would charge again.
 *
 * Rejects with `network_error` after ten seconds. Nothing was sent.
 */
export function useNamedUser(): () => AresContextValue | Promise<AresContextValue> {
  const ares = useAres();
  const latest = useRef(ares);
  const waiting = useRef(new Set<(ares: AresContextValue) => void>());
  useInsertionEffect(() => {
    latest.current = ares;
  });
  useEffect(() => {
    if (!isNamed(ares)) return;
    for (const go of waiting.current) go(ares);
    waiting.current.clear();
  }, [ares]);
  return useCallback(() => {
    if (isNamed(latest.current)) return latest.current;
    return within(SESSION_MS, new Promise((go) => waiting.current.add(go)));
  }, []);
}
