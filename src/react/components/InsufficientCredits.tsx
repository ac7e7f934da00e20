import { type ComponentPropsWithoutRef, Fragment, forwardRef, useEffect, useState } from "react";
import { drawButton, type OwnButton, type OwnClassNames, type OwnLink, partsOf } from "../gate/looks";
import { useCompletions } from "../gate/waiting";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import { TopUpLink } from "./TopUpLink";

export interface InsufficientCreditsProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children">,
    OwnClassNames<"alert" | "detail" | "check" | "topUp">,
    OwnButton,
    OwnLink {
  /** How many credits are missing, where that is known. */
  missing?: number | undefined;
  /** Where users buy credits. @default the provider's */
  topUpUrl?: string | undefined;
  /** Notes that the user goes to the shop: the `topUp` of a gate, which then says what came. */
  onTopUp?: (() => void) | undefined;
  /** Reads the balance again. The balance is also read when the user comes back to the page. */
  onCheck?: (() => void) | undefined;
  /** True while the balance is being read again. @default false */
  checking?: boolean | undefined;
}

/**
 * Says that credits are missing, and links to the shop in a new tab: nothing on this page is lost.
 *
 * @example
 * if (gate.status === "insufficient") {
 *   return <InsufficientCredits missing={gate.missing} onTopUp={gate.topUp} onCheck={gate.check} />;
 * }
 */
export const InsufficientCredits = /* @__PURE__ */ forwardRef<HTMLDivElement, InsufficientCreditsProps>(function InsufficientCredits(
  { missing, topUpUrl, onTopUp, onCheck, checking = false, classNames, renderButton, renderLink, ...rest },
  ref,
) {
  const { locale } = useAres();
  const part = partsOf(classNames);
  const messages = useAllMessages();
  const [rounds, recent] = useCompletions(checking);
  // A live region must be mounted before its words change.
  const [there, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  const short = missing === undefined ? undefined : formatCredits(missing, { messages, locale, round: "ceil" });

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own looks and layout.
    <div data-ares-part="insufficient" {...rest} ref={ref} role="group" aria-label={messages.insufficient}>
      <p role="alert" {...part("alert")}>
        {there && (
          <Fragment key={rounds}>
            {messages.insufficient} {short && <span {...part("detail")}>{fill(messages.insufficient_missing, { missing: short })}</span>}
            {recent && <span {...part("detail")}> {messages.checked}</span>}
          </Fragment>
        )}
      </p>
      <TopUpLink part={part("topUp")} renderLink={renderLink} href={topUpUrl} onClick={onTopUp} />
      {onCheck &&
        drawButton(renderButton, {
          ...part("check"),
          "aria-busy": checking,
          "data-room": checking ? messages.check : messages.checking,
          onClick: onCheck,
          children: checking ? messages.checking : messages.check,
        })}
    </div>
  );
});
