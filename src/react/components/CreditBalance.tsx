import { type ComponentPropsWithoutRef, forwardRef, useState } from "react";
import { drawButton, type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { useSlow } from "../gate/words/waiting";
import { useAresUser } from "../hooks/useAresUser";
import type { AresComponentMessages } from "../messages/en";
import { fill, formatCredits, formatMoment, keepLast, stopBetween } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";

export interface CreditBalanceProps
  extends Omit<ComponentPropsWithoutRef<"span">, "children">,
    OwnClassNames<"amount" | "detail" | "refresh">,
    OwnButton {
  /** In a line of text, as a chip, or as a card of its own. @default "compact" */
  look?: "compact" | "chip" | "card" | undefined;
  /** Offers a button that reads the balance again. @default after a failed read; a pressed button stays */
  refresh?: boolean | undefined;
}

/** All balances of a page have the same name. */
const named = /* @__PURE__ */ keepLast(({ balance }: AresComponentMessages) =>
  keepLast((amount: string) => fill(balance, { balance: amount })),
);

/**
 * Shows how many credits the signed-in user has. All balances on a page share one request and follow each charge.
 *
 * An unread balance is shown as unavailable, never as 0. When a later read fails, the last balance is shown with its time. A
 * read that takes long says so, and that a reload of the page is safe.
 *
 * @example
 * <header>Hello! <CreditBalance /></header>
 */
export const CreditBalance = /* @__PURE__ */ forwardRef<HTMLSpanElement, CreditBalanceProps>(
  function CreditBalance({ look = "compact", refresh, classNames, renderButton, ...rest }, ref) {
    const user = useAresUser();
    const { locale } = useAres();
    const part = partsOf(classNames);
    // A pressed button that went would take the focus along.
    const [pressed, setPressed] = useState(false);
    const messages = useAllMessages();
    const known = user.status === "ready";
    const balance = known ? formatCredits(user.credits, { messages, locale }) : undefined;
    const stale =
      known && user.error
        ? fill(messages.balance_stale, { at: formatMoment(user.updatedAt, locale) })
        : undefined;
    // Whoever may not read the balance reads it no better the next time.
    const failed = user.status === "error" && user.error.code !== "not_allowed";
    const slow = useSlow(user.status === "loading") ? messages.loading_more : undefined;
    const text = known ? balance : messages[`balance_${user.status}`];
    const more = stale ?? slow;
    const stop = slow && stopBetween(text ?? "", slow);
    const name = balance ? named(messages)(balance) : text;

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
        <span
          role="group"
          aria-label={stale ? `${name}, ${stale}` : slow ? `${name}${stop} ${slow}` : name}
          {...part("amount")}
        >
          {more ? (
            <>
              {text}
              {stop} <span {...part("detail")}>{more}</span>
            </>
          ) : (
            text
          )}
        </span>
        {(refresh ?? (pressed || failed || stale !== undefined)) &&
          drawButton(renderButton, {
            ...part("refresh"),
            "aria-busy": user.isFetching,
            onClick: user.isFetching
              ? undefined
              : () => {
                  setPressed(true);
                  void user.refetch();
                },
            children: messages.refresh,
          })}
      </span>
    );
  },
);
