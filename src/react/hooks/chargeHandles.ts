import { hashKey } from "@tanstack/react-query";
import { type AresClient, type ChargeHandle, type ChargeTarget, chargesOf } from "../../client";
import { type OutcomeListeners, tellOutcome } from "../provider/outcome";

/** The handles of one hook, by resource and input. Each tells the hook's newest listeners. */
export interface Handles {
  listeners: OutcomeListeners;
  open(of: Pick<ChargeTarget, "resource" | "input">): ChargeHandle;
}

export function createHandles(client: AresClient, usage: string): Handles {
  const open = new Map<string, ChargeHandle>();
  const handles: Handles = {
    listeners: {},
    open({ resource, input }) {
      const target = { usage, resource, input };
      const name = hashKey([resource, input]);
      const handle = open.get(name) ?? chargesOf(client).open(target, false);
      handle.onOutcome = (outcome) => tellOutcome(handles.listeners, target, outcome);
      open.set(name, handle);
      return handle;
    },
  };
  return handles;
}
