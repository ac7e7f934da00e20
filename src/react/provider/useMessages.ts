import type { AresComponentMessages } from "../messages/en";
import { type AresMessages, englishComponentMessages, englishMessages } from "../messages/en";
import { useAres } from "./context";

/** The texts of gates: the kit's, replaced by the provider's. Only components with texts load them. */
export function useMessages(): AresMessages {
  const { messages } = useAres();
  return { ...englishMessages, ...messages };
}

/** All texts: the kit's, replaced by the provider's. */
export function useAllMessages(): AresMessages & AresComponentMessages {
  const { messages } = useAres();
  return { ...useMessages(), ...englishComponentMessages, ...messages };
}
