import { type ComponentPropsWithoutRef, forwardRef } from "react";
import type { ChargeEvidence } from "../../client";
import { type OwnClassNames, partsOf } from "../gate/parts/looks";
import { More, type OwnSize } from "../gate/parts/More";
import { useSecondsUntil } from "../gate/words/waiting";
import { amountTexts, briefTexts, chargeTexts, evidenceTexts, historyTexts } from "../messages/en";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";
import { Moment } from "./Moment";

export interface UnknownChargeProps
  extends Omit<ComponentPropsWithoutRef<"article">, "children">,
    OwnClassNames<"more" | "popover" | "detail">,
    OwnSize {
  /** The evidence of a gate or a usage whose status is `unknown`. */
  evidence: ChargeEvidence;
}

const useTexts = /* @__PURE__ */ createTexts(
  amountTexts,
  briefTexts,
  chargeTexts,
  evidenceTexts,
  historyTexts,
);

/**
 * Shows the evidence of an unconfirmed charge: amount, time, looks so far and next look, balance before and now, and whether
 * leaving the page is safe.
 *
 * The list is no live region, because its seconds change. The gate says that the outcome is unknown.
 *
 * @example
 * <AresGate usage="report" slots={{ unknown: ({ evidence }, defaults) => <>{defaults}<UnknownCharge evidence={evidence} /></> }} />
 */
export const UnknownCharge = /* @__PURE__ */ forwardRef<HTMLElement, UnknownChargeProps>(
  function UnknownCharge({ evidence, size, classNames, ...rest }, ref) {
    const { locale } = useAres();
    const messages = useTexts();
    const { before, after, credits, sentAt, looks, nextAt, stored } = evidence;
    const wait = useSecondsUntil(nextAt);
    const amount = (value: number | undefined, round: "ceil" | "floor") =>
      value === undefined ? undefined : formatCredits(value, { messages, locale, round });
    const seconds = new Intl.NumberFormat(locale, { style: "unit", unit: "second" });
    const sent = sentAt !== undefined && (
      <>
        <Moment at={sentAt} /> · {messages.evidence_unanswered}
      </>
    );
    const keeping = stored ? "stored" : "unstored";
    const rows = [
      ["sent", messages.evidence_sent, sent],
      ["looks", messages.evidence_looks, new Intl.NumberFormat(locale).format(looks)],
      [
        "next",
        messages.evidence_next,
        wait > 0 && fill(messages.evidence_wait, { wait: seconds.format(wait) }),
      ],
      ["before", messages.evidence_before, amount(before, "floor")],
      ["now", messages.evidence_now, amount(after, "floor")],
    ] as const;

    const facts = (
      <>
        {credits !== undefined && (
          <p data-ares-part="total">
            <span data-ares-part="outcome">{messages.history_unknown}</span>{" "}
            {amount(credits, "ceil")}
          </p>
        )}
        <dl>
          {rows.map(
            ([row, term, detail]) =>
              detail && (
                <div key={row}>
                  <dt>{term}</dt>
                  <dd>{detail}</dd>
                </div>
              ),
          )}
        </dl>
        {stored !== undefined && <p data-ares-part="detail">{messages[keeping]}</p>}
      </>
    );
    return (
      <article
        dir="auto"
        data-ares-part="evidence"
        aria-label={messages.evidence}
        {...rest}
        ref={ref}
        data-size={size}
        data-status="unknown"
      >
        {size === "small" ? (
          <More
            told={{ tone: "alert", money: messages.risk_brief, title: messages.evidence }}
            part={partsOf(classNames)}
          >
            {facts}
          </More>
        ) : (
          <>
            <p data-ares-part="title">
              <strong>{messages.evidence}</strong>
            </p>
            {facts}
          </>
        )}
      </article>
    );
  },
);
