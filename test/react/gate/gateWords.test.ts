import { type AresMessages, englishComponentMessages, englishMessages } from "ares-react";
import { arabicMessages } from "ares-react/messages/ar";
import { germanMessages } from "ares-react/messages/de";
import { spanishMessages } from "ares-react/messages/es";
import { frenchMessages } from "ares-react/messages/fr";
import { japaneseMessages } from "ares-react/messages/ja";
import { describe, expect, test } from "vitest";
import { aresError, type ChargeEvidence, type Receipt } from "../../../src/client";
import type { AresGateState } from "../../../src/react/gate/state/gateState";
import {
  blockedBy,
  type GateWordFacts,
  type GateWords,
  gateWords,
  moneyBrief,
  namesOf,
  verbOf,
} from "../../../src/react/gate/words/gateWords";
import { createWriter, type GateKey, type TextKey } from "../../../src/react/gate/words/writeText";

type Members = { [M in AresGateState as M["status"]]: M };

/** What a gate says in a situation: its words, and why a press would do nothing. */
interface Row<S> {
  when: string;
  state: S;
  facts?: GateWordFacts;
  says: Omit<GateWords, "details"> & { details?: readonly GateKey[] };
  blocked?: GateKey | { own: string };
}

const press = () => {};
const error = aresError("ares_unreachable");
const unread = aresError("rate_limited");
const receipt: Receipt = {
  usage: "report",
  credits: 3,
  balance: 695,
  id: "c_1",
  key: "k",
  at: 0,
  restored: false,
};
const evidence: ChargeEvidence = {
  before: 698,
  after: 695,
  credits: 3,
  sentAt: 0,
  looks: 1,
  stored: true,
};
const loading: Members["loading"] = { status: "loading" };
const locked: Members["locked"] = { status: "locked", price: 3, balance: 698, unlock: press };
const confirming: Members["confirming"] = {
  status: "confirming",
  price: 3,
  balance: 698,
  after: 695,
  confirm: press,
  cancel: press,
};
const charging: Members["charging"] = { status: "charging", price: 3 };
const unlocked: Members["unlocked"] = { status: "unlocked", receipt, keep: press, reset: press };
const insufficient: Members["insufficient"] = {
  status: "insufficient",
  price: 3,
  balance: 1,
  missing: 2,
  topUpUrl: "https://shop.example",
  topUp: press,
  check: press,
};
const priceChanged: Members["price_changed"] = {
  status: "price_changed",
  price: 4,
  former: 3,
  balance: 698,
  unlock: press,
  refused: true,
};
const notCharged: Members["not_charged"] = {
  status: "not_charged",
  error,
  price: 3,
  retry: press,
  retryAt: undefined,
  refused: true,
};
const unknown: Members["unknown"] = {
  status: "unknown",
  error,
  checking: false,
  evidence,
  check: press,
  reset: press,
};

