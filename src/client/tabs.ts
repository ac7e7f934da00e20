/** The part of `navigator.locks` that is needed. */
export interface PageLocks {
  request(name: string, work: () => Promise<void> | undefined): Promise<unknown>;
}

/** A tab may be frozen while it holds a lock: nobody waits for it longer than this. */
const LOCK_MS = 3000;
/** How long a browser may take to show other tabs what was just stored. */
const STORED_MS = 100;

/**
 * Resolves when no other tab has its turn under the same name. What follows at once, the look into storage and the
 * writing of the key, is covered by the lock; the charge is not: whoever comes next finds the key and adopts it.
 */
export function ourTurn(locks: PageLocks | undefined, name: string): Promise<void> {
  return new Promise((resolve) => {
    if (!locks) return resolve();
    setTimeout(resolve, LOCK_MS);
    locks
      .request(name, () => {
        resolve();
        return new Promise((free) => setTimeout(free, STORED_MS));
      })
      .catch(resolve);
  });
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
