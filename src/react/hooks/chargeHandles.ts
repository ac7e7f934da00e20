import type { AresClient, ChargeHandle } from "../../client";
import { type OutcomeListeners, tellOutcome } from "../provider/outcome";

/** The handles of one hook, by resource. Each tells the hook's newest listeners. */
export interface Handles {
  listeners: OutcomeListeners;
  open(resource: string | undefined): ChargeHandle;
}

export function createHandles(client: AresClient, usage: string): Handles {
  const open = new Map<string | undefined, ChargeHandle>();
  const handles: Handles = {
    listeners: {},
    open(resource: string | undefined): ChargeHandle {
      const handle = open.get(resource) ?? client.open({ usage, resource }, false);
      handle.onOutcome = (outcome) => tellOutcome(handles.listeners, { usage, resource }, outcome);
      open.set(resource, handle);
      return handle;
    },
  };
  return handles;
}
