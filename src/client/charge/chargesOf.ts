import type { AresClient } from "../createAresClient";
import { type Charges, createCharges } from "./createCharges";
import { restored } from "./restore";
import { createSession } from "./session";

const machines = /* @__PURE__ */ new WeakMap<AresClient, Charges>();

/**
 * The charges of a user on this page: one machine for all gates and hooks, made by the first of them. A page without any has
 * no use for the machine, and does not load it. Making it has no effects, so it may happen during render.
 */
export function chargesOf(client: AresClient): Charges {
  const known = machines.get(client);
  if (known) return known;
  const charges = createCharges(createSession(client), restored(client));
  machines.set(client, charges);
  client.onWake = charges.wake;
  return charges;
}
