import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useAresUser } from "../hooks/useAresUser";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import { TopUpLink } from "./TopUpLink";

export interface LowBalanceProps extends Omit<ComponentPropsWithoutRef<"div">, "children"> {
  /** Speaks up when fewer credits than this are left. */
  below: number;
}

/**
 * Says in time that credits run out, and shows the way to more. It is silent otherwise, and while the balance is unknown.
 *
 * Keep it mounted: what it says is announced only where its live region was there before.
 *
 * @example
 * <LowBalance below={10} />
 */
export const LowBalance = /* @__PURE__ */ forwardRef<HTMLDivElement, LowBalanceProps>(function LowBalance({ below, ...rest }, ref) {
  const { credits } = useAresUser();
  const { locale } = useAres();
  const messages = useAllMessages();
  const low = credits !== undefined && credits < below;

  return (
    <div data-ares-part="lowBalance" {...rest} ref={ref} data-status={low ? "low" : "enough"}>
      <p role="status" data-ares-part="status">
        {low && fill(messages.low_balance, { balance: formatCredits(credits, { messages, locale }) })}
      </p>
      {low && <TopUpLink />}
    </div>
  );
});
