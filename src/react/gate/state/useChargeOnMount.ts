import { useEffect, useRef } from "react";
import { listen } from "../../../client";
import type { AresGateState, GateActions } from "./gateState";

/**
 * Charges once without a press, as soon as the gate is `locked`. `intent` names the user and what is paid for: each is charged
 * for once, also after a remount. Without a state nothing is charged.
 */
export function useChargeOnMount(
  gate: AresGateState | undefined,
  intent: string,
  unlock: GateActions["unlock"],
): void {
  const tried = useRef<string>(undefined);
  const isDue = gate?.status === "locked" && !gate.unread;
  const price = isDue ? gate.price : undefined;
  useEffect(() => {
    if (!isDue || tried.current === intent) return;
    const start = () => {
      // Nobody sees a hidden or prerendered page, so nothing is charged.
      if (document.visibilityState === "hidden" || tried.current === intent) return;
      tried.current = intent;
      unlock(price);
    };
    start();
    return listen(["visibilitychange"], start);
  }, [isDue, price, intent, unlock]);
}
