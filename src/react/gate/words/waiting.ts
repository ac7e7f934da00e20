import { useEffect, useRef, useState, useSyncExternalStore } from "react";
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

/**
 * Counts how often `busy` has ended, and says whether that was a moment ago. `wishes`: how often the user has asked. An end
 * that nobody asked for is neither counted nor told.
 */
export function useCompletions(busy: boolean, wishes: number): [rounds: number, recent: boolean] {
  const [last, setLast] = useState({ busy, rounds: 0, wishes, wished: false });
  if (last.busy !== busy) {
    const wished = wishes !== last.wishes;
    setLast(
      busy ? { ...last, busy } : { busy, rounds: last.rounds + Number(wished), wishes, wished },
    );
  }
  const rests = last.wished && !busy;
  const old = useSlow(rests);
  return [last.rounds, rests && !old];
}

/**
 * True for words that came after the first press. Words that stood before the press are no news until other words came
 * between; `brief` words come between without that.
 */
export function useNews(words: string, used: boolean | undefined, brief?: boolean): boolean {
  const old = useRef("");
  useEffect(() => {
    if (!used) old.current = words;
    else if (words !== old.current && !brief) old.current = "";
  });
  return !!(used && words && words !== old.current);
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
