import { type ComponentPropsWithoutRef, Fragment, forwardRef, type ReactNode, useEffect, useRef } from "react";
import { ConfirmDialog } from "./ConfirmDialog";
import { useAres } from "./context";
import { drawButton, once, type RenderButton } from "./drawButton";
import { formatCredits } from "./formatCredits";
import { GateContent } from "./GateContent";
import type { AresGateState } from "./gateState";
import { fill } from "./messages";
import { type UseAresGateOptions, useAresGate } from "./useAresGate";
import { useMessages } from "./useMessages";
import { useOnline } from "./useOnline";
import { useSecondsUntil } from "./useSecondsUntil";
import { useSlow } from "./useSlow";

type Members = { [M in AresGateState as M["status"]]: M };

/** What a gate shows instead of its own markup, by state. */
export type AresGateSlots = { [S in keyof Members]?: (state: Members[S]) => ReactNode };

const alerts = ["reconnect", "insufficient", "price_changed", "not_charged", "unknown", "unavailable"];
const actions = ["signIn", "connect", "renew", "unlock", "retry", "checkAgain", "dismiss"] as const;
type Action = (typeof actions)[number];

/** The parts of a gate, as `data-ares-part` names them. */
export type AresGatePart = Action | "status" | "alert" | "detail" | "topUp" | "dialog" | "cancel" | "confirm" | "content";

export interface AresGateProps extends UseAresGateOptions, Omit<ComponentPropsWithoutRef<"div">, "children" | "resource"> {
  /** The feature's name, as its users know it. @default the usage */
  label?: string | undefined;
  /** Why it can't be unlocked yet, in the user's words. Nothing is charged while there is a reason. */
  disabledReason?: string | undefined;
  /** Class names for single parts of the gate's own markup. */
  classNames?: { readonly [P in AresGatePart]?: string } | undefined;
  /** Draws the gate's buttons with an app's own component, such as `(props) => <Button {...props} />`. */
  renderButton?: RenderButton | undefined;
  slots?: AresGateSlots | undefined;
  /** The paid feature. It is rendered only in `unlocked` and `entitled`. */
  children?: ReactNode;
}

/**
 * Shows a paid feature once it is paid, and the way there before.
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
    confirm,
    entitled,
    label,
    disabledReason,
    classNames,
    renderButton,
    slots,
    children,
    ...native
  } = props;
  const state = useAresGate({ usage, resource, credits, trigger: disabledReason ? "click" : trigger, confirm, entitled });
  const { locale } = useAres();
  const messages = useMessages();
  const { status } = state;
  const confirming = status === "confirming";
  const busy = status === "charging";
  const slow = useSlow(busy);
  const waiting = useSecondsUntil(status === "not_charged" ? state.retryAt : undefined);
  const offline = !useOnline();

  // Whoever stood inside the gate is not left behind when what they stood on goes.
  const inside = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (status && document.activeElement === document.body) inside.current?.querySelector<HTMLElement>("[tabindex],button")?.focus();
  }, [status]);

  const values: Record<string, string | undefined> = { label };
  for (const [key, amount] of Object.entries(amountsOf(state))) {
    const round = ["price", "credits"].includes(key) ? "ceil" : "floor";
    if (typeof amount === "number") values[key] = formatCredits(amount, { messages, locale, round });
  }
  const texts: Readonly<Record<string, string>> = messages;
  const say = (key: string, whole?: boolean) => fill(texts[key] ?? "", values, whole);

  const offered: Offered = state;
  const failed = "failed" in state && state.failed;
  const hindrance = ("unlock" in state || "retry" in state || confirming) && (offline ? say("offline") : disabledReason);
  const first = failed ? "connect_failed" : status === "unlocked" && state.receipt.restored ? "restored" : status;
  const rest = () => say(`${status}_more`, true) || say(`${status}_some`, true);
  const more = hindrance || (failed ? say(status) : (!busy || slow) && rest());
  const isAlert = failed || alerts.includes(status);
  const part = (name: AresGatePart) => ({ "data-ares-part": name, className: classNames?.[name] });
  const text = (
    <>
      {say(first)} {more && <span {...part("detail")}>{more}</span>}
    </>
  );
  const own = slots && slot(slots, status, state);

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
      data-status={status}
      data-code={"error" in state ? state.error.code : undefined}
      aria-busy={busy || status === "loading"}
    >
      {own ?? (
        <>
          <p role="status" {...part("status")}>
            {!isAlert && !confirming && text}
          </p>
          {isAlert && (
            <p role="alert" tabIndex={-1} {...part("alert")}>
              {text}
            </p>
          )}
          {actions.map((action) => {
            const act = offered[action];
            // What was pressed stays where it is until it is known what became of it.
            if (!act && !((busy || confirming) && action === "unlock")) return null;
            const press = hindrance || waiting > 0 ? undefined : act;
            return (
              // Another price is another button, so that no press meant for the first one lands on it.
              <Fragment key={action + (status === "price_changed")}>
                {drawButton(renderButton, {
                  ...part(action),
                  "aria-disabled": !press,
                  onClick: press && once(press),
                  children: (
                    <>
                      {say(action)}
                      {(action === "unlock" || action === "retry") && values.price && (
                        <>
                          {" · "}
                          <bdi>{values.price}</bdi>
                        </>
                      )}
                      {action === "retry" && waiting > 0 && (
                        <span aria-hidden="true">
                          {" "}
                          · {new Intl.NumberFormat(locale, { style: "unit", unit: "second" }).format(waiting)}
                        </span>
                      )}
                    </>
                  ),
                })}
              </Fragment>
            );
          })}
          {"topUpUrl" in state && (
            <a {...part("topUp")} href={state.topUpUrl} target="_blank" rel="noopener noreferrer">
              {say("topUp")}
            </a>
          )}
          {confirming && (
            <ConfirmDialog
              {...{ part, renderButton }}
              title={`${say(status)} ${more}`}
              confirmLabel={say("confirm")}
              cancelLabel={say("cancel")}
              onConfirm={hindrance ? undefined : state.confirm}
              onCancel={state.cancel}
            >
              {text}
            </ConfirmDialog>
          )}
          {"keep" in state ? (
            <section aria-label={label ?? usage} tabIndex={-1} {...part("content")}>
              <GateContent keep={state.keep}>{children}</GateContent>
            </section>
          ) : (
            status === "entitled" && children
          )}
        </>
      )}
    </div>
  );
});

type Offered = { [A in Action]?: (() => void) | undefined } & { status: string };

function slot<S extends keyof Members>(slots: AresGateSlots, status: S, state: Members[S]): ReactNode {
  return slots[status]?.(state);
}

/** Every amount a text may name. A restored unlock spent nothing, and of a granted one nobody knows. */
function amountsOf(state: AresGateState): object {
  if (state.status === "unknown") return state.evidence;
  return state.status === "unlocked" && !state.receipt.restored && !state.receipt.granted ? state.receipt : state;
}
