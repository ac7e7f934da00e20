import { type AresMessages, englishMessages } from "ares-react";
import { arabicMessages } from "ares-react/messages/ar";
import { germanMessages } from "ares-react/messages/de";
import { spanishMessages } from "ares-react/messages/es";
import { frenchMessages } from "ares-react/messages/fr";
import { japaneseMessages } from "ares-react/messages/ja";
import type { LocaleName } from "./view";

const messages: Record<LocaleName, AresMessages> = {
  en: englishMessages,
  de: germanMessages,
  fr: frenchMessages,
  es: spanishMessages,
  ar: arabicMessages,
  ja: japaneseMessages,
};

export const messagesOf = (locale: LocaleName): AresMessages => messages[locale];
