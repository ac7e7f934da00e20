import { setTimeout as pause } from "node:timers/promises";

/** A trial's charges end after so many, and not before so long. */
export interface Lasts {
  intents: number;
  /** @default 0 */
  seconds?: number;
}

/** Counts the work of a trial. */
export function createClock({ intents, seconds = 0 }: Lasts) {
  const began = performance.now();
  let [begun, finished] = [0, 0];
  function partOf(count: number): number {
    const partOfTime = seconds > 0 ? (performance.now() - began) / (seconds * 1000) : 1;
    return Math.min(count / intents, partOfTime);
  }
  return {
    /** The number of the next piece of work; undefined once there is no more. */
    next: (): number | undefined => (partOf(begun) < 1 ? begun++ : undefined),
    /** How much of the work is done, from 0 to 1. */
    finish(): number {
      finished += 1;
      return partOf(finished);
    },
  };
}

/** Disturbs after each of several equal parts of the work, one disturbance at a time. */
export function createDisturber(times: number, by: (time: number) => Promise<void>) {
  let done = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    progress(part: number): void {
      if (done >= times || part < (done + 1) / (times + 1)) return;
      const time = done;
      done += 1;
      last = last.then(() => by(time));
    },
    done: () => last,
    get times() {
      return done;
    },
  };
}

/** Works on so many pieces at the same time, until there is no next one. */
export async function inParallel(
  width: number,
  next: () => number | undefined,
  work: (n: number) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    for (let n = next(); n !== undefined; n = next()) await work(n);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** The same for each of a list. */
export async function eachInParallel<T>(
  width: number,
  list: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...list];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Waits for a condition, asked every so often. False: it did not come about in time. */
export async function until(
  isMet: () => Promise<boolean>,
  { everyMs, withinMs }: { everyMs: number; withinMs: number },
): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await isMet())) {
    if (performance.now() > giveUpAt) return false;
    await pause(everyMs);
  }
  return true;
}
