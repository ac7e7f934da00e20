import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { type OwnClassNames, type OwnLink, partsOf } from "../gate/looks";
import { useAresUser } from "../hooks/useAresUser";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import { TopUpLink } from "./TopUpLink";

export interface LowBalanceProps extends Omit<ComponentPropsWithoutRef<"div">, "children">, OwnClassNames<"status" | "topUp">, OwnLink {
  /** Warns when fewer credits than this are left. */
  below: number;
}

/**
 * Warns that credits run out, and links to the shop. The component is empty otherwise, and while the balance is unknown.
 *
 * Keep the component mounted: a live region announces only changes.
 *
 * @example
 * <LowBalance below={10} />
 */
export const LowBalance = /* @__PURE__ */ forwardRef<HTMLDivElement, LowBalanceProps>(function LowBalance(
  { below, classNames, renderLink, ...rest },
  ref,
) {
  const { credits } = useAresUser();
  const { locale } = useAres();
  const messages = useAllMessages();
  const part = partsOf(classNames);
  const low = credits !== undefined && credits < below;

  return (
    <div data-ares-part="lowBalance" {...rest} ref={ref} data-status={low ? "low" : "enough"}>
      <p role="status" {...part("status")}>
        {low && fill(messages.low_balance, { balance: formatCredits(credits, { messages, locale }) })}
      </p>
      {low && <TopUpLink part={part("topUp")} renderLink={renderLink} />}
    </div>
  );
});
