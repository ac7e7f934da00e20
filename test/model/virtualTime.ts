import { createHash } from "node:crypto";
import { vi } from "vitest";

const { setImmediate: realImmediate } = globalThis;
const { stackTraceLimit } = Error;

/**
 * Time that moves only when a test moves it. So thousands of schedules with leases of seconds and days run in moments.
 * Replaces parts of the platform (timers, and SHA-256 in a thread), and none of our own modules.
 */
export function installVirtualTime() {
  let ms = 0;
  let nextId = 1;
  const timers = new Map<number, { at: number; run: () => void }>();

  // Refusals are thrown by the thousand, and nobody reads their stacks.
  Error.stackTraceLimit = 0;
  const setTimer = (run: () => void, wait = 0) => {
    timers.set(nextId, { at: ms + wait, run });
    return nextId++;
  };

  vi.stubGlobal("setTimeout", setTimer);
  vi.stubGlobal("clearTimeout", (id: number | undefined) => id !== undefined && timers.delete(id));
  // The same digest, at once instead of in a thread. A schedule must run the same way each time.
  vi.spyOn(crypto.subtle, "digest").mockImplementation(async (_, data) => {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    return new Uint8Array(createHash("sha256").update(bytes).digest()).buffer;
  });

  /** Runs everything that is ready. */
  const settle = () => new Promise<void>((done) => void realImmediate(done));

  /** Runs the due timers, oldest first, each with all its effects. */
  async function fire(): Promise<void> {
    for (let due = oldestDue(); due; due = oldestDue()) {
      timers.delete(due.id);
      due.run();
      await settle();
    }
  }

  function oldestDue() {
    let oldest: { id: number; at: number; run: () => void } | undefined;
    for (const [id, timer] of timers)
      if (timer.at <= ms && (!oldest || timer.at < oldest.at)) oldest = { id, ...timer };
    return oldest;
  }

  return {
    now: () => ms,
    settle,
    fire,
    /** Moves the clock while every worker stands still. Its timers are late, as after a frozen process. */
    jump(by: number) {
      ms += by;
    },
    /** Moves to the next timer and runs it. False when there is none. */
    async next(): Promise<boolean> {
      if (timers.size === 0) return false;
      ms = Math.max(ms, Math.min(...[...timers.values()].map(({ at }) => at)));
      await fire();
      return true;
    },
    async advance(by: number) {
      ms += by;
      await fire();
    },
    start(at: number) {
      ms = at;
      timers.clear();
    },
    uninstall() {
      Error.stackTraceLimit = stackTraceLimit;
      vi.unstubAllGlobals();
      vi.restoreAllMocks();
    },
  };
}

export type VirtualTime = ReturnType<typeof installVirtualTime>;
