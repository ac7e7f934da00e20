import { type ComponentPropsWithoutRef, forwardRef, type ReactNode, useEffect, useRef } from "react";
import { ConfirmDialog, once } from "./ConfirmDialog";
import { useAres } from "./context";
import { formatCredits } from "./formatCredits";
import { GateContent } from "./GateContent";
import type { AresGateState } from "./gateState";
import { fill } from "./messages";
import { type UseAresGateOptions, useAresGate } from "./useAresGate";

type Members = { [M in AresGateState as M["status"]]: M };

/** What a gate shows instead of its own markup, by state. */
export type AresGateSlots = { [S in keyof Members]?: (state: Members[S]) => ReactNode };

export interface AresGateProps extends UseAresGateOptions, Omit<ComponentPropsWithoutRef<"div">, "children" | "resource"> {
  /** The feature's name, as its users know it. @default the usage */
  label?: string | undefined;
  slots?: AresGateSlots | undefined;
  /** The paid feature. It is rendered only in `unlocked` and `entitled`. */
  children?: ReactNode;
}

const alerts = ["reconnect", "insufficient", "price_changed", "not_charged", "unknown", "unavailable"];
const actions = ["signIn", "connect", "renew", "unlock", "retry", "checkAgain", "dismiss"] as const;

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
  const { usage, resource, credits, trigger, confirm, entitled, label, slots, children, ...rest } = props;
  const state = useAresGate({ usage, resource, credits, trigger, confirm, entitled });
  const { messages, locale } = useAres();
  const { status } = state;

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
  const more = say(`${status}_more`, true);
  const text = (
    <>
      {say(status)} {more && <span data-ares-part="detail">{more}</span>}
    </>
  );
  const isAlert = alerts.includes(status);
  const confirming = status === "confirming";
  const busy = status === "charging";
  const offered: Offered = state;
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
      onBlurCapture={() => {
        inside.current = null;
      }}
      {...rest}
      ref={ref}
      data-status={status}
      aria-busy={busy || status === "loading"}
    >
      {own ?? (
        <>
          <p role="status" data-ares-part="status">
            {!isAlert && !confirming && text}
          </p>
          {isAlert && (
            <p role="alert" data-ares-part="alert">
              {text}
            </p>
          )}
          {actions.map((action) => {
            const act = offered[action];
            return (
              // What was pressed stays where it is until it is known what became of it.
              (act || ((busy || confirming) && action === "unlock")) && (
                <button
                  // Another price is another button, so that no press meant for the first one lands on it.
                  key={action + (status === "price_changed")}
                  type="button"
                  data-ares-part={action}
                  aria-disabled={!act}
                  onClick={act && once(act)}
                >
                  {say(action)}
                  {action === "unlock" && values.price && (
                    <>
                      {" · "}
                      <bdi>{values.price}</bdi>
                    </>
                  )}
                </button>
              )
            );
          })}
          {"topUpUrl" in state && (
            <a data-ares-part="topUp" href={state.topUpUrl} target="_blank" rel="noopener noreferrer">
              {say("topUp")}
            </a>
          )}
          {status === "confirming" && (
            <ConfirmDialog
              title={`${say(status)} ${more}`}
              confirmLabel={say("confirm")}
              cancelLabel={say("cancel")}
              onConfirm={state.confirm}
              onCancel={state.cancel}
            >
              {text}
            </ConfirmDialog>
          )}
          {"keep" in state ? (
            <section aria-label={label ?? usage} tabIndex={-1} data-ares-part="content">
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

type Offered = { [A in (typeof actions)[number]]?: (() => void) | undefined } & { status: string };

function slot<S extends keyof Members>(slots: AresGateSlots, status: S, state: Members[S]): ReactNode {
  return slots[status]?.(state);
}

/** Every amount a text may name. A restored unlock spent nothing, and of a granted one nobody knows. */
function amountsOf(state: AresGateState): object {
  if (state.status === "unknown") return state.evidence;
  return state.status === "unlocked" && !state.receipt.restored && !state.receipt.granted ? state.receipt : state;
}
