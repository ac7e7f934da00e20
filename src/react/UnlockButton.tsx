import { type ComponentPropsWithoutRef, Fragment, forwardRef } from "react";
import { useAres } from "./context";
import { drawButton, once, type RenderButton } from "./drawButton";
import { formatCredits } from "./formatCredits";
import type { AresGateState } from "./gateState";
import { fill } from "./messages";
import { useMessages } from "./useMessages";

export interface UnlockButtonProps extends Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick"> {
  /** What `useAresGate` returned. */
  gate: AresGateState;
  /** The feature's name, as its users know it. */
  label?: string | undefined;
  /** Draws it with an app's own component, such as `(props) => <Button {...props} />`. */
  render?: RenderButton | undefined;
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
  { gate, label, render, children, className, ...rest },
  ref,
) {
  const { locale } = useAres();
  const messages = useMessages();
  const { status } = gate;
  const act = status === "not_charged" ? gate.retry : "unlock" in gate ? gate.unlock : undefined;
  const busy = status === "charging";
  if (!act && !busy) return null;
  const press = String(rest["aria-disabled"]) === "true" ? undefined : act;
  const price = "price" in gate && gate.price !== undefined ? formatCredits(gate.price, { messages, locale, round: "ceil" }) : undefined;
  const name = status === "not_charged" ? messages.retry : fill(messages.unlock, { label });

  const button = drawButton(render, {
    "data-ares-part": "unlock",
    className,
    ...rest,
    ref,
    "data-status": status,
    "aria-busy": busy,
    "aria-disabled": !press,
    onClick: press && once(press),
    children: (
      <>
        {children ?? name}
        {price && (
          <>
            {" · "}
            <bdi>{price}</bdi>
          </>
        )}
      </>
    ),
  });
  // Another price is another button, so that no press meant for the first one lands on it.
  return <Fragment key={status === "price_changed" ? "again" : "first"}>{button}</Fragment>;
});
