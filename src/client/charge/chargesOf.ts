import { onePerClient } from "../onePerClient";
import { createCharges } from "./createCharges";
import { restored } from "./restore";
import { createSession } from "./session";

/** The charges of a user on this page: one machine for all its gates and hooks, made by the first of them. */
export const chargesOf = /* @__PURE__ */ onePerClient((client) => {
  const charges = createCharges(createSession(client), restored(client));
  client.onWake = charges.wake;
  return charges;
});
