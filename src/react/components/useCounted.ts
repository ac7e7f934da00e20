import { useEffect, useState } from "react";

const COUNT_MS = 400;

/**
 * Shows an amount on its way from the last value to the new one, for the eye alone: a reader's words have the new value at once.
 * The amount of another owner is new, and is not counted to.
 */
export function useCounted(amount: number | undefined, owner: unknown): number | undefined {
  const [count, setCount] = useState({ owner, amount, from: amount, left: 0 });
  if (count.owner !== owner || count.amount !== amount) {
    const from = count.owner === owner ? count.amount : undefined;
    setCount({ owner, amount, from, left: from === undefined || amount === undefined || isStill() ? 0 : 1 });
  }
  const moves = count.left > 0;
  useEffect(() => {
    if (!moves || amount === undefined) return;
    const begun = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      // A frame's time may be before the change.
      const left = Math.min(1, Math.max(0, 1 - (now - begun) / COUNT_MS));
      setCount((last) => ({ ...last, left }));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [amount, moves]);
  const { from, left } = count;
  if (amount === undefined || from === undefined) return amount;
  // Whole credits alone are counted, so that the decimals stand still.
  return amount + Math.round((from - amount) * left ** 2);
}

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
