/** The part of `navigator.locks` that is needed. */
export interface PageLocks {
  request(name: string, work: () => Promise<void> | undefined): Promise<unknown>;
}

/** A tab may be frozen while it holds a lock: nobody waits for the lock longer than this. */
const LOCK_MS = 3000;
/** How long a browser may take to show other tabs what was just stored. */
const STORED_MS = 100;
/** Runs `work` while no other tab runs work of the same name. The lock covers what `work` does at once, and no promise of it. */
export type TabLock = (name: string, work: () => void) => void;

export function createTabLock(find: () => PageLocks | undefined): TabLock {
  return (name, work) => {
    const locks = find();
    if (!locks) return queueMicrotask(work);
    const granted = new Promise<void>((grant) => {
      locks
        .request(name, () => {
          grant();
          return sleep(STORED_MS);
        })
        .catch(grant);
    });
    void Promise.race([granted, sleep(LOCK_MS)]).then(work);
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

/** What a tab tells the others once the outcome of a key is known. It came from outside, so nothing is proven of it. */
export interface TabNews {
  usage?: unknown;
  resource?: unknown;
  key?: unknown;
}

/** Opens the channel between the tabs of one user. Undefined where the browser has none: tabs then learn from storage and reads alone. */
export function openLine(open: () => AresChannel, hear: (news: TabNews | undefined) => void): AresChannel | undefined {
  try {
    const channel = open();
    channel.onmessage = ({ data }) => hear(data);
    return channel;
  } catch {}
  return undefined;
}

/** Hears events of the page. The result ends that. */
export function listen(names: readonly string[], hear: () => void): () => void {
  for (const name of names) addEventListener(name, hear);
  return () => {
    for (const name of names) removeEventListener(name, hear);
  };
}
