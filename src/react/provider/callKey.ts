import { shortHash } from "../../client";
import { keyMintedAt, maxKeyAgeMs } from "../../contract";

/** The key of a call, kept in the tab until the call's answer is known, for a reload too. */
export interface CallKey {
  key: string;
  /** True after a call whose answer left open whether the call charged. */
  open: boolean;
  /** Ends the key, or keeps it for the next same call. */
  settle(how: "over" | "kept" | "open"): void;
}

/**
 * The key of a call: a new one, or the key of the same call whose answer never came. The stored name tells nothing of the
 * address, the body or the user.
 */
export function keyOfCall(
  waiting: Map<string, string>,
  call: readonly unknown[],
  mint: () => string,
): CallKey {
  const name = `ares:call:${shortHash(JSON.stringify(call))}`;
  const stored = waiting.get(name) ?? guarded((storage) => storage.getItem(name)) ?? "";
  const [last = "", open] = stored.split(" ");
  const isUsable = Date.now() - (keyMintedAt(last) ?? 0) < maxKeyAgeMs;
  const key = isUsable ? last : mint();
  const save = (text: string) => {
    waiting.set(name, text);
    guarded((storage) => storage.setItem(name, text));
  };
  save(isUsable ? stored : key);
  return {
    key,
    open: isUsable && open !== undefined,
    settle(how) {
      if (how === "open") save(`${key} open`);
      if (how !== "over" || !waiting.get(name)?.startsWith(key)) return;
      waiting.delete(name);
      guarded((storage) => storage.removeItem(name));
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
