import { type ComponentPropsWithoutRef, Fragment, forwardRef, type ReactNode } from "react";
import { drawButton, type RenderButton } from "./drawButton";
import type { AresGateState } from "./gateState";
import { useGateWords } from "./useGateWords";

export interface UnlockButtonProps extends Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick"> {
  /** What `useAresGate` returned. */
  gate: AresGateState;
  /** The feature's name, as its users know it. */
  label?: string | undefined;
  /** Shown in place of the words, which stay the button's name. */
  icon?: ReactNode;
  /** Draws it with an app's own component, such as `(props) => <Button {...props} />`. */
  render?: RenderButton | undefined;
}

/**
 * The button that unlocks, with the price on it, for a gate of one's own making.
 *
 * It renders nothing in states that have nothing to press for, and stays focusable while a charge is on its way. It does
 * nothing while the browser is offline or the server asked for a pause; `AresGateStatus` beside it says why.
 *
 * @example
 * const gate = useAresGate({ usage: "export-pdf" });
 * <UnlockButton gate={gate} label="export" />
 */
export const UnlockButton = /* @__PURE__ */ forwardRef<HTMLButtonElement, UnlockButtonProps>(function UnlockButton(
  { gate, label, icon, render, children, className, ...rest },
  ref,
) {
  const { status } = gate;
  const { text, blockedReason, price, priced } = useGateWords(gate, () => ({}), { label });
  const act = status === "not_charged" ? gate.retry : "unlock" in gate ? gate.unlock : undefined;
  const busy = status === "charging";
  if (!act && !busy) return null;
  const name = text(status === "not_charged" ? "retry" : "unlock");
  const press = blockedReason || String(rest["aria-disabled"]) === "true" ? undefined : act;

  const button = drawButton(render, {
    "data-ares-part": "unlock",
    "aria-label": icon ? [name, price].filter(Boolean).join(" · ") : undefined,
    className,
    ...rest,
    ref,
    "data-status": status,
    "aria-busy": busy,
    "aria-disabled": !press,
    onClick: press,
    children: icon ?? priced(children ?? name),
  });
  // Another price is another button, so that no press meant for the first one lands on it.
  return <Fragment key={price}>{button}</Fragment>;
});