/** Every state in each of its situations. A state without a row does not compile. */
const table: { [S in keyof Members]: Row<Members[S]>[] } = {
  loading: [
    { when: "at first", state: loading, says: { tone: "status", heading: "loading" } },
    {
      when: "after a while",
      state: loading,
      facts: { isSlow: true },
      says: { tone: "status", heading: "loading", details: ["loading_more"] },
    },
    {
      when: "after a refused press",
      state: { ...loading, refused: true },
      facts: { isSlow: true },
      says: { tone: "status", heading: "loading", details: ["uncharged", "loading_more"] },
    },
    {
      when: "while whether it is paid can't be read",
      state: { ...loading, unread, check: press },
      says: { tone: "status", heading: "unchecked" },
    },
    {
      when: "while offline, so that nothing can be read",
      state: { ...loading, unread, check: press },
      facts: { isOffline: true },
      says: { tone: "status", heading: "unchecked" },
      blocked: "offline",
    },
  ],
  signed_out: [
    {
      when: "at first",
      state: { status: "signed_out", price: 3, signIn: press },
      says: { tone: "status" },
    },
    {
      when: "after a refused press",
      state: { status: "signed_out", price: 3, signIn: press, refused: true },
      says: { tone: "status", details: ["uncharged"] },
    },
    {
      when: "in an app without a way to sign in",
      state: { status: "signed_out", price: 3, signIn: undefined },
      says: { tone: "status", heading: "signed_out" },
    },
  ],
  not_connected: [
    {
      when: "at first",
      state: { status: "not_connected", price: 3, connect: press, failed: false },
      says: { tone: "status" },
    },
    {
      when: "after a refused press",
      state: { status: "not_connected", price: 3, connect: press, failed: false, refused: true },
      says: { tone: "status", details: ["uncharged"] },
    },
    {
      when: "after a failed try",
      state: { status: "not_connected", price: 3, connect: press, failed: true, refused: true },
      says: { tone: "alert", heading: "connect_failed", details: ["not_connected"] },
    },
  ],
  reconnect: [
    {
      when: "at first",
      state: { status: "reconnect", price: 3, reconnect: press, failed: false },
      says: { tone: "status", details: ["reconnect"] },
    },
    {
      when: "in an app without a way to connect again",
      state: { status: "reconnect", price: 3, reconnect: undefined, failed: false },
      says: { tone: "status", heading: "reconnect" },
    },
    {
      when: "after a refused press",
      state: { status: "reconnect", price: 3, reconnect: press, failed: false, refused: true },
      says: { tone: "alert", heading: "reconnect", details: ["uncharged"] },
    },
    {
      when: "after a failed try",
      state: { status: "reconnect", price: 3, reconnect: press, failed: true },
      says: { tone: "alert", heading: "connect_failed", details: ["reconnect"] },
    },
  ],
  locked: [
    {
      when: "with a balance",
      state: locked,
      says: { tone: "status", heading: "locked", details: ["locked_more"] },
    },
    {
      when: "without a balance",
      state: { ...locked, balance: undefined, check: press },
      says: { tone: "status", heading: "locked", details: ["locked_some"] },
    },
    {
      when: "without a balance and a price",
      state: { ...locked, price: undefined, balance: undefined, check: press },
      says: { tone: "status", heading: "locked", details: ["locked_none"] },
    },
    {
      when: "when a look has just ended",
      state: { ...locked, balance: undefined, check: press },
      facts: { isChecked: true },
      says: { tone: "status", heading: "locked", details: ["locked_some"], last: "checked" },
    },
    {
      when: "after a refused press",
      state: { ...locked, refused: true },
      says: { tone: "status", heading: "locked", details: ["uncharged", "locked_more"] },
    },
    {
      when: "once the last charge is used up",
      state: { ...locked, usedUp: true },
      says: { tone: "status", heading: "used_up", details: ["locked_more"] },
    },
    {
      when: "when a look has not told whether it is paid",
      state: { ...locked, unread, check: press },
      facts: { isChecked: true },
      says: { tone: "status", heading: "unchecked", details: ["locked_more"] },
    },
    {
      when: "when whether it is paid could not be read, which matters more than that it was used up",
      state: { ...locked, usedUp: true, unread, check: press },
      says: { tone: "status", heading: "unchecked", details: ["locked_more"] },
    },
    {
      when: "while offline, which matters more than the app's reason",
      state: locked,
      facts: { isOffline: true, disabledReason: "Upload a file first." },
      says: { tone: "status", heading: "locked", details: ["locked_more"] },
      blocked: "offline",
    },
    {
      when: "for a reason of the app, which matters more than a pause",
      state: locked,
      facts: { isPaused: true, disabledReason: "Upload a file first." },
      says: { tone: "status", heading: "locked", details: ["locked_more"] },
      blocked: { own: "Upload a file first." },
    },
  ],
  confirming: [
    {
      when: "with a balance",
      state: confirming,
      says: { tone: "status", heading: "locked", details: ["locked_more"] },
    },
    {
      when: "without a balance",
      state: { ...confirming, balance: undefined, after: undefined },
      says: { tone: "status", heading: "locked", details: ["locked_some"] },
    },
    {
      when: "while offline",
      state: confirming,
      facts: { isOffline: true },
      says: { tone: "status", heading: "locked", details: ["locked_more"] },
      blocked: "offline",
    },
  ],
  charging: [
    { when: "at first", state: charging, says: { tone: "status", heading: "charging" } },
    {
      when: "after a while",
      state: charging,
      facts: { isSlow: true, isOffline: true, disabledReason: "Upload a file first." },
      says: { tone: "status", heading: "charging", details: ["charging_more"] },
    },
    {
      when: "after a while, where the browser stores nothing",
      state: { ...charging, stored: false },
      facts: { isSlow: true },
      says: { tone: "status", heading: "charging", details: ["charging_more", "unstored"] },
    },
  ],
  unlocked: [
    {
      when: "by another gate's press",
      state: unlocked,
      facts: { left: 695 },
      says: { tone: "status", heading: "unlocked" },
    },
    {
      when: "by a press, before the balance is read",
      state: { ...unlocked, used: true },
      says: { tone: "status", heading: "unlocked", details: ["unlocked_some"] },
    },
    {
      when: "by a press",
      state: { ...unlocked, used: true },
      facts: { left: 695 },
      says: {
        tone: "status",
        heading: "unlocked",
        details: ["unlocked_some"],
        last: "unlocked_left",
      },
    },
    {
      when: "by a press at an unknown price",
      state: { ...unlocked, used: true, receipt: { ...receipt, credits: undefined } },
      facts: { left: 695 },
      says: { tone: "status", heading: "unlocked", last: "unlocked_left" },
    },
    {
      when: "by an earlier payment, which cost nothing now",
      state: { ...unlocked, used: true, receipt: { ...receipt, restored: true } },
      facts: { left: 695 },
      says: { tone: "status", heading: "restored" },
    },
  ],
  insufficient: [
    {
      when: "with too small a balance",
      state: insufficient,
      says: {
        tone: "alert",
        heading: "insufficient",
        details: ["insufficient_more", "locked_more"],
      },
    },
    {
      when: "with enough, and ARES refused",
      state: { ...insufficient, balance: 698, missing: undefined, refused: true },
      says: {
        tone: "alert",
        heading: "insufficient",
        details: ["uncharged", "insufficient_but"],
      },
    },
    {
      when: "without a balance",
      state: { ...insufficient, balance: undefined, missing: undefined },
      says: { tone: "alert", heading: "insufficient", details: ["insufficient_more"] },
    },
    {
      when: "without a price",
      state: { ...insufficient, price: undefined, missing: undefined },
      says: { tone: "alert", heading: "insufficient" },
    },
    {
      when: "once the last charge is used up",
      state: { ...insufficient, usedUp: true },
      says: { tone: "alert", heading: "used_up", details: ["insufficient_more", "locked_more"] },
    },
    {
      when: "when a look has just ended",
      state: insufficient,
      facts: { isChecked: true, isOffline: true },
      says: {
        tone: "alert",
        heading: "insufficient",
        details: ["insufficient_more", "locked_more"],
        last: "checked",
      },
    },
    {
      when: "when whether it is paid can't be read while offline",
      state: { ...insufficient, unread },
      facts: { isOffline: true },
      says: { tone: "alert", heading: "unchecked", details: ["insufficient_more", "locked_more"] },
      blocked: "offline",
    },
    {
      when: "when a look has not told whether it is paid",
      state: { ...insufficient, unread },
      facts: { isChecked: true },
      says: { tone: "alert", heading: "unchecked", details: ["insufficient_more", "locked_more"] },
    },
  ],
  price_changed: [
    {
      when: "from an agreed price",
      state: priceChanged,
      says: {
        tone: "alert",
        heading: "price_changed",
        details: ["uncharged", "price_changed_more"],
      },
    },
    {
      when: "from an unknown price",
      state: { ...priceChanged, former: undefined },
      says: { tone: "alert", heading: "price_changed", details: ["uncharged"] },
    },
  ],
  not_charged: [
    {
      when: "at first",
      state: notCharged,
      says: { tone: "alert", heading: "not_charged", details: ["uncharged"] },
    },
    {
      when: "while the server asks for a pause",
      state: notCharged,
      facts: { isPaused: true },
      says: { tone: "alert", heading: "not_charged", details: ["uncharged"] },
      blocked: "wait",
    },
    {
      when: "while the app takes no payments",
      state: { ...notCharged, error: aresError("paused") },
      says: { tone: "alert", heading: "paused" },
    },
    {
      when: "to the user before",
      state: { ...notCharged, error: aresError("other_user") },
      says: { tone: "alert", heading: "other_user" },
    },
    {
      when: "to the user before, once this one is read",
      state: { ...notCharged, error: aresError("other_user") },
      facts: { user: "ada@example.com" },
      says: { tone: "alert", heading: "other_user", details: ["other_user_more"] },
    },
  ],
  unknown: [
    {
      when: "with both balances",
      state: unknown,
      says: {
        tone: "alert",
        heading: "unknown",
        details: ["unknown_risk", "unknown_more", "stored"],
      },
    },
    {
      when: "without a balance",
      state: { ...unknown, evidence: { ...evidence, after: undefined } },
      says: { tone: "alert", heading: "unknown", details: ["unknown_risk", "stored"] },
    },
    {
      when: "where the browser stores nothing",
      state: { ...unknown, evidence: { ...evidence, stored: false } },
      says: {
        tone: "alert",
        heading: "unknown",
        details: ["unknown_risk", "unknown_more", "unstored"],
      },
    },
    {
      when: "when a look has just ended",
      state: unknown,
      facts: { isChecked: true, isOffline: true },
      says: {
        tone: "alert",
        heading: "unknown",
        details: ["unknown_risk", "unknown_more", "stored"],
        aside: "checked",
      },
    },
  ],
  unavailable: [
    {
      when: "always",
      state: { status: "unavailable", error, check() {} },
      facts: { isOffline: true },
      says: { tone: "alert", heading: "unavailable", details: ["uncharged"] },
    },
  ],
  entitled: [{ when: "always", state: { status: "entitled" }, says: { tone: "status" } }],
};

