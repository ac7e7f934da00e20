import { type ComponentPropsWithoutRef, forwardRef } from "react";
import type { ChargeEvidence } from "../../client";
import { CheckAgain } from "../gate/parts/CheckAgain";
import { type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { More, type OwnSize } from "../gate/parts/More";
import { OpenCharge } from "../gate/parts/OpenCharge";
import { Title } from "../gate/words/Title";
import {
  amountTexts,
  briefTexts,
  chargeTexts,
  evidenceTexts,
  referenceTexts,
} from "../messages/en";
import { formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";
import { LeadingAmount } from "./LeadingAmount";
import { Moment } from "./Moment";

/** The props of `UnknownCharge`, beside those of an `<article>`. */
export interface UnknownChargeProps
  extends Omit<ComponentPropsWithoutRef<"article">, "children">,
    OwnClassNames<"check" | "copy" | "more" | "popover" | "detail">,
    OwnButton,
    OwnSize {
  /** The evidence of a gate or a usage whose status is `unknown`. */
  evidence: ChargeEvidence;
  /** What the charge was for, in the user's words. @default not said */
  label?: string | undefined;
  /** Offers to look at the charge now: the `check` of a gate or a usage. */
  onCheck?: (() => void) | undefined;
  /** True while a look is out: the `checking` of a gate or a usage, between two looks too. @default false */
  checking?: boolean | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(
  amountTexts,
  briefTexts,
  chargeTexts,
  evidenceTexts,
  referenceTexts,
);

/**
 * Shows the evidence of an unconfirmed charge: amount, feature, time, looks so far, balance before and now, whether leaving
 * the page is safe, the charge's id, and the next look.
 *
 * The list is no live region, because its seconds change. The gate says that the outcome is unknown.
 *
 * @example
 * <AresGate usage="report" slots={{ unknown: ({ evidence }, defaults) => <><UnknownCharge evidence={evidence} />{defaults}</> }} />
 * @example
 * const usage = useAresUsage({ usage: "report" });
 * return usage.status === "unknown" ? <UnknownCharge evidence={usage.evidence} checking={usage.checking} onCheck={usage.check} /> : null;
 */
export const UnknownCharge = /* @__PURE__ */ forwardRef<HTMLElement, UnknownChargeProps>(
  function UnknownCharge(
    { evidence, label, onCheck, checking, size, classNames, renderButton, ...rest },
    ref,
  ) {
    const { locale } = useAres();
    const messages = useTexts();
    const { before, after, credits, sentAt, looks: count, stored } = evidence;
    const part = partsOf(classNames);
    const isLooking = checking === true && evidence.nextAt === undefined;
    const amount = (value: number | undefined) =>
      value === undefined ? undefined : formatCredits(value, { messages, locale });
    const isSent = sentAt !== undefined;
    const keeping = stored ? "stored" : "unstored";
    const rows = [
      ["usage", messages.receipt_usage, label],
      ["sent", messages.evidence_sent, isSent && <Moment at={sentAt} />],
      ["looks", messages.evidence_looks, count > 0 && new Intl.NumberFormat(locale).format(count)],
      ["before", messages.evidence_before, amount(before)],
      ["now", messages.evidence_now, amount(after)],
    ] as const;

    const facts = (
      <>
        <LeadingAmount
          outcome={isSent ? messages.evidence_unanswered : undefined}
          credits={credits}
        />
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
        <OpenCharge evidence={evidence} part={part} renderButton={renderButton} />
      </>
    );
    const check = onCheck && (
      <CheckAgain
        after="unknown"
        part={part("check")}
        isLooking={isLooking}
        onCheck={onCheck}
        renderButton={renderButton}
      />
    );
    return (
      <article
        dir="auto"
        data-ares-part="evidence"
        aria-label={messages.unknown}
        {...rest}
        ref={ref}
        data-size={size}
        data-status="unknown"
      >
        {size === "small" ? (
          <>
            {check}
            <More
              told={{ tone: "alert", money: messages.risk_brief, title: messages.unknown }}
              part={part}
            >
              {facts}
            </More>
          </>
        ) : (
          <>
            <p data-ares-part="title">
              <strong>
                <Title part={part}>{messages.unknown}</Title>
              </strong>
            </p>
            {facts}
            {check}
          </>
        )}
      </article>
    );
  },
);
