import type { StoredTarget } from "./chargeState";

/** The part of `navigator.locks` that is needed. */
export interface PageLocks {
  request(name: string, work: () => Promise<void> | undefined): Promise<unknown>;
}

/** A tab may be frozen while it holds a lock: nobody waits for the lock longer than this. */
const LOCK_MS = 3000;
/** How long a browser may take to show a stored entry to other tabs. */
const STORED_MS = 100;

/** Runs `work` while no other tab runs work of the same name. The lock covers only the synchronous part of `work`. */
export type TabLock = (name: string, work: () => void) => void;

interface Turn {
  waiting: Set<() => void>;
  granted: boolean;
  /** True when work joined after the lock was granted. Other tabs may not see its stored keys yet. */
  joined: boolean;
}

/**
 * One lock for each name, taken once for all the work that a page has at the moment. Work of one page need not wait for
 * other work of that page: a page knows from memory what it stored.
 */
export function createTabLock(prefix: string, find: () => PageLocks | undefined): TabLock {
  const turns = new Map<string, Turn>();

  function take(locks: PageLocks, name: string): Turn {
    const turn = { waiting: new Set<() => void>(), granted: false, joined: false };
    const begin = () => {
      turn.granted = true;
      for (const work of turn.waiting) work();
    };
    turns.set(name, turn);
    locks
      .request(prefix + name, async () => {
        begin();
        await sleep(STORED_MS);
        // Later work waits for the next turn, so that a page that stores without a pause lets other tabs in.
        turns.delete(name);
        if (turn.joined) await sleep(STORED_MS);
      })
      .catch(() => {
        turns.delete(name);
        begin();
      });
    return turn;
  }

  return (name, work) => {
    const locks = find();
    if (!locks) return queueMicrotask(work);
    const turn = turns.get(name) ?? take(locks, name);
    const once = () => void (turn.waiting.delete(once) && work());
    turn.waiting.add(once);
    turn.joined = turn.granted;
    if (turn.granted) queueMicrotask(once);
    setTimeout(once, LOCK_MS);
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface AresChannel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

/**
 * A message of another tab, or of another provider of this page: the outcome of a key is known, or, without a key, who is
 * signed in. Every member is unknown: anything of this origin may have sent it.
 */
export interface TabNews extends StoredTarget {
  /** The server's name of the sender's user; null when nobody is signed in. */
  owner?: unknown;
  key?: unknown;
}

/** Opens the channel between the pages of one endpoint. Undefined where the browser has none: tabs then learn from storage and reads alone. */
export function openLine(
  open: () => AresChannel,
  hear: (news: TabNews | undefined) => void,
): AresChannel | undefined {
  try {
    const channel = open();
    channel.onmessage = ({ data }) => hear(data);
    return channel;
  } catch {}
  return undefined;
}

/** Listens to events of the page. The returned function ends that. */
export function listen(names: readonly string[], hear: (event: Event) => void): () => void {
  for (const name of names) addEventListener(name, hear);
  return () => {
    for (const name of names) removeEventListener(name, hear);
  };
}

/** Runs `work` at once, or when a hidden page is shown. */
export function whenSeen(work: () => void): void {
  if (globalThis.document?.visibilityState !== "hidden") {
    work();
    return;
  }
  const stop = listen(["visibilitychange"], () => {
    stop();
    work();
  });
}
