import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { useAllMessages } from "./componentMessages";
import { useAres } from "./context";
import { formatCredits } from "./formatCredits";
import { fill } from "./messages";

export interface InsufficientCreditsProps extends Omit<ComponentPropsWithoutRef<"div">, "children"> {
  /** How many credits are missing, where that is known. */
  missing?: number | undefined;
  /** Where users buy credits. @default the provider's */
  topUpUrl?: string | undefined;
  /** Reads the balance again; it is also read when the user comes back to the page. */
  onCheckAgain?: (() => void) | undefined;
}

/**
 * Says that there are not enough credits, and shows the way to more, in a new tab so that nothing on this page is lost.
 *
 * @example
 * if (gate.status === "insufficient") {
 *   return <InsufficientCredits missing={gate.missing} onCheckAgain={gate.checkAgain} />;
 * }
 */
export const InsufficientCredits = /* @__PURE__ */ forwardRef<HTMLDivElement, InsufficientCreditsProps>(function InsufficientCredits(
  { missing, topUpUrl, onCheckAgain, ...rest },
  ref,
) {
  const { topUpUrl: usual, locale } = useAres();
  const messages = useAllMessages();
  const short = missing === undefined ? undefined : formatCredits(missing, { messages, locale, round: "ceil" });

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own looks and layout.
    <div data-ares-part="insufficient" {...rest} ref={ref} role="group" aria-label={messages.insufficient}>
      <p role="alert" data-ares-part="alert">
        {messages.insufficient} {short && <span data-ares-part="detail">{fill(messages.insufficient_missing, { missing: short })}</span>}
      </p>
      {onCheckAgain && (
        <button type="button" data-ares-part="checkAgain" onClick={onCheckAgain}>
          {messages.checkAgain}
        </button>
      )}
      <a data-ares-part="topUp" href={topUpUrl ?? usual} target="_blank" rel="noopener noreferrer">
        {messages.topUp}
      </a>
    </div>
  );
});
