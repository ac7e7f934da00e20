import type { ChargeEvidence } from "../../../client";
import { referenceTexts } from "../../messages/en";
import { fill } from "../../messages/format";
import { useAres } from "../../provider/context";
import { createTexts } from "../../provider/useMessages";
import { useSecondsUntil } from "../words/waiting";
import { ChargeId } from "./ChargeId";
import type { Part, RenderButton } from "./looks";

interface OpenChargeProps {
  /** Without evidence nothing is shown: the outcome is known. */
  evidence: Pick<ChargeEvidence, "id" | "nextAt"> | undefined;
  part: (name: "copy" | "detail") => Part;
  renderButton: RenderButton | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(referenceTexts);

/** Which charge is not confirmed, and when the page looks at it next. It is no live region, because its seconds change. */
export function OpenCharge({ evidence, part, renderButton }: OpenChargeProps) {
  const { id, nextAt } = evidence ?? {};
  const { locale } = useAres();
  const messages = useTexts();
  const wait = useSecondsUntil(nextAt);
  if (id === undefined && wait === 0) return null;
  const seconds = new Intl.NumberFormat(locale, { style: "unit", unit: "second" }).format(wait);
  return (
    <span dir="auto" data-ares-part="openCharge">
      {id !== undefined && (
        <span>
          {messages.receipt_id} <ChargeId id={id} part={part} renderButton={renderButton} />
        </span>
      )}
      {wait > 0 && (
        <span>
          {messages.evidence_next} {fill(messages.evidence_wait, { wait: seconds })}
        </span>
      )}
    </span>
  );
}
