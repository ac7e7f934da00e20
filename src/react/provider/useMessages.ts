import { type AresComponentMessages, type AresMessages, englishComponentMessages, englishMessages } from "../messages/en";
import { keepLast } from "../messages/format";
import { type AresContextValue, useAres } from "./context";

type Own = AresContextValue["messages"];
const gateTexts = /* @__PURE__ */ keepLast((own: Own): AresMessages => ({ ...englishMessages, ...own }));
const allTexts = /* @__PURE__ */ keepLast((own: Own): AresMessages & AresComponentMessages => ({
  ...englishMessages,
  ...englishComponentMessages,
  ...own,
}));

/** The texts of gates: the kit's, replaced by the provider's. Only components with texts load them. */
export function useMessages(): AresMessages {
  return gateTexts(useAres().messages);
}

/** All texts: the kit's, replaced by the provider's. */
export function useAllMessages(): AresMessages & AresComponentMessages {
  return allTexts(useAres().messages);
}
