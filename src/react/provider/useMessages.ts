import { type AresMessages, englishMessages, type stepTexts } from "../messages/en";
import { keepLast } from "../messages/format";
import { type AresContextValue, useAres } from "./context";

/** The members of each object of a list. */
type Joined<T extends readonly object[]> = T extends readonly [
  infer First,
  ...infer Rest extends readonly object[],
]
  ? First & Joined<Rest>
  : unknown;

/** Makes the hook that gives a component its texts: its own English, replaced by the provider's texts. */
export function createTexts<T extends readonly object[]>(...english: T): () => Joined<T> {
  const texts = keepLast(
    (own: AresContextValue["messages"]): Joined<T> => Object.assign({}, ...english, own),
  );
  return function useTexts() {
    const { messages } = useAres();
    return texts(messages);
  };
}

/** Lets texts name ARES on a page where signing in is signing in with ARES. */
export function namingAres<T extends typeof stepTexts>(useTexts: () => T): () => T {
  const named = keepLast(
    (texts: T): T => ({
      ...texts,
      signed_out: texts.signed_out_ares,
      signIn: texts.signIn_ares,
      signed_out_button: texts.signed_out_button_ares,
      signed_out_button_plain: texts.signed_out_button_plain_ares,
    }),
  );
  return function useNamingTexts() {
    const { signInWith } = useAres();
    const texts = useTexts();
    return signInWith === "ares" ? named(texts) : texts;
  };
}

/** The texts of gates. */
export const useMessages: () => AresMessages = /* @__PURE__ */ namingAres(
  /* @__PURE__ */ createTexts(englishMessages),
);
