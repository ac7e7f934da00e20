import { type ComponentPropsWithoutRef, forwardRef } from "react";
import type { Receipt } from "../client";
import { useAllMessages } from "./componentMessages";
import { useAres } from "./context";
import { formatCredits } from "./formatCredits";

export interface ChargeReceiptProps extends Omit<ComponentPropsWithoutRef<"article">, "children"> {
  receipt: Receipt;
}

/**
 * Shows what was paid, when and for what, with the id under which the app's ledger has it.
 *
 * @example
 * const { receipt } = useAresUsage({ usage: "export-pdf" });
 * return receipt && <ChargeReceipt receipt={receipt} />;
 */
export const ChargeReceipt = /* @__PURE__ */ forwardRef<HTMLElement, ChargeReceiptProps>(function ChargeReceipt({ receipt, ...rest }, ref) {
  const { locale } = useAres();
  const messages = useAllMessages();
  const { usage, resource, credits, balance, at, id } = receipt;
  const when = new Date(at);
  const rows = [
    [messages.receipt_usage, usage],
    [messages.receipt_resource, resource],
    [messages.receipt_credits, credits === undefined ? undefined : formatCredits(credits, { messages, locale, round: "ceil" })],
    [messages.receipt_balance, balance === undefined ? undefined : formatCredits(balance, { messages, locale })],
    [messages.receipt_id, id],
  ] as const;

  return (
    <article data-ares-part="receipt" aria-label={messages.receipt} {...rest} ref={ref}>
      <dl>
        {rows.map(
          ([term, detail]) =>
            detail !== undefined && (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{detail}</dd>
              </div>
            ),
        )}
        <div>
          <dt>{messages.receipt_at}</dt>
          <dd>
            <time dateTime={when.toISOString()}>
              {new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(when)}
            </time>
          </dd>
        </div>
      </dl>
    </article>
  );
});
