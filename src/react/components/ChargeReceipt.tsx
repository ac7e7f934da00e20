import { type ComponentPropsWithoutRef, forwardRef, useId } from "react";
import type { Receipt } from "../../client";
import { formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import { Moment } from "./Moment";

export interface ChargeReceiptProps extends Omit<ComponentPropsWithoutRef<"article">, "children"> {
  receipt: Receipt;
  /** The names of usages for users, also of usages that the app has no more. @default the provider's labels */
  labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * Shows the price, the time and the usage of a charge, with its id in the app's ledger.
 *
 * An unconfirmed charge is not called paid.
 *
 * @example
 * const usage = useAresUsage({ usage: "export-pdf" });
 * return usage.status === "charged" ? <ChargeReceipt receipt={usage.receipt} labels={{ "export-pdf": "PDF export" }} /> : null;
 */
export const ChargeReceipt = /* @__PURE__ */ forwardRef<HTMLElement, ChargeReceiptProps>(function ChargeReceipt(
  { receipt, labels, ...rest },
  ref,
) {
  const { locale, labels: shared } = useAres();
  const messages = useAllMessages();
  const { usage, resource, credits, balance, at, id, granted, restored } = receipt;
  const title = useId();
  const amount = (value: number | undefined, round: "ceil" | "floor") =>
    value === undefined ? undefined : formatCredits(value, { messages, locale, round });
  const rows = [
    ["usage", messages.receipt_usage, labels?.[usage] ?? shared?.[usage] ?? usage],
    ["resource", messages.receipt_resource, resource],
    ["outcome", granted ? messages.history_unknown : messages.receipt_credits, amount(credits, "ceil")],
    ["balance", messages.receipt_balance, amount(balance, "floor")],
    ["id", messages.receipt_id, id],
  ] as const;

  return (
    <article data-ares-part="receipt" aria-labelledby={title} {...rest} ref={ref} data-status={granted ? "unknown" : "charged"}>
      <p data-ares-part="title">
        <strong id={title}>{messages.receipt}</strong>
      </p>
      {restored && <p data-ares-part="detail">{messages.restored}</p>}
      <dl>
        {rows.map(
          ([part, term, detail]) =>
            detail !== undefined && (
              <div key={part}>
                <dt data-ares-part={part === "outcome" ? part : undefined}>{term}</dt>
                <dd>{detail}</dd>
              </div>
            ),
        )}
        <div>
          <dt>{messages.receipt_at}</dt>
          <dd>
            <Moment at={at} />
          </dd>
        </div>
      </dl>
    </article>
  );
});
