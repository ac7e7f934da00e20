import { type ComponentPropsWithoutRef, Fragment, forwardRef, type ReactNode } from "react";
import { drawButton, type OwnButton } from "./parts/looks";
import type { OwnSize } from "./parts/More";
import { PricedVerb } from "./parts/PricedVerb";
import { useFocusKept } from "./parts/useFocusKept";
import { type AresGateState, priceOf } from "./state/gateState";
import { verbOf } from "./words/gateWords";
import { useGateWords } from "./words/useGateWords";
import type { GateKey } from "./words/writeText";

/** The props of `UnlockButton`, beside those of a `<button>`. */
export interface UnlockButtonProps
  extends Omit<ComponentPropsWithoutRef<"button">, "type" | "onClick">,
    OwnButton,
    OwnSize {
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
  function UnlockButton(
    { gate, label, icon, size, renderButton, children, className, ...rest },
    ref,
  ) {
    const { status } = gate;
    const speech = useGateWords(gate, { label });
    const focus = useFocusKept(status + priceOf(gate), true);
    const act = actOf(gate);
    const isBusy = status === "charging";
    if (!act && !isBusy) return null;
    const isDisabled = speech.blocked !== "" || String(rest["aria-disabled"]) === "true";
    const press = isDisabled ? undefined : act;

    const { write, price, former, seconds } = speech;
    const verb = verbOf(gate, speech.label);
    const withPrice = (key: GateKey) => [write(key), price].filter(Boolean).join(" · ");
    const hasOwnContent = icon !== undefined || children !== undefined;
    const button = drawButton(renderButton, {
      "data-ares-part": "unlock",
      "aria-label": icon ? withPrice(verb) : undefined,
      className,
      ...focus,
      ...rest,
      ref,
      "data-status": status,
      "data-size": size,
      "aria-busy": isBusy,
      "aria-disabled": !press,
      onClick: press,
      children: (
        <PricedVerb
          room={hasOwnContent ? undefined : write(otherVerb(verb, speech.label))}
          price={price}
          former={icon ? undefined : former}
          seconds={seconds}
          busy={isBusy && !icon ? write("charging_button") : undefined}
        >
          {icon ?? children ?? write(verb)}
        </PricedVerb>
      ),
    });
    // Another price gets another button: a press on the first price must not land on the second.
    return <Fragment key={price}>{button}</Fragment>;
  },
);

function actOf(gate: AresGateState): (() => void) | undefined {
  switch (gate.status) {
    case "locked":
    case "price_changed":
      return gate.unlock;
    case "not_charged":
      return gate.retry;
    default:
      return undefined;
  }
}

/** The verb that the button may change to. */
function otherVerb(verb: GateKey, label: string | undefined): GateKey {
  if (verb !== "retry") return "retry";
  return label ? "unlock" : "unlock_plain";
}
