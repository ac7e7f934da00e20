import type { AresGateState } from "./gateState";
import { useGateWords } from "./useGateWords";

export interface AresGateStatusProps {
  /** What `useAresGate` returned. */
  gate: AresGateState;
  /** The feature's name, as its users know it. */
  label?: string | undefined;
}

/**
 * Says what becomes of a gate of one's own making, on screen and to assistive technology.
 *
 * Keep it mounted in every state: what it says is announced only where its live regions were there before.
 *
 * @example
 * const gate = useAresGate({ usage: "export-pdf" });
 * return <><AresGateStatus gate={gate} /><UnlockButton gate={gate} label="export" /></>;
 */
export function AresGateStatus({ gate, label }: AresGateStatusProps) {
  // There is no gate around them, so the regions themselves carry the status.
  return useGateWords(gate, (name) => ({ "data-ares-part": name, "data-status": gate.status }), { label }).regions;
}
