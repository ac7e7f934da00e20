/** What this process holds on to, after everything that nobody needs any more was collected (`--expose-gc`). */
export function answerStats() {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return Response.json({ rss, heapUsed, handles: process.getActiveResourcesInfo().length });
}
