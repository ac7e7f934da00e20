import { shortHash } from "../../client";
import { mintKey } from "../../contract";

/**
 * The key of a call: a new one, or the key of the same call whose answer never came. Kept in the tab, for a reload too.
 * The stored name tells nothing of the address or the body.
 */
export function keyOfCall(waiting: Map<string, string>, call: readonly unknown[]): { key: string; settle: () => void } {
  const name = `ares:call:${shortHash(JSON.stringify(call))}`;
  const key = waiting.get(name) ?? guarded((stored) => stored.getItem(name)) ?? mintKey();
  waiting.set(name, key);
  guarded((stored) => stored.setItem(name, key));
  return {
    key,
    settle() {
      if (waiting.get(name) === key) waiting.delete(name);
      guarded((stored) => stored.getItem(name) === key && stored.removeItem(name));
    },
  };
}

/** Without usable storage the key stays in memory alone. */
function guarded<T>(act: (stored: Storage) => T): T | undefined {
  try {
    return act(sessionStorage);
  } catch {
    return undefined;
  }
}

/** True for an answer that tells nothing of this call, or after which the same key may still be served. */
export function mayRepeat({ status }: Response): boolean {
  return status > 499 || [401, 408, 409, 425, 429].includes(status);
}
