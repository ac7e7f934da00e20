import { englishComponentMessages, englishMessages } from "ares-react";
import { arabicMessages } from "ares-react/messages/ar";
import { germanMessages } from "ares-react/messages/de";
import { spanishMessages } from "ares-react/messages/es";
import { frenchMessages } from "ares-react/messages/fr";
import { japaneseMessages } from "ares-react/messages/ja";
import { describe, expect, it } from "vitest";
import { formatCredits, stopBetween } from "../../../src/react/messages/format";

const languages = {
  ar: arabicMessages,
  de: germanMessages,
  en: { ...englishMessages, ...englishComponentMessages },
  es: spanishMessages,
  fr: frenchMessages,
  ja: japaneseMessages,
};

const holes = (text: string) => (text.match(/{\w+}/g) ?? []).sort();

describe.each(Object.entries(languages))("the messages in %s", (locale, messages) => {
  it("say of a lost answer that it is lost and nothing more: a paid call that is never answered may have charged", () => {
    expect(messages.network_error.match(/[.。]/g)).toHaveLength(1);
  });

  it("say every amount that the English ones say", () => {
    for (const [key, text] of Object.entries({ ...englishMessages, ...englishComponentMessages })) {
      expect({
        key,
        holes: holes(Object.entries(messages).find(([name]) => name === key)?.[1] ?? ""),
      }).toEqual({
        key,
        holes: holes(text),
      });
    }
  });

  it("say of a charge that did not happen the same in every state, without a promise of a later one", () => {
    const { uncharged, ...texts } = messages;
    for (const key of [
      "connect_failed",
      "rate_limited",
      "auth_unavailable",
      "price_changed_unread",
    ] as const) {
      expect({ key, text: texts[key] }).toEqual({ key, text: expect.stringContaining(uncharged) });
    }
  });

  it("say a shortage in a gate with price and balance alone, and beside a gate in words that hold for one credit too", () => {
    expect(holes(messages.insufficient_more)).toEqual(["{price}"]);
    expect(holes(messages.locked_more)).toEqual(["{balance}"]);
    expect(messages.insufficient_missing).not.toMatch(/fehlen|faltan/);
  });

  it("have a form for each plural of the language", () => {
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();

    expect(Object.keys(messages)).toEqual(expect.arrayContaining(pluralCategories));
  });

  it("name the figure in every form of a credit", () => {
    for (const credits of [0, 0.01, 0.5, 1, 2, 3, 11, 100, 698, 1e6]) {
      expect(formatCredits(credits, { messages, locale })).toContain(
        new Intl.NumberFormat(locale).format(credits),
      );
    }
  });
});

describe("an amount", () => {
  it.each([
    ["en", 1, "1 credit"],
    ["en", 0.01, "0.01 credits"],
    ["de", 1234.5, "1.234,5 Credits"],
    ["fr", 0.01, "0,01 crédit"],
    ["fr", 1_000_000, "1 000 000 de crédits"],
    ["es", 2, "2 créditos"],
    ["ar", 3, "3 وحدات رصيد"],
    ["ar", 2, "2 وحدتي رصيد"],
    ["ja", 698, "698 クレジット"],
    ["en", 0.004, "less than 0.01 credits"],
    ["de", 0.004, "weniger als 0,01 Credits"],
    ["fr", 0.004, "moins de 0,01 crédit"],
    ["ja", 0.004, "0.01 クレジット未満"],
  ] as const)("in %s of %d reads %s", (locale, credits, text) => {
    expect(
      formatCredits(credits, { messages: languages[locale], locale }).replaceAll(/\s/g, " "),
    ).toBe(text);
  });
});

describe("the messages in French", () => {
  it("have no space that would leave a sign alone on the next line", () => {
    expect(Object.values(frenchMessages).filter((text) => / [:;?!]/.test(text))).toEqual([]);
    expect(frenchMessages.confirming_plain).toBe("Dépenser {price}\u202f?");
    expect(frenchMessages.unlocked_some).toBe("Dépense\u00a0: {credits}.");
  });
});

it.each([
  ["Reading", "This takes long.", "."],
  ["読み取っています", "時間がかかっています。", "。"],
  ["Reading…", "This takes long.", ""],
  ["Reading", "please stay", ""],
])("between %j and %j stands %j", (text, next, stop) => {
  expect(stopBetween(text, next)).toBe(stop);
});
