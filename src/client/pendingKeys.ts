import { maxKeyAgeMs } from "../contract";
import { isRecord } from "./answer";
import { type StoredTarget, targetId } from "./chargeState";

/** A key whose outcome is not known yet, with the target of its charge. */
export interface PendingKey {
  key: string;
  usage: string;
  resource?: string | undefined;
  /** Stands for the input of a quoted usage. */
  inputDigest?: string | undefined;
  /** The key pays for this call of the app's own. */
  call?: string | undefined;
  /** The price that the user was shown. */
  credits?: number | undefined;
  /** The balance before the charge, where it was known: evidence when an answer is lost. */
  before?: number | undefined;
  /** The user who pressed, where the server has told who that is. Only this user's page sends or reads the key. */
  owner?: string | undefined;
  /** The time of the last send, or of minting, on this machine's clock. */
  at: number;
  /** True from the first send on. */
  sent?: boolean | undefined;
  /** True when the server no longer takes the key. The key is then only read. */
  gone?: boolean | undefined;
  /** True when a new ledger refused the first key of the press. There is no third. */
  second?: boolean | undefined;
  /** The time when the key was seen as charged, for tabs that were pressed before that. */
  paidAt?: number | undefined;
}

export interface PendingKeys {
  /** The stored keys of a target. */
  of(target: StoredTarget): PendingKey[];
  /** The key as a tab last stored it. */
  get(key: string): PendingKey | undefined;
  /** Returns false when the browser keeps nothing. */
  save(pending: PendingKey): boolean;
  drop(pending: PendingKey): void;
}

/** How long a paid key stays for a tab that was pressed before: longer than any press waits for its turn, on a busy machine too. */
export const PAID_KEY_MS = 30_000;

/**
 * Keeps pending keys where a reload and other tabs find them, one entry per key. Without usable storage nothing is kept,
 * and the slots in memory remain.
 */
export function createPendingKeys(
  prefix: string,
  storage: () => Storage,
  now: () => number,
): PendingKeys {
  /** The stored keys of this tick, by target. Other tabs write between ticks. A key that this page saves is no orphan here. */
  let found: Record<string, PendingKey[]> | undefined;

  function guarded<T>(act: (store: Storage) => T): T | undefined {
    try {
      return act(storage());
    } catch {
      return undefined;
    }
  }

  function namesIn(store: Storage): string[] {
    const names: string[] = [];
    for (let i = store.length; i--; ) {
      const name = store.key(i);
      if (name?.startsWith(prefix)) names.push(name);
    }
    return names;
  }

  function isKept({ at, paidAt = now() }: PendingKey): boolean {
    const isYoung = now() - at < maxKeyAgeMs;
    return isYoung && !(now() - paidAt > PAID_KEY_MS);
  }

  function readAll(): Record<string, PendingKey[]> {
    const all: Record<string, PendingKey[]> = {};
    guarded((store) => {
      for (const name of namesIn(store)) {
        const pending = parse(store.getItem(name));
        if (pending && isKept(pending)) add(all, pending);
        else store.removeItem(name);
      }
    });
    return all;
  }

  function forget(): void {
    found = undefined;
  }

  return {
    of(target) {
      if (!found) queueMicrotask(forget);
      found ??= readAll();
      return found[targetId(target)] ?? [];
    },
    get: (key) => guarded((store) => parse(store.getItem(prefix + key))),
    save: (pending) =>
      guarded(
        (store) => store.setItem(prefix + pending.key, JSON.stringify(pending)) === undefined,
      ) === true,
    drop({ key }) {
      forget();
      guarded((store) => store.removeItem(prefix + key));
    },
  };
}

function add(all: Record<string, PendingKey[]>, pending: PendingKey): void {
  const list = all[targetId(pending)] ?? [];
  list.push(pending);
  all[targetId(pending)] = list;
}

function parse(text: string | null): PendingKey | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (isPending(value)) return value;
  } catch {}
  return undefined;
}

function isPending(value: unknown): value is PendingKey {
  return isRecord(value) && typeof value.key === "string" && typeof value.at === "number";
}
