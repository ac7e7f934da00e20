import {
  type ComponentPropsWithoutRef,
  Fragment,
  forwardRef,
  useId,
  useRef,
  useState,
} from "react";
import type { Receipt } from "../../client";
import { drawButton, type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { amountTexts, chargeTexts, receiptTexts } from "../messages/en";
import { formatCredits, nameOf } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";
import { Moment } from "./Moment";

export interface ChargeReceiptProps
  extends Omit<ComponentPropsWithoutRef<"article">, "children">,
    OwnClassNames<"copy" | "detail">,
    OwnButton {
  receipt: Receipt;
  /** The names of usages and resources for users, by their ids. @default the provider's labels of usages */
  labels?: Readonly<Record<string, string>> | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(amountTexts, chargeTexts, receiptTexts);

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
    const reference = useRef<HTMLSpanElement>(null);
    const [copied, setCopied] = useState({ id: "", times: 0 });
    const copy = async (text: string) => {
      try {
        await navigator.clipboard.writeText(text);
        setCopied(({ times }) => ({ id: text, times: times + 1 }));
      } catch {
        // Plain http has no clipboard, and users may refuse one. The text is then selected for the keys that copy.
        if (reference.current) getSelection()?.selectAllChildren(reference.current);
      }
    };
    const amount = (value: number | undefined, round: "ceil" | "floor") =>
      value === undefined ? undefined : formatCredits(value, { messages, locale, round });
    const rows = [
      ["usage", messages.receipt_usage, nameOf(usage, labels, shared)],
      ["resource", messages.receipt_resource, resource && nameOf(resource, labels)],
      ["balance", messages.receipt_balance, amount(balance, "floor")],
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
        {credits !== undefined && (
          <p data-ares-part="total">
            <span data-ares-part="outcome">{messages.receipt_credits}</span>{" "}
            {amount(credits, "ceil")}
          </p>
        )}
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
                <span ref={reference} id={`${title}id`} data-ares-part="reference">
                  {id}
                </span>{" "}
                {drawButton(renderButton, {
                  ...part("copy"),
                  "aria-describedby": `${title}id`,
                  onClick: () => copy(id),
                  children: messages.receipt_copy,
                })}{" "}
                <span role="status" {...part("detail")}>
                  {copied.id === id && (
                    <Fragment key={copied.times}>{messages.receipt_copied}</Fragment>
                  )}
                </span>
              </dd>
            </div>
          )}
        </dl>
      </article>
    );
  },
);
