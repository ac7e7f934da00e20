export interface WaitingWrite {
  /** Writes to the ledger; rejects when the ledger fails. */
  write: () => Promise<void>;
  /** The write is given up. */
  lost: () => void;
}

const MOST_WAITING = 1_000;
/** Tries until all are given up: a minute of seconds, then a day of minutes. */
const MOST_TRIES = 60 + 24 * 60;

/** The wait before the next try, after so many failures in a row. */
function waitMs(failures: number): number {
  if (failures === 0) return 100;
  return failures <= 60 ? 1_000 : 60_000;
}

/**
 * Keeps writes that failed, and tries them behind the answers until the ledger is back.
 *
 * `waitUntil` keeps a serverless function alive until a write ends.
 */
export function createWaitingWrites(
  waitUntil?: (work: Promise<void>) => void,
): (waiting: WaitingWrite) => void {
  let waiting: (WaitingWrite & { done: () => void })[] = [];
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(): void {
    if (timer !== undefined || waiting.length === 0) return;
    timer = setTimeout(() => void tryOne(), waitMs(failures));
    // The timer alone must not keep a process alive. Other runtimes give a number.
    if (typeof timer === "object") timer.unref();
  }

  /** One write asks whether the ledger is back. When the ledger takes it, the others follow at once. */
  async function tryOne(): Promise<void> {
    const [first, ...others] = waiting;
    if (first && (await isWritten(first))) {
      failures = 0;
      const left = await Promise.all(
        others.map(async (each) => ((await isWritten(each)) ? [] : [each])),
      );
      waiting = [...left.flat(), ...waiting.slice(1 + others.length)];
    } else if (first) {
      failures += 1;
      // Another write asks the next time: one row that can't be written must not hold up the rest.
      waiting = [...waiting.slice(1), first];
    }
    if (failures > MOST_TRIES) giveUp();
    timer = undefined;
    schedule();
  }

  async function isWritten({ write, done }: (typeof waiting)[number]): Promise<boolean> {
    const written = await write().then(
      () => true,
      () => false,
    );
    if (written) done();
    return written;
  }

  function giveUp(): void {
    for (const { lost, done } of waiting) {
      lost();
      done();
    }
    waiting = [];
    failures = 0;
  }

  return (write) => {
    if (waiting.length >= MOST_WAITING) return write.lost();
    const ended = new Promise<void>((done) => waiting.push({ ...write, done }));
    waitUntil?.(ended);
    schedule();
  };
}
