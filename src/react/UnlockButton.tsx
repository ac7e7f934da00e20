import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { once } from "./ConfirmDialog";
import { useAres } from "./context";
import { formatCredits } from "./formatCredits";
import type { AresGateState } from "./gateState";
import { fill } from "./messages";

export interface UnlockButtonProps extends Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick"> {
  /** What `useAresGate` returned. */
  gate: AresGateState;
  /** The feature's name, as its users know it. */
  label?: string | undefined;
}

/**
 * The button that unlocks, with the price on it, for a gate of one's own making.
 *
 * It renders nothing in states that have nothing to press for, and stays focusable while a charge is on its way.
 *
 * @example
 * const gate = useAresGate({ usage: "export-pdf" });
 * <UnlockButton gate={gate} label="export" />
 */
export const UnlockButton = /* @__PURE__ */ forwardRef<HTMLButtonElement, UnlockButtonProps>(function UnlockButton(
  { gate, label, children, ...rest },
  ref,
) {
  const { messages, locale } = useAres();
  const { status } = gate;
  const act = status === "not_charged" ? gate.retry : "unlock" in gate ? gate.unlock : undefined;
  const busy = status === "charging";
  if (!act && !busy) return null;
  const price = "price" in gate && gate.price !== undefined ? formatCredits(gate.price, { messages, locale, round: "ceil" }) : undefined;
  const name = status === "not_charged" ? messages.retry : fill(messages.unlock, { label });

  return (
    <button
      data-ares-part="unlock"
      {...rest}
      key={status === "price_changed" ? "again" : "first"}
      ref={ref}
      type="button"
      data-status={status}
      aria-disabled={busy}
      aria-busy={busy}
      onClick={act && once(act)}
    >
      {children ?? name}
      {price && (
        <>
          {" · "}
          <bdi>{price}</bdi>
        </>
      )}
    </button>
  );
});
