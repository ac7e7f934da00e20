import { type AresMessages, englishMessages } from "ares-react";
import type { LocaleName } from "./view";

const messages: Record<LocaleName, AresMessages> = {
  en: englishMessages,
  de: englishMessages,
  fr: englishMessages,
  es: englishMessages,
  ar: englishMessages,
  ja: englishMessages,
};

export const messagesOf = (locale: LocaleName): AresMessages => messages[locale];
