import { type ComponentPropsWithoutRef, Fragment, forwardRef } from "react";
import type { AresError } from "../../contract";
import { useCompletions } from "../gate/useGateWords";
import type { AresComponentMessages, AresMessages } from "../messages/en";
import { useAllMessages } from "../provider/useMessages";
import { TopUpLink } from "./TopUpLink";

export interface AresErrorNoticeProps extends Omit<ComponentPropsWithoutRef<"div">, "children"> {
  /** What `useAresUsage` or `useAresUser` returned; nothing is seen without one. */
  error: AresError | null | undefined;
  /** Offers to try again, where that can help and nothing may have been charged. */
  onRetry?: (() => void) | undefined;
  /** Offers to look at a charge whose outcome is unknown. */
  onCheck?: (() => void) | undefined;
  /** The outcome is being looked at. @default false */
  checking?: boolean | undefined;
}

/**
 * Says in a person's words what went wrong, and above all whether they were charged.
 *
 * Whatever it was given, it offers to try again neither what may have been charged, nor a mistake of the app's, nor what a user
 * has to do something for first. Without enough credits it shows the way to more.
 * Keep it mounted, also without an error: what it says is announced only where its live region was there before.
 *
 * @example
 * const { error, charge, check } = useAresUsage({ usage: "export-pdf" });
 * return <AresErrorNotice error={error} onRetry={() => charge().catch(() => {})} onCheck={check} />;
 */
export const AresErrorNotice = /* @__PURE__ */ forwardRef<HTMLDivElement, AresErrorNoticeProps>(function AresErrorNotice(
  { error, onRetry, onCheck, checking = false, ...rest },
  ref,
) {
  const messages = useAllMessages();
  const rounds = useCompletions(checking);
  const text = error ? textOf(error) : undefined;
  const open = text === "unknown";
  const short = text === "insufficient" || text === "payment_required";

  return (
    <div
      data-ares-part="error"
      {...rest}
      ref={ref}
      data-code={error?.code}
      data-status={open || text === "not_sent" ? "unknown" : undefined}
    >
      {/* It is there before its words, and the same answer to another look is heard again. */}
      <p role="alert" data-ares-part="alert">
        {text && <Fragment key={rounds}>{messages[text]}</Fragment>}
      </p>
      {short && <TopUpLink />}
      {open && onCheck && (
        <button type="button" data-ares-part="checkAgain" aria-busy={checking} onClick={() => onCheck()}>
          {messages.checkAgain}
        </button>
      )}
      {text && onRetry && !final.includes(text) && (
        <button type="button" data-ares-part="retry" onClick={() => onRetry()}>
          {messages.retry}
        </button>
      )}
    </div>
  );
});

type Text = keyof (AresMessages & AresComponentMessages);

/** A newer server may send a code that is not known here; "not charged" would be a guess. */
function textOf({ code }: AresError): Text {
  return texts[code] ?? "unknown";
}

const texts: Readonly<Record<AresError["code"], Text>> = {
  not_signed_in: "signed_out",
  not_connected: "not_connected",
  reconnect: "reconnect",
  insufficient_credits: "insufficient",
  payment_required: "payment_required",
  price_changed: "price_changed_unread",
  // Nobody here knows whether a charge happened; "not charged" would be a guess.
  outcome_unknown: "unknown",
  charge_in_progress: "unknown",
  internal: "unknown",
  unexpected_response: "unknown",
  ledger_reset: "not_sent",
  idempotency_key_expired: "not_sent",
  rate_limited: "rate_limited",
  network_error: "network_error",
  ledger_unavailable: "not_charged",
  ares_unreachable: "not_charged",
  auth_unavailable: "auth_unavailable",
  // Mistakes of the app's, which its user can't mend.
  invalid_request: "unavailable",
  idempotency_key_invalid: "unavailable",
  idempotency_key_reused: "unavailable",
  client_id_mismatch: "unavailable",
  origin_rejected: "unavailable",
  not_allowed: "unavailable",
  method_not_allowed: "unavailable",
  body_too_large: "unavailable",
  unsupported_media_type: "unavailable",
  unknown_usage: "unavailable",
};

/** After these, the same press again could not help, or could charge twice. */
const final: readonly Text[] = ["unknown", "not_sent", "unavailable", "insufficient", "signed_out", "not_connected", "reconnect"];
