import { type ComponentPropsWithoutRef, forwardRef, useId } from "react";
import type { Receipt } from "../../client";
import { ChargeId } from "../gate/parts/ChargeId";
import { type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { amountTexts, chargeTexts, receiptTexts, referenceTexts } from "../messages/en";
import { formatCredits, nameOf } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";
import { LeadingAmount } from "./LeadingAmount";
import { Moment } from "./Moment";

/** The props of `ChargeReceipt`, beside those of an `<article>`. */
export interface ChargeReceiptProps
  extends Omit<ComponentPropsWithoutRef<"article">, "children">,
    OwnClassNames<"copy" | "detail">,
    OwnButton {
  receipt: Receipt;
  /** The names of usages and resources for users, by their ids. @default the provider's labels of usages */
  labels?: Readonly<Record<string, string>> | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(
  amountTexts,
  chargeTexts,
  receiptTexts,
  referenceTexts,
);

/**
 * Shows the price, the time and the usage of a charge, with its id in the app's ledger. A button copies the id, which a
 * user's letter to the app needs.
 *
 * @example
 * const usage = useAresUsage({ usage: "export-pdf" });
 * return usage.status === "charged" ? <ChargeReceipt receipt={usage.receipt} labels={{ "export-pdf": "PDF export" }} /> : null;
 */
export const ChargeReceipt = /* @__PURE__ */ forwardRef<HTMLElement, ChargeReceiptProps>(
  function ChargeReceipt({ receipt, labels, classNames, renderButton, ...rest }, ref) {
    const { locale, labels: shared } = useAres();
    const messages = useTexts();
    const { usage, resource, credits, balance, at, id, restored } = receipt;
    const title = useId();
    const part = partsOf(classNames);
    const left = balance === undefined ? undefined : formatCredits(balance, { messages, locale });
    const rows = [
      ["usage", messages.receipt_usage, nameOf(usage, labels, shared)],
      ["resource", messages.receipt_resource, resource && nameOf(resource, labels)],
      ["balance", messages.receipt_balance, left],
    ] as const;

    return (
      <article
        dir="auto"
        data-ares-part="receipt"
        aria-labelledby={title}
        {...rest}
        ref={ref}
        data-status="charged"
      >
        <p data-ares-part="title">
          <strong id={title}>{messages.receipt}</strong>
        </p>
        {restored && <p {...part("detail")}>{messages.restored}</p>}
        <LeadingAmount outcome={messages.receipt_credits} credits={credits} />
        <dl>
          {rows.map(
            ([part, term, detail]) =>
              detail !== undefined && (
                <div key={part}>
                  <dt>{term}</dt>
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
          {id !== undefined && (
            <div>
              <dt>{messages.receipt_id}</dt>
              <dd>
                <ChargeId id={id} part={part} renderButton={renderButton} />
              </dd>
            </div>
          )}
        </dl>
      </article>
    );
  },
);