const rows = Object.entries(table).flatMap(([status, states]) =>
  states.map((row: Row<AresGateState>) => ({ status, ...row })),
);

test.each(rows)("a gate that is $status, $when", ({ state, facts = {}, says, blocked }) => {
  expect(gateWords(state, facts)).toEqual({ details: [], ...says });
  expect(blockedBy(state, facts)).toEqual(blocked);
});

test("the verb of the button is to try again only after the user's own refused press", () => {
  expect(verbOf(locked, "Report")).toBe("unlock");
  expect(verbOf(locked, undefined)).toBe("unlock_plain");
  expect(verbOf(notCharged, "Report")).toBe("retry");
  expect(verbOf({ ...notCharged, error: aresError("other_user") }, "Report")).toBe("unlock");
});

test.each([
  ["unknown_risk", "risk_brief"],
  ["perhaps_charged", "risk_brief"],
  ["not_sent", "risk_brief"],
  ["in_progress", "risk_brief"],
  ["uncharged", "uncharged_brief"],
  // Both speak of one press, beside a charge that was made or may be another user's.
  ["uncharged_now", undefined],
  ["other_user", undefined],
  ["failed_paid", "paid_brief"],
  ["unlocked_some", "unlocked_some"],
  ["stored", undefined],
] as const)("%s is said in few words by %s, as heading and as detail", (key, brief) => {
  expect(moneyBrief({ heading: key, details: [] })).toBe(brief);
  expect(moneyBrief({ heading: "unlocked", details: ["stored", key] })).toBe(brief);
});

