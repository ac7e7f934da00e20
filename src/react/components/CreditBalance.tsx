import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useAresUser } from "../hooks/useAresUser";
import { fill, formatCredits, formatMoment } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";

export interface CreditBalanceProps extends Omit<ComponentPropsWithoutRef<"span">, "children"> {
  /** In a line of text, as a chip, or as a card of its own. @default "compact" */
  look?: "compact" | "chip" | "card" | undefined;
  /** Offers a button that reads the balance again. @default only after a failed read */
  refresh?: boolean | undefined;
}

/**
 * Shows how many credits the signed-in user has. All balances on a page share one request and follow each charge.
 *
 * An unread balance is shown as unavailable, never as 0. When a later read fails, the last balance is shown with
 * its time.
 *
 * @example
 * <header>Hello! <CreditBalance /></header>
 */
export const CreditBalance = /* @__PURE__ */ forwardRef<HTMLSpanElement, CreditBalanceProps>(function CreditBalance(
  { look = "compact", refresh, ...rest },
  ref,
) {
  const user = useAresUser();
  const { locale } = useAres();
  const messages = useAllMessages();
  const known = user.status === "ready";
  const balance = known ? formatCredits(user.credits, { messages, locale }) : undefined;
  const stale = known && user.error ? fill(messages.balance_stale, { at: formatMoment(user.updatedAt, locale) }) : undefined;
  const text = known ? balance : messages[`balance_${user.status}`];
  const name = known ? fill(messages.balance, { balance }) : text;

  return (
    <span
      data-ares-part="balance"
      data-look={look}
      {...rest}
      ref={ref}
      data-status={user.status}
      data-stale={stale && ""}
      aria-busy={user.isFetching}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: an amount with a name is no fieldset. */}
      <span role="group" aria-label={stale ? `${name}, ${stale}` : name} data-ares-part="amount">
        {stale ? (
          <>
            {text} <span data-ares-part="detail">{stale}</span>
          </>
        ) : (
          text
        )}
      </span>
      {(refresh ?? (user.status === "error" || stale !== undefined)) && (
        <button
          type="button"
          data-ares-part="refresh"
          aria-disabled={user.isFetching}
          aria-busy={user.isFetching}
          onClick={() => user.isFetching || void user.refetch()}
        >
          {messages.refresh}
        </button>
      )}
    </span>
  );
});
