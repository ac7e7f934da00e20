import { More, type OwnSize } from "./parts/More";
import { OpenCharge } from "./parts/OpenCharge";
import type { AresGateState } from "./state/gateState";
import { GateRegions } from "./words/GateRegions";
import { toldOf } from "./words/told";
import { useGateWords } from "./words/useGateWords";

/** The props of `AresGateStatus`. */
export interface AresGateStatusProps extends OwnSize {
  /** The state of `useAresGate`. */
  gate: AresGateState;
  /** The feature's name in the user's words. @default the provider's label of the gate's usage */
  label?: string | undefined;
}

/**
 * Says the state of a gate with own markup, on screen and to screen readers.
 *
 * Keep the component mounted in every state: a live region announces only changes.
 *
 * @example
 * const gate = useAresGate({ usage: "export-pdf" });
 * return <><AresGateStatus gate={gate} /><AresGateActions gate={gate} label="export" /></>;
 */
export function AresGateStatus({ gate, label, size }: AresGateStatusProps) {
  const speech = useGateWords(gate, { label });
  // No gate is around the regions, so the regions carry the status.
  const part = (name: string) => ({
    "data-ares-part": name,
    "data-status": gate.status,
    className: undefined,
    "data-size": size,
  });
  const isSmall = size === "small";
  const openCharge = gate.status === "unknown" && (
    <OpenCharge evidence={gate.evidence} part={part} renderButton={undefined} />
  );
  return (
    <>
      <GateRegions gate={gate} speech={speech} part={part} isHidden={isSmall} />
      {!isSmall && openCharge}
      {isSmall && (
        <More told={toldOf(gate, speech)} part={part}>
          {openCharge}
        </More>
      )}
    </>
  );
}
