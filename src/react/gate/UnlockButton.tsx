import { type ComponentPropsWithoutRef, Fragment, forwardRef, type ReactNode } from "react";
import { drawButton, type OwnButton } from "./parts/looks";
import { useFocusKept } from "./parts/useFocusKept";
import { type AresGateState, priceOf } from "./state/gateState";
import { useGateWords } from "./words/useGateWords";

export interface UnlockButtonProps
  extends Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick">,
    OwnButton {
  /** The state of `useAresGate`. */
  gate: AresGateState;
  /** The feature's name in the user's words. @default the provider's label of the gate's usage */
  label?: string | undefined;
  /** Shown instead of the verb, beside the price. The words stay the button's accessible name. */
  icon?: ReactNode;
}

/**
 * The button that unlocks a gate with own markup. The price stands on the button.
 *
 * Renders nothing in states without a purchase: `AresGateActions` is the way out of these. The button stays focusable during a charge. A press does nothing while
 * the browser is offline or the server asked for a pause; `AresGateStatus` says why.
 *
 * @example
 * const gate = useAresGate({ usage: "export-pdf" });
 * const isForSale = "unlock" in gate || "retry" in gate || gate.status === "charging";
 * return isForSale ? <UnlockButton gate={gate} label="export" /> : <AresGateActions gate={gate} label="export" />;
 */
export const UnlockButton = /* @__PURE__ */ forwardRef<HTMLButtonElement, UnlockButtonProps>(
  function UnlockButton({ gate, label, icon, renderButton, children, className, ...rest }, ref) {
    const { status } = gate;
    const { text, verb, blockedReason, price, priced } = useGateWords(gate, () => ({}), { label });
    const focus = useFocusKept(status + priceOf(gate), true);
    const act = status === "not_charged" ? gate.retry : "unlock" in gate ? gate.unlock : undefined;
    const busy = status === "charging";
    if (!act && !busy) return null;
    const press = blockedReason || String(rest["aria-disabled"]) === "true" ? undefined : act;

    const withPrice = (words: string) => [words, price].filter(Boolean).join(" · ");
    const button = drawButton(renderButton, {
      "data-ares-part": "unlock",
      "aria-label": icon ? withPrice(verb) : undefined,
      // The room of both verbs: a longer verb moves nothing.
      "data-room":
        icon || children ? undefined : withPrice(text(verb === text("retry") ? "unlock" : "retry")),
      className,
      ...focus,
      ...rest,
      ref,
      "data-status": status,
      "aria-busy": busy,
      "aria-disabled": !press,
      onClick: press,
      children: priced(icon ?? children ?? verb),
    });
    // Another price gets another button: a press on the first price must not land on the second.
    return <Fragment key={price}>{button}</Fragment>;
  },
);
