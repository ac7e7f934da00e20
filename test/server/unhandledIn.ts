/** Runs work, and returns the rejections that nobody handled. An unhandled rejection ends a Node process. */
export async function unhandledIn(work: () => Promise<void>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const former = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => unhandled.push(reason));
  try {
    await work();
    await new Promise((done) => setTimeout(done, 20));
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of former) process.on("unhandledRejection", listener);
  }
  return unhandled;
}