test("a text that says whether the user was charged has few words for it", () => {
  const { uncharged, ...texts } = { ...englishMessages, ...englishComponentMessages };
  const isOnMoney = (text: string) => /charged|paid for/.test(text) && !/\?|won't|{/.test(text);
  const keys = Object.entries(texts).flatMap(([key, text]) => (isOnMoney(text) ? [key] : []));
  const known = keys.filter((key) => moneyBrief({ details: [key as TextKey] }) !== undefined);
  expect(keys.filter((key) => !known.includes(key)).sort()).toEqual([
    // These are few words themselves, or say nothing of a charge that was tried.
    "history_absent",
    "history_declined",
    "history_empty",
    // Both speak of one press, beside a charge that was made or may be another user's.
    "other_user",
    "payment_required",
    "risk_brief",
    "uncharged_brief",
    "uncharged_now",
    "used_up",
  ]);
});

/** All the keys that the rows lead to. */
const said = new Set(
  rows.flatMap(({ state, facts = {} }) => {
    const { heading, details, last, aside } = gateWords(state, facts);
    const blocked = blockedBy(state, facts);
    return [heading, ...details, last, aside, typeof blocked === "object" ? undefined : blocked];
  }),
);

/** Texts that no state says by itself: amounts, buttons, and the dialogs' words. */
const elsewhere: GateKey[] = [
  ...(["one", "other", "less"] as const),
  ...(["signed_out_ares", "signIn_ares", "signIn", "connect", "connectAgain"] as const),
  ...([
    "signed_out_button",
    "signed_out_button_plain",
    "signed_out_button_ares",
    "signed_out_button_plain_ares",
    "not_connected_button",
    "not_connected_button_plain",
    "reconnect_button",
    "reconnect_button_plain",
  ] as const),
  ...(["charging_button", "topped_up"] as const),
  ...(["unlock", "unlock_plain", "retry", "check", "checking", "topUp", "new_tab"] as const),
  ...(["confirming", "confirming_plain", "confirming_more", "confirm", "cancel"] as const),
  ...(["reset", "reset_question"] as const),
  ...(["more", "uncharged_brief", "risk_brief", "paid_brief"] as const),
];

