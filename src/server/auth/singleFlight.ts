/**
 * Runs one piece of work per name at a time; callers of the same name share it. When the shared work fails, each other caller tries again, so an aborted request fails nobody
 * else. On Cloudflare Workers nothing is shared: there a request may not wait for another request's work.
 */
export function createSingleFlight<V>(): (name: string, work: () => Promise<V>) => Promise<V> {
  const flights = new Map<string, Promise<V>>();

  return async function once(name, work) {
    if (globalThis.navigator?.userAgent === "Cloudflare-Workers") return work();
    for (let flight = flights.get(name); flight; flight = flights.get(name)) {
      const shared = await flight.then(
        (value) => ({ value }),
        () => undefined,
      );
      if (shared) return shared.value;
    }
    const own = work().finally(() => flights.delete(name));
    flights.set(name, own);
    return own;
  };
}
