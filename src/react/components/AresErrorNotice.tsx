import { type ComponentPropsWithoutRef, Fragment, forwardRef } from "react";
import type { AresError } from "../../contract";
import { drawButton, type OwnButton, type OwnClassNames, type OwnLink, partsOf } from "../gate/looks";
import { useCompletions } from "../gate/waiting";
import type { AresComponentMessages, AresMessages } from "../messages/en";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import { TopUpLink } from "./TopUpLink";

export interface AresErrorNoticeProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<"alert" | "topUp" | "check" | "retry">,
    OwnButton,
    OwnLink {
  /** The error of `useAresUsage` or `useAresUser`. Without an error the notice is empty. */
  error: AresError | null | undefined;
  /** Offers to try again, where a retry can help and nothing may have been charged. */
  onRetry?: (() => void) | undefined;
  /** Offers to check a charge whose outcome is unknown. */
  onCheck?: (() => void) | undefined;
  /** True while the outcome is being checked. @default false */
  checking?: boolean | undefined;
}

/**
 * Says in plain words what went wrong, and whether the user was charged.
 *
 * The notice offers no retry after a mistake of the app, nor where a charge may have happened.
 * Without enough credits the notice links to the shop.
 * Keep the notice mounted, also without an error: a live region announces only changes.
 *
 * @example
 * const usage = useAresUsage({ usage: "export-pdf" });
 * return <AresErrorNotice error={"error" in usage ? usage.error : undefined} onRetry={usage.charge} onCheck={usage.check} />;
 */
export const AresErrorNotice = /* @__PURE__ */ forwardRef<HTMLDivElement, AresErrorNoticeProps>(function AresErrorNotice(
  { error, onRetry, onCheck, checking = false, classNames, renderButton, renderLink, ...rest },
  ref,
) {
  const part = partsOf(classNames);
  const messages = useAllMessages();
  const { locale } = useAres();
  const [rounds, recent] = useCompletions(checking);
  const text = error ? textOf(error) : undefined;
  const open = text === "unknown" || text === "in_progress";
  const price = text === "price_changed_unread" ? error?.details.credits : undefined;
  const said =
    price === undefined
      ? text && messages[text]
      : fill(messages.price_changed, { price: formatCredits(price, { messages, locale, round: "ceil" }) });
  const short = text === "insufficient" || error?.code === "payment_required";
  const more = text && (price !== undefined || uncharged.includes(text)) && ` ${messages.uncharged}`;

  return (
    <div
      data-ares-part="error"
      {...rest}
      ref={ref}
      data-code={error?.code}
      data-status={text === "unknown" || text === "not_sent" ? "unknown" : undefined}
    >
      {/* It is there before its words, and the same answer to another look is heard again. */}
      <p role="alert" {...part("alert")}>
        {text && (
          <Fragment key={rounds}>
            {said}
            {more}
            {open && recent && ` ${messages.checked}`}
          </Fragment>
        )}
      </p>
      {open &&
        onCheck &&
        drawButton(renderButton, {
          ...part("check"),
          "aria-busy": checking,
          "data-room": checking ? messages.check : messages.checking,
          onClick: () => onCheck(),
          children: checking ? messages.checking : messages.check,
        })}
      {text &&
        onRetry &&
        !final.includes(text) &&
        drawButton(renderButton, { ...part("retry"), onClick: () => onRetry(), children: messages.retry })}
      {short && <TopUpLink part={part("topUp")} renderLink={renderLink} />}
    </div>
  );
});

type Text = keyof (AresMessages & AresComponentMessages);

/** The text of an unknown code of a newer server. "Not charged" would be a guess. */
function textOf({ code, details }: AresError): Text {
  if (code === "payment_required" && details.chargeId !== undefined) return "used_up";
  return texts[code] ?? "unknown";
}

const texts: Readonly<Record<AresError["code"], Text>> = {
  not_signed_in: "signed_out",
  not_connected: "not_connected",
  reconnect: "reconnect",
  insufficient_credits: "insufficient",
  payment_required: "payment_required",
  price_changed: "price_changed_unread",
  // A charge may have happened, so "not charged" would be a guess.
  outcome_unknown: "unknown",
  charge_in_progress: "in_progress",
  internal: "unknown",
  unexpected_response: "unknown",
  ledger_reset: "not_sent",
  other_user: "other_user",
  idempotency_key_expired: "not_sent",
  rate_limited: "rate_limited",
  network_error: "network_error",
  ledger_unavailable: "not_charged",
  price_unavailable: "not_charged",
  ares_unreachable: "not_charged",
  auth_unavailable: "auth_unavailable",
  // Mistakes of the app, which the user can't correct.
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

/** Texts that do not say by themselves that a refused charge took nothing. */
const uncharged: readonly Text[] = ["signed_out", "not_connected", "reconnect", "insufficient"];

/** Codes after which a second press could not help, or could charge twice. */
const final: readonly Text[] = [
  "unknown",
  "in_progress",
  "not_sent",
  "unavailable",
  "insufficient",
  "other_user",
  "signed_out",
  "not_connected",
  "reconnect",
];
