/** What this process still holds after a garbage collection (`--expose-gc`). */
export function answerStats() {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return Response.json({ rss, heapUsed, handles: process.getActiveResourcesInfo().length });
}
