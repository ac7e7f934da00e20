import { type ComponentPropsWithoutRef, Fragment, forwardRef, type ReactElement } from "react";
import { ConfirmDialog } from "./parts/ConfirmDialog";
import {
  drawButton,
  drawLink,
  type OwnButton,
  type OwnClassNames,
  type OwnLink,
  partsOf,
} from "./parts/looks";
import { useFocusKept } from "./parts/useFocusKept";
import { type AresGateState, priceOf } from "./state/gateState";
import { useGateWords } from "./words/useGateWords";

const actions = ["signIn", "connect", "reconnect", "unlock", "retry", "check", "reset"] as const;
type Action = (typeof actions)[number];
type Offered = { [A in Action | "confirm" | "cancel"]?: (() => void) | undefined } & {
  status: string;
};

/** The parts of a gate's actions, by their `data-ares-part`. */
export type AresGateActionsPart = Action | "topUp" | "dialog" | "detail" | "cancel" | "confirm";

type Looks = OwnClassNames<AresGateActionsPart> & OwnButton & OwnLink;

export interface AresGateActionsProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<AresGateActionsPart>,
    OwnButton,
    OwnLink {
  /** The state of `useAresGate`. */
  gate: AresGateState;
  /** The feature's name in the user's words. @default the provider's label of the gate's usage */
  label?: string | undefined;
}

/**
 * Every next action of a gate with own markup: sign in, connect, unlock, confirm, try again, check, start over, top up.
 *
 * Keep the component mounted in every state, so that a pressed button keeps the focus. `AresGateStatus` says the state.
 *
 * @example
 * const gate = useAresGate({ usage: "export-pdf" });
 * return <><AresGateStatus gate={gate} /><AresGateActions gate={gate} label="export" /></>;
 */
export const AresGateActions = /* @__PURE__ */ forwardRef<HTMLDivElement, AresGateActionsProps>(
  function AresGateActions({ gate, label, classNames, renderButton, renderLink, ...rest }, ref) {
    const words = useGateWords(gate, () => ({}), { label });
    const focus = useFocusKept(gate.status + priceOf(gate), true);
    return (
      <div data-ares-part="actions" {...focus} {...rest} ref={ref} data-status={gate.status}>
        {drawActions(gate, words, { classNames, renderButton, renderLink })}
      </div>
    );
  },
);

/** Draws every next action of a state. The primary action comes first, but in a question. */
export function drawActions(
  gate: AresGateState,
  { text, verb, blockedReason, looking, priced, isAsked, ask }: ReturnType<typeof useGateWords>,
  { classNames, renderButton, renderLink }: Looks,
): ReactElement {
  const { status } = gate;
  const part = partsOf(classNames);
  const busy = status === "charging";
  const offered: Offered = gate;
  return (
    <>
      {"topUpUrl" in gate &&
        drawLink(renderLink, {
          ...part("topUp"),
          href: gate.topUpUrl,
          onClick: gate.topUp,
          "aria-label": text("new_tab"),
          children: text("topUp"),
        })}
      {actions.map((action) => {
        // Only the feature itself gives up its unlock.
        const act = status === "unlocked" ? undefined : offered[action];
        // The pressed button stays until the outcome is known.
        if (!act && !((busy || status === "confirming") && action === "unlock")) return null;
        const spends = action === "unlock" || action === "retry";
        const isLook = looking && action === "check";
        const name = text(
          isLook ? "checking" : action === "reconnect" ? "reconnect_button" : action,
        );
        return (
          // Another price gets another button: a press on the first price must not land on the second.
          <Fragment key={spends ? action + priceOf(gate) : action}>
            {drawButton(renderButton, {
              ...part(action),
              "aria-busy": busy || isLook,
              // The room of both labels: a longer label moves nothing.
              "data-room": action === "check" ? text(isLook ? action : "checking") : undefined,
              onClick:
                spends && blockedReason ? undefined : action === "reset" ? () => ask(true) : act,
              children: spends ? priced(verb) : name,
            })}
          </Fragment>
        );
      })}
      {(isAsked || status === "confirming") && (
        <ConfirmDialog
          renderButton={renderButton}
          // Starting over spends nothing, so its button has no coin.
          part={(name) => part(isAsked && name === "confirm" ? "reset" : name)}
          question={text(isAsked ? "reset_question" : status)}
          detail={blockedReason || text(isAsked ? "unknown_more" : "confirming_more", true)}
          confirmLabel={text(isAsked ? "reset" : "confirm")}
          cancelLabel={text("cancel")}
          onConfirm={
            blockedReason
              ? undefined
              : () => (isAsked ? ask(false, offered.reset) : offered.confirm?.())
          }
          onCancel={() => (isAsked ? ask(false) : offered.cancel?.())}
        />
      )}
    </>
  );
}
