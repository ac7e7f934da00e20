import { type ComponentPropsWithoutRef, forwardRef, useState } from "react";
import { type OwnClassNames, type OwnLink, partsOf } from "../gate/parts/looks";
import { More, type OwnSize } from "../gate/parts/More";
import { TopUpLink } from "../gate/parts/TopUpLink";
import { Title } from "../gate/words/Title";
import { useAresUser } from "../hooks/useAresUser";
import { amountTexts, shortageTexts } from "../messages/en";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";

/** The props of `LowBalance`, beside those of a `<div>`. */
export interface LowBalanceProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<"status" | "detail" | "topUp" | "more" | "popover">,
    OwnLink,
    OwnSize {
  /** Warns when fewer credits than this are left. */
  below: number;
}

const useTexts = /* @__PURE__ */ createTexts(amountTexts, shortageTexts);

/**
 * Warns that credits run out, and links to the shop. The component is empty otherwise, and while the balance is unknown.
 *
 * Keep the component mounted. A screen reader hears it when the balance sinks below the limit, and not again at each charge.
 *
 * @example
 * <LowBalance below={10} />
 */
export const LowBalance = /* @__PURE__ */ forwardRef<HTMLDivElement, LowBalanceProps>(
  function LowBalance({ below, size, classNames, renderLink, ...rest }, ref) {
    const { credits } = useAresUser();
    const { locale } = useAres();
    const messages = useTexts();
    const part = partsOf(classNames);
    const low = credits !== undefined && credits < below;
    const [last, setLast] = useState<{ low: boolean; sank: boolean }>();
    if (credits !== undefined && last?.low !== low)
      setLast({ low, sank: low && last !== undefined });
    const speaks = low && last?.sank;

    const isSmall = size === "small";
    const left =
      low && fill(messages.low_balance, { balance: formatCredits(credits, { messages, locale }) });

    const title = <Title part={part}>{messages.balance_low}</Title>;

    return (
      <div
        data-ares-part="lowBalance"
        {...rest}
        ref={ref}
        data-size={size}
        data-status={low ? "low" : "enough"}
      >
        <p dir="auto" {...part("status")}>
          <span role="status">{speaks && title}</span>
          {left && !isSmall && (
            <>
              {!speaks && title} <span {...part("detail")}>{left}</span>
            </>
          )}
        </p>
        {low && <TopUpLink part={part("topUp")} renderLink={renderLink} />}
        {left && isSmall && (
          <More told={{ tone: "alert", title: messages.balance_low, details: left }} part={part} />
        )}
      </div>
    );
  },
);
