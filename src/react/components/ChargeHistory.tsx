import { type ComponentPropsWithoutRef, forwardRef } from "react";
import type { AresError, Charge } from "../../contract";
import { drawButton, type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { Price } from "../gate/parts/Price";
import { useFocusKept } from "../gate/parts/useFocusKept";
import { useSlow } from "../gate/words/waiting";
import { amountTexts, balanceTexts, historyTexts, lookTexts } from "../messages/en";
import { errorText, stepOf } from "../messages/errorTexts";
import { formatCredits, nameOf, stopBetween } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";
import { Moment } from "./Moment";

/** The props of `ChargeHistory`, beside those of a `<section>`. */
export interface ChargeHistoryProps
  extends Omit<ComponentPropsWithoutRef<"section">, "children">,
    OwnClassNames<"status" | "retry" | "charge" | "usage" | "detail" | "outcome" | "amount">,
    OwnButton {
  /** The charges of `useAresCharges`. Undefined while they are being read. */
  charges: readonly Charge[] | undefined;
  /** The error of the read. Without it, missing charges look as if they were still being read. */
  error?: AresError | null | undefined;
  /** Offers to read the charges again after an error. */
  onRetry?: (() => void) | undefined;
  /** The names of usages and resources for users, by their ids. @default the provider's labels of usages */
  labels?: Readonly<Record<string, string>> | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(amountTexts, lookTexts, balanceTexts, historyTexts);

/**
 * Lists the user's charges in this app, newest first, unconfirmed charges included.
 *
 * @example
 * const { charges, error, refetch } = useAresCharges();
 * return <ChargeHistory charges={charges} error={error} onRetry={refetch} labels={{ "report-42": "Tides of the North Sea" }} />;
 */
export const ChargeHistory = /* @__PURE__ */ forwardRef<HTMLElement, ChargeHistoryProps>(
  function ChargeHistory(
    { charges, error, onRetry, labels, classNames, renderButton, ...rest },
    ref,
  ) {
    const { locale, labels: shared } = useAres();
    const part = partsOf(classNames);
    const messages = useTexts();
    const status = statusOf(charges, error);
    const step = status === "error" && error ? stepOf(errorText(error, false)) : undefined;
    const slow = useSlow(status === "loading");
    const focus = useFocusKept(status);

    return (
      <section
        dir="auto"
        data-ares-part="history"
        aria-label={messages.history}
        {...focus}
        {...rest}
        ref={ref}
        data-status={status}
        aria-busy={status === "loading"}
      >
        <p data-ares-part="title">
          <strong>{messages.history}</strong>
        </p>
        <p role="status" tabIndex={status === "ready" ? undefined : -1} {...part("status")}>
          {status !== "ready" &&
            messages[step ? (`balance_${step}` as const) : (`history_${status}` as const)]}
          {slow &&
            `${stopBetween(messages.history_loading, messages.loading_more)} ${messages.loading_more}`}
        </p>
        {status === "error" &&
          !step &&
          onRetry &&
          drawButton(renderButton, {
            ...part("retry"),
            onClick: () => onRetry(),
            children: messages.retry,
          })}
        {charges && status === "ready" && (
          <ol>
            {charges.map(({ id, usage = "", resource, credits, status, createdAt }, index) => (
              <li key={id ?? index} {...part("charge")} data-status={status}>
                <span {...part("usage")}>
                  {nameOf(usage, labels, shared)}{" "}
                  {resource && <span {...part("detail")}>{nameOf(resource, labels)}</span>}
                </span>
                <span {...part("outcome")}>{messages[`history_${status}`]}</span>
                <span {...part("amount")}>
                  {credits !== undefined && (
                    <Price>{formatCredits(credits, { messages, locale, round: "ceil" })}</Price>
                  )}
                </span>
                {createdAt !== undefined && <Moment at={createdAt} />}
              </li>
            ))}
          </ol>
        )}
      </section>
    );
  },
);

function statusOf(
  charges: ChargeHistoryProps["charges"],
  error: ChargeHistoryProps["error"],
): "ready" | "empty" | "error" | "loading" {
  if (charges) return charges.length > 0 ? "ready" : "empty";
  return error ? "error" : "loading";
}
