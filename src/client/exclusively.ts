/** The part of `navigator.locks` that is needed. */
export interface PageLocks {
  request(name: string, work: () => Promise<void> | undefined): Promise<unknown>;
}

/** A tab may be frozen while it holds a lock: nobody waits for it longer than this. */
const LOCK_MS = 3000;
/** How long a browser may take to show other tabs what was just stored. */
const STORED_MS = 100;

/**
 * Runs `work` once while no other tab runs its own under the same name. The lock covers the look into storage and the
 * writing of the key, not the charge: whoever comes next finds the key and adopts it.
 */
export function exclusively(locks: PageLocks | undefined, name: string, work: () => void): Promise<void> {
  return new Promise((resolve) => {
    let done = false;
    const once = () => {
      if (!done) work();
      done = true;
      resolve();
    };
    if (!locks) return once();
    setTimeout(once, LOCK_MS);
    locks
      .request(name, () => {
        once();
        return new Promise<void>((free) => setTimeout(free, STORED_MS));
      })
      .catch(once);
  });
}
