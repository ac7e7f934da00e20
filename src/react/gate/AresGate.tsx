import { type ComponentPropsWithoutRef, Fragment, forwardRef, type ReactNode, useEffect, useRef } from "react";
import type { Receipt } from "../../client";
import { ConfirmDialog } from "./ConfirmDialog";
import { drawButton, type RenderButton } from "./drawButton";
import type { AresGateState } from "./gateState";
import { Feature, KeepPaidOnError } from "./KeepPaidOnError";
import { type UseAresGateOptions, useAresGate } from "./useAresGate";
import { useGateWords } from "./useGateWords";

type Members = { [M in AresGateState as M["status"]]: M };

/** Own markup for each state of a gate; `null` shows nothing. */
export type AresGateSlots = { [S in keyof Members]?: (state: Members[S]) => ReactNode };

const actions = ["signIn", "connect", "reconnect", "unlock", "retry", "check", "reset"] as const;
type Action = (typeof actions)[number];

/** The parts of a gate, by their `data-ares-part`. */
export type AresGatePart = Action | "status" | "alert" | "detail" | "topUp" | "dialog" | "cancel" | "confirm" | "content";

export interface AresGateProps extends UseAresGateOptions, Omit<ComponentPropsWithoutRef<"div">, "children" | "resource"> {
  /** The feature's name in the user's words. Without a label the texts name no feature, and screen readers hear the usage. */
  label?: string | undefined;
  /** The reason why the gate can't be unlocked yet, in the user's words. Nothing is charged while there is a reason. */
  disabledReason?: string | undefined;
  /** Class names for single parts of the gate's own markup. */
  classNames?: { readonly [P in AresGatePart]?: string } | undefined;
  /** Draws the gate's buttons with an app's own component, such as `(props) => <Button {...props} />`. */
  renderButton?: RenderButton | undefined;
  slots?: AresGateSlots | undefined;
  /** The paid feature, or a function of its receipt. Rendered only in `unlocked` and `entitled`; `entitled` has no receipt. */
  children?: ReactNode | ((receipt: Receipt | undefined) => ReactNode);
}

/**
 * Shows a paid feature once it is paid, and before that the way to pay.
 *
 * A gate in a browser is not a lock: protect the feature's own endpoint with `withCharge` or `requirePaid` too.
 *
 * @example
 * <AresGate usage="report" resource={id} label="Report">
 *   <Report id={id} />
 * </AresGate>
 */
export const AresGate = /* @__PURE__ */ forwardRef<HTMLDivElement, AresGateProps>(function AresGate(props, ref) {
  const {
    usage,
    resource,
    credits,
    trigger,
    confirmation,
    entitled,
    onCharged,
    onRefused,
    onUnknown,
    label,
    disabledReason,
    classNames,
    renderButton,
    slots,
    children,
    ...native
  } = props;
  const asked = { usage, resource, credits, trigger: disabledReason ? "click" : trigger, confirmation, entitled } as const;
  const known = useAresGate({ ...asked, onCharged, onRefused, onUnknown });
  const state = disabledReason ? withoutSpending(known) : known;
  const { status } = state;
  const price = "price" in state ? state.price : undefined;
  const own = slots && slot(slots, status, state);
  const isOwn = own !== undefined;
  const part = (name: AresGatePart) => ({ "data-ares-part": name, className: classNames?.[name] });
  const { text, blockedReason, looking, priced, read, regions } = useGateWords(state, part, {
    label,
    disabledReason,
    silent: isOwn,
  });
  const confirming = status === "confirming";
  const busy = status === "charging";

  // When the focused button unmounts, the focus moves to the status text or the feature, never to another button: a second
  // Enter must not spend.
  const inside = useRef<HTMLElement | null>(null);
  const place = status + price;
  useEffect(() => {
    const gate = place && inside.current;
    if (gate && document.activeElement === document.body)
      ([...gate.querySelectorAll<HTMLElement>(":scope > :is(p, section)[tabindex]")].at(-1) ?? gate).focus();
  }, [place]);

  const paid =
    typeof children === "function" ? <Feature draw={children} receipt={"receipt" in state ? state.receipt : undefined} /> : children;
  const offered: Offered = { check: read, ...state };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own looks and layout.
    <div
      role="group"
      aria-label={label ?? usage}
      data-ares-part="gate"
      onFocusCapture={(event) => {
        inside.current = event.currentTarget;
      }}
      onBlurCapture={(event) => {
        if (document.activeElement !== event.target) inside.current = null;
      }}
      {...native}
      ref={ref}
      tabIndex={isOwn ? -1 : undefined}
      data-status={status}
      data-code={"error" in state ? state.error.code : undefined}
      // A busy group would silence its live regions, so the button is busy instead.
      aria-busy={status === "loading" && !state.unread}
    >
      {regions}
      {isOwn ? (
        own
      ) : (
        <>
          {actions.map((action) => {
            const act = status === "unlocked" ? undefined : offered[action];
            // The pressed button stays until the outcome is known.
            if (!act && !((busy || confirming) && action === "unlock")) return null;
            const spends = action === "unlock" || action === "retry";
            const press = spends && blockedReason ? undefined : act;
            const name = text(action === "reconnect" ? "reconnect_button" : action);
            return (
              // Another price gets another button: a press on the first price must not land on the second.
              <Fragment key={spends ? action + price : action}>
                {drawButton(renderButton, {
                  ...part(action),
                  "aria-disabled": !press,
                  "aria-busy": busy || (looking && action === "check"),
                  onClick: press,
                  children: spends ? priced(name) : name,
                })}
              </Fragment>
            );
          })}
          {"topUpUrl" in state && (
            <a {...part("topUp")} href={state.topUpUrl} target="_blank" rel="noopener noreferrer">
              {text("topUp")}
            </a>
          )}
          {confirming && (
            <ConfirmDialog
              {...{ part, renderButton }}
              question={text(status)}
              detail={blockedReason || text("confirming_more", true)}
              confirmLabel={text("confirm")}
              cancelLabel={text("cancel")}
              onConfirm={blockedReason ? undefined : state.confirm}
              onCancel={state.cancel}
            />
          )}
          {"keep" in state ? (
            <section aria-label={label ?? usage} tabIndex={-1} {...part("content")}>
              <KeepPaidOnError keep={state.keep}>{paid}</KeepPaidOnError>
            </section>
          ) : (
            status === "entitled" && paid
          )}
        </>
      )}
    </div>
  );
});

type Offered = { [A in Action]?: (() => unknown) | undefined } & { status: string };

function slot<S extends keyof Members>(slots: AresGateSlots, status: S, state: Members[S]): ReactNode {
  return slots[status]?.(state);
}

/** The same state, with actions that spend nothing. */
function withoutSpending(state: AresGateState): AresGateState {
  const spending = ["unlock", "retry", "confirm"].filter((action) => action in state);
  return Object.assign({ ...state }, Object.fromEntries(spending.map((action) => [action, () => {}])));
}
