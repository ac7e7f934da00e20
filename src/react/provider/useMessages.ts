import {
  type AresComponentMessages,
  type AresMessages,
  englishComponentMessages,
  englishMessages,
} from "../messages/en";
import { keepLast } from "../messages/format";
import { type AresContextValue, useAres } from "./context";

type Own = AresContextValue["messages"];
const gateTexts = /* @__PURE__ */ keepLast(
  (own: Own): AresMessages => ({ ...englishMessages, ...own }),
);
const allTexts = /* @__PURE__ */ keepLast((own: Own): AresMessages & AresComponentMessages => ({
  ...englishMessages,
  ...englishComponentMessages,
  ...own,
}));

/** The texts of a page where signing in is signing in with ARES. */
const namingAres = <T extends AresMessages>(texts: T): T => ({
  ...texts,
  signed_out: texts.signed_out_ares,
  signIn: texts.signIn_ares,
});
const gateTextsNamingAres = /* @__PURE__ */ keepLast(namingAres<AresMessages>);
const allTextsNamingAres = /* @__PURE__ */ keepLast(
  namingAres<AresMessages & AresComponentMessages>,
);

/** The texts of gates: the kit's, replaced by the provider's. Only components with texts load them. */
export function useMessages(): AresMessages {
  const { messages, signInWith } = useAres();
  const texts = gateTexts(messages);
  return signInWith === "ares" ? gateTextsNamingAres(texts) : texts;
}

/** All texts: the kit's, replaced by the provider's. */
export function useAllMessages(): AresMessages & AresComponentMessages {
  const { messages, signInWith } = useAres();
  const texts = allTexts(messages);
  return signInWith === "ares" ? allTextsNamingAres(texts) : texts;
}
