import { useEffect, useLayoutEffect, useRef, useState } from "react";

const COUNT_MS = 400;
/** React 18 warns of a layout effect on a server, where no effect runs. */
const useEffectBeforePaint = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * Shows an amount on its way from the last value to the new one, for the eye alone: a reader's words have the new value at once.
 * The amount of another owner is new, and is not counted to.
 */
export function useCounted(amount: number | undefined, owner: unknown): number | undefined {
  const last = useRef({ amount, owner });
  const [{ from, left }, setCount] = useState(ended);
  useEffectBeforePaint(() => {
    const from = last.current.owner === owner ? last.current.amount : undefined;
    last.current = { amount, owner };
    if (from === undefined || amount === undefined || from === amount || isStill()) return;
    const begun = performance.now();
    let frame = 0;
    const step = (now: number) => {
      // A frame's time may be before the change.
      const left = Math.min(1, Math.max(0, 1 - (now - begun) / COUNT_MS));
      setCount({ from, left });
      if (left) frame = requestAnimationFrame(step);
    };
    step(begun);
    return () => {
      cancelAnimationFrame(frame);
      setCount(ended);
    };
  }, [amount, owner]);
  // Whole credits alone are counted, so that the decimals stand still.
  return amount === undefined ? undefined : amount + Math.round((from - amount) * left ** 2);
}

const ended = { from: 0, left: 0 };

let still: boolean | undefined;

/** True where nobody sees a count, or wants one: `--ares-duration: 0s` ends this motion too. All balances of a page ask once. */
function isStill(): boolean {
  if (still === undefined)
    queueMicrotask(() => {
      still = undefined;
    });
  still ??= asksForStillness();
  return still;
}

function asksForStillness(): boolean {
  if (typeof matchMedia === "undefined" || document.visibilityState === "hidden") return true;
  const duration = getComputedStyle(document.documentElement).getPropertyValue("--ares-duration");
  return Number.parseFloat(duration) === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches;
}
