import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useAresUser } from "../hooks/useAresUser";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import { TopUpLink } from "./TopUpLink";

export interface LowBalanceProps extends Omit<ComponentPropsWithoutRef<"div">, "children"> {
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