test("the rows lead to every text that a gate can say", () => {
  const missing = Object.keys(englishMessages).filter(
    (key) => !said.has(key as GateKey) && !elsewhere.includes(key as GateKey),
  );
  expect(missing).toEqual([]);
});

const languages: Readonly<Record<string, AresMessages>> = {
  ar: arabicMessages,
  de: germanMessages,
  en: englishMessages,
  es: spanishMessages,
  fr: frenchMessages,
  ja: japaneseMessages,
};

/** What a text names and nobody knows. A gap would be left in its place. */
const gaps = (text: string, names: object) =>
  [...text.matchAll(/{(\w+)}/g)].filter(([, name = ""]) => Reflect.get(names, name) === undefined);

describe.each(Object.entries(languages))("in %s", (locale, messages) => {
  test.each(rows)("a gate that is $status has its words, $when", ({ state, facts = {} }) => {
    const names = namesOf(state, { label: "Report", ...facts });
    const write = createWriter(messages, locale, names);
    const { heading, details, last, aside } = gateWords(state, facts);
    for (const key of [heading, ...details, last, aside]) {
      // The price on the button says enough.
      if (key === undefined || key === "locked") continue;
      expect({ key, text: write(key) }).toEqual({ key, text: expect.stringMatching(/\S/) });
      expect({ key, gaps: gaps(messages[key] ?? "", names) }).toEqual({ key, gaps: [] });
    }
  });
});
