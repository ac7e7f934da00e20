import { Price } from "../gate/parts/Price";
import { amountTexts } from "../messages/en";
import { formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { createTexts } from "../provider/useMessages";

const useTexts = /* @__PURE__ */ createTexts(amountTexts);

/** The amount that leads a receipt or the evidence of a charge, beside a word on what became of it. Empty without an amount. */
export function LeadingAmount({
  outcome,
  credits,
}: {
  /** Undefined for a charge that was not sent. */
  outcome?: string | undefined;
  credits: number | undefined;
}) {
  const { locale } = useAres();
  const messages = useTexts();
  if (credits === undefined) return null;
  return (
    <p data-ares-part="total">
      {outcome && <span data-ares-part="outcome">{outcome} </span>}
      <Price>{formatCredits(credits, { messages, locale, round: "ceil" })}</Price>
    </p>
  );
}
