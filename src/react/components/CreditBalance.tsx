import { type ComponentPropsWithoutRef, forwardRef, useState } from "react";
import { drawButton, type OwnButton, type OwnClassNames, partsOf } from "../gate/parts/looks";
import { More, type OwnSize } from "../gate/parts/More";
import { useSlow } from "../gate/words/waiting";
import { useAresUser } from "../hooks/useAresUser";
import { amountTexts, balanceTexts, lookTexts } from "../messages/en";
import { fill, formatCredits, formatMoment, keepLast, stopBetween } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";
import type { AresUserState } from "../provider/userStore";

/** The props of `CreditBalance`, beside those of a `<span>`. */
export interface CreditBalanceProps
  extends Omit<ComponentPropsWithoutRef<"span">, "children">,
    OwnClassNames<"amount" | "detail" | "refresh" | "more" | "popover">,
    OwnButton,
    OwnSize {
  /** In a line of text, as a chip, or as a card of its own. @default "compact" */
  variant?: "compact" | "chip" | "card" | undefined;
  /** Offers a button that reads the balance again. @default after a failed read; a pressed button stays */
  refresh?: boolean | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(amountTexts, lookTexts, balanceTexts);
type Texts = ReturnType<typeof useTexts>;

/** All balances of a page have the same name. */
const named = /* @__PURE__ */ keepLast(({ balance }: Texts) =>
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
  function CreditBalance(
    { variant = "compact", size, refresh, classNames, renderButton, ...rest },
    ref,
  ) {
    const user = useAresUser();
    const { locale } = useAres();
    const part = partsOf(classNames);
    // A pressed button that went would take the focus along.
    const [pressed, setPressed] = useState(false);
    const messages = useTexts();
    const isSlow = useSlow(user.status === "loading");
    const { text, detail, name, isStale } = wordsOf(user, { messages, locale, isSlow });
    // Whoever may not read the balance reads it no better the next time.
    const isFailed = user.status === "error" && user.error.code !== "not_allowed";
    // Who is not connected has no balance to read.
    const isReadable = ["loading", "ready", "error"].includes(user.status);
    const isOffered = pressed || (isReadable && (refresh ?? (isFailed || isStale)));
    const isSmall = size === "small";
    // Once a read takes long, a chip has room for what that means alone.
    const isLong = user.status === "loading" && detail !== undefined && !isSmall;
    const refetch = () => {
      setPressed(true);
      void user.refetch();
    };

    return (
      <span
        dir="auto"
        data-ares-part="balance"
        data-variant={variant}
        {...rest}
        ref={ref}
        data-size={size}
        data-status={user.status}
        data-stale={isStale ? "" : undefined}
        aria-busy={user.isFetching}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: an amount with a name is no fieldset. */}
        <span role="group" aria-label={name} {...part("amount")}>
          {isLong ? <span data-ares-part="heard">{text}</span> : text}
          {detail && !isSmall && (
            <>
              {" "}
              <span {...part("detail")}>{detail}</span>
            </>
          )}
        </span>
        {isOffered &&
          drawButton(renderButton, {
            ...part("refresh"),
            "aria-busy": user.isFetching,
            onClick: user.isFetching ? undefined : refetch,
            title: messages.refresh,
            children: <span>{messages.refresh}</span>,
          })}
        {isSmall && <More told={{ tone: "alert", details: detail }} part={part} />}
      </span>
    );
  },
);

interface BalanceWords {
  text: string;
  /** When an old balance was read, or that the read takes long. */
  detail?: string;
  /** All of it, for screen readers. */
  name: string;
  isStale: boolean;
}

function wordsOf(
  user: AresUserState,
  {
    messages,
    locale,
    isSlow,
  }: {
    messages: Texts;
    locale: string | undefined;
    isSlow: boolean;
  },
): BalanceWords {
  if (user.status !== "ready") {
    const text = messages[`balance_${user.status}`];
    if (!isSlow) return { text, name: text, isStale: false };
    const detail = messages.loading_more;
    const sentence = text + stopBetween(text, detail);
    return { text: sentence, detail, name: `${sentence} ${detail}`, isStale: false };
  }
  const text = formatCredits(user.credits, { messages, locale });
  const name = named(messages)(text);
  if (!user.error) return { text, name, isStale: false };
  const detail = fill(messages.balance_stale, { at: formatMoment(user.updatedAt, locale) });
  return { text, detail, name: `${name}, ${detail}`, isStale: true };
}
