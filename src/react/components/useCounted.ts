import { useCallback, useRef, useState } from "react";

const COUNT_MS = 400;

/**
 * Shows an amount on its way from the last value to the new one, for the eye alone: a reader's words have the new value at once.
 * The amount of another owner is new, and is not counted to.
 *
 * The ref belongs to the element that shows the count: React calls a new ref before the page is painted.
 */
export function useCounted(
  amount: number | undefined,
  owner: unknown,
): [count: number | undefined, ref: (element: Element | null) => void] {
  const last = useRef({ amount, owner, frame: 0 });
  const [{ from, left }, setCount] = useState(ended);
  const ref = useCallback(
    (element: Element | null) => {
      const { current } = last;
      if (current.frame) {
        cancelAnimationFrame(current.frame);
        setCount(ended);
      }
      if (!element) return;
      const from = current.owner === owner ? current.amount : undefined;
      last.current = { amount, owner, frame: 0 };
      if (from === undefined || amount === undefined || from === amount || isStill()) return;
      const begun = performance.now();
      const step = (now: number) => {
        // A frame's time may be before the change.
        const left = Math.min(1, Math.max(0, 1 - (now - begun) / COUNT_MS));
        setCount({ from, left });
        last.current.frame = left && requestAnimationFrame(step);
      };
      step(begun);
    },
    [amount, owner],
  );
  // Whole credits alone are counted, so that the decimals stand still.
  return [amount === undefined ? undefined : amount + Math.round((from - amount) * left ** 2), ref];
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
  return (
    Number.parseFloat(duration) === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}
