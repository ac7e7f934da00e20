import { afterAll, vi } from "vitest";

/** The timers that this file has set, and that have not been told to end. */
const timers = new Set<ReturnType<typeof setTimeout>>();
const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;

function remembering<Timer extends typeof setTimeout | typeof setInterval>(real: Timer): Timer {
  return new Proxy(real, {
    apply(target, self, args) {
      const timer = Reflect.apply(target, self, args);
      timers.add(timer);
      return timer;
    },
  });
}

// Files share a worker, so a file takes its timers and its stand-ins along when it ends. A client that still watches a
// charge would otherwise write into the storage of the next file.
globalThis.setTimeout = remembering(realTimeout);
globalThis.setInterval = remembering(realInterval);

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  Object.assign(globalThis, { setTimeout: realTimeout, setInterval: realInterval });
  for (const timer of timers) clearTimeout(timer);
});
