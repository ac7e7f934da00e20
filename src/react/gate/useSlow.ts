import { useEffect, useState } from "react";

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
