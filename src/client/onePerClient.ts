import type { AresClient } from "./createAresClient";

/**
 * Lets a page make something for its user when it is first asked for, and then share it: the machine of charges, or the prices
 * that were shown. A page that never asks does not load it. `make` has no effects, so it may run during render.
 */
export function onePerClient<T extends object>(
  make: (client: AresClient) => T,
): (client: AresClient) => T {
  const all = new WeakMap<AresClient, T>();
  return (client) => {
    const one = all.get(client) ?? make(client);
    all.set(client, one);
    return one;
  };
}
