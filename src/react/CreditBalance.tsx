import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useAllMessages } from "./componentMessages";
import { useAres } from "./context";
import { formatCredits } from "./formatCredits";
import { fill } from "./messages";
import { useAresUser } from "./useAresUser";

export interface CreditBalanceProps extends Omit<ComponentPropsWithoutRef<"span">, "children"> {
  /** Offers a button that reads the balance again. @default only where it could not be read */
  refresh?: boolean | undefined;
}

/**
 * Shows how many credits the signed-in user has. All balances on a page share one request and follow each charge.
 *
 * A balance that could not be read is said to be unavailable; it is never shown as 0.
 *
 * @example
 * <header>Hello! <CreditBalance /></header>
 */
export const CreditBalance = /* @__PURE__ */ forwardRef<HTMLSpanElement, CreditBalanceProps>(function CreditBalance(
  { refresh, ...rest },
  ref,
) {
  const user = useAresUser();
  const { locale } = useAres();
  const messages = useAllMessages();
  const known = user.status === "ready";
  const balance = known ? formatCredits(user.credits, { messages, locale }) : undefined;
  const text = known ? balance : messages[`balance_${user.status}`];

  return (
    <span data-ares-part="balance" {...rest} ref={ref} data-status={user.status} aria-busy={user.isFetching}>
      {/* biome-ignore lint/a11y/useSemanticElements: an amount with a name is no fieldset. */}
      <span role="group" aria-label={known ? fill(messages.balance, { balance }) : text} data-ares-part="amount">
        {text}
      </span>
      {(refresh ?? user.status === "error") && (
        <button type="button" data-ares-part="refresh" aria-disabled={user.isFetching} onClick={() => void user.refetch()}>
          {messages.refresh}
        </button>
      )}
    </span>
  );
});
