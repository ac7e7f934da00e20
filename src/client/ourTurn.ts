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
