import {
  type AresComponentMessages,
  type AresMessages,
  englishComponentMessages,
  englishMessages,
} from "ares-react";
import { arabicMessages } from "ares-react/messages/ar";
import { germanMessages } from "ares-react/messages/de";
import { spanishMessages } from "ares-react/messages/es";
import { frenchMessages } from "ares-react/messages/fr";
import { japaneseMessages } from "ares-react/messages/ja";
import type { LocaleName } from "./view";

type AllMessages = AresMessages & AresComponentMessages;

const messages: Record<LocaleName, AllMessages> = {
  en: { ...englishMessages, ...englishComponentMessages },
  de: germanMessages,
  fr: frenchMessages,
  es: spanishMessages,
  ar: arabicMessages,
  ja: japaneseMessages,
};

export const messagesOf = (locale: LocaleName): AllMessages => messages[locale];
