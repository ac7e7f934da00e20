import { useCallback, useEffect, useInsertionEffect, useRef } from "react";
import { within } from "../../client";
import type { AresError } from "../../contract";

/** How long a press waits for what it needs. */
const PRESS_MS = 10_000;

/**
 * Gives a value, or a promise of it while the page does not have it yet.
 *
 * The promise rejects with `error` as soon as there is one, and with `network_error` after ten seconds. Nothing was sent.
 */
export function useAwaited<T>(
  value: T | undefined,
  error?: AresError | null,
): () => T | Promise<T> {
  const latest = useRef({ value, error });
  const waiting = useRef(new Set<() => void>());
  useInsertionEffect(() => {
    latest.current = { value, error };
  });
  useEffect(() => {
    if (value === undefined && !error) return;
    for (const look of waiting.current) look();
  }, [value, error]);

  return useCallback(() => {
    const { current } = latest;
    if (current.value !== undefined) return current.value;
    let look = () => {};
    const arrived = new Promise<T>((resolve, reject) => {
      look = () => {
        const { value, error } = latest.current;
        if (value !== undefined) resolve(value);
        else if (error) reject(error);
      };
      waiting.current.add(look);
      look();
    });
    return within(PRESS_MS, arrived).finally(() => waiting.current.delete(look));
  }, []);
}
