import { useEffect, useState, useSyncExternalStore } from "react";
import { listen } from "../../../client";

/** False only when the browser is sure that it is offline. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => navigator.onLine !== false,
    () => true,
  );
}

const subscribe = (tell: () => void) => listen(["online", "offline"], tell);

/** After this time users wonder whether anything still happens. */
const SLOW_MS = 8000;

/** True once `busy` has lasted so long that the user needs a word. */
export function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy]);
  return slow;
}

/** Seconds until a moment in milliseconds since 1970; 0 afterwards, and without a moment. */
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
