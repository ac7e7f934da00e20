import { shortHash } from "../../client";
import { keyMintedAt, maxKeyAgeMs } from "../../contract";

/** The key of one call to a paid endpoint. It names one use of the charge that pays for the call. */
export interface HeldKey {
  key: string;
  /** True for the key of an earlier call, which may have been served. */
  repeated: boolean;
  /** Gives the key back: for the next equal call, or, once the call was served or refused for good, for none. */
  release(how: "kept" | "ended"): void;
}

export interface CallKeys {
  /** Takes the key of a call. `call` is undefined where its body has no text: such a call can't be known again. */
  take(call: readonly unknown[] | undefined): HeldKey;
}

/**
 * One key for each call. A key under way is never given to a second call, or eight presses would be one use. A key whose
 * call was not served goes to the next equal call, also after a reload of the tab. The stored name tells nothing of the call.
 */
export function createCallKeys(mint: () => string): CallKeys {
  const kept = new Map<string, readonly string[]>();
  const underWay = new Set<string>();
  // Keys are minted on the server's clock. This machine's may be a day off.
  const isYoung = (key: string) => mintedAt(mint()) - mintedAt(key) < maxKeyAgeMs;

  function read(name: string): readonly string[] {
    const stored = kept.get(name) ?? guarded((storage) => storage.getItem(name)?.split(" ")) ?? [];
    return stored.filter(isYoung);
  }

  function save(name: string, keys: readonly string[]): void {
    kept.set(name, keys);
    guarded((storage) =>
      keys.length ? storage.setItem(name, keys.join(" ")) : storage.removeItem(name),
    );
  }

  return {
    take(call) {
      if (!call) return { key: mint(), repeated: false, release: () => {} };
      const name = `ares:use:${shortHash(JSON.stringify(call))}`;
      const waiting = read(name).find((key) => !underWay.has(key));
      const key = waiting ?? mint();
      if (!waiting) save(name, [...read(name), key]);
      underWay.add(key);
      return {
        key,
        repeated: waiting !== undefined,
        release(how) {
          underWay.delete(key);
          if (how === "ended")
            save(
              name,
              read(name).filter((each) => each !== key),
            );
        },
      };
    },
  };
}

const mintedAt = (key: string): number => keyMintedAt(key) ?? 0;

/** Without usable storage the keys stay in memory alone. */
function guarded<T>(act: (stored: Storage) => T): T | undefined {
  try {
    return act(sessionStorage);
  } catch {
    return undefined;
  }
}
