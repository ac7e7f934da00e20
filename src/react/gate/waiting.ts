import { useEffect, useState, useSyncExternalStore } from "react";
import { listen } from "../../client";
/** False only where the browser is sure to have no network. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => navigator.onLine !== false,
    () => true,
  );
}

const subscribe = (tell: () => void) => listen(["online", "offline"], tell);

/** After so long people wonder whether anything still happens. */
const SLOW_MS = 8000;

/** True once `busy` has lasted longer than people wait without a word. */
export function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(setSlow, SLOW_MS, true);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy]);
  return slow;
}

/** Counts down to a moment, given in milliseconds since 1970; 0 once it has come, or without one. */
export function useSecondsUntil(moment: number | undefined): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (moment === undefined) return;
    const tick = () => setLeft(Math.max(0, Math.ceil((moment - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => {
      clearInterval(timer);
      setLeft(0);
    };
  }, [moment]);
  return left;
}
