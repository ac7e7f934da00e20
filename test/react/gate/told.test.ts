import { expect, test } from "vitest";
import type { AresGateState } from "../../../src/react/gate/state/gateState";
import { type GateWordFacts, gateWords } from "../../../src/react/gate/words/gateWords";
import { toldOf } from "../../../src/react/gate/words/told";
import type { GateSpeech } from "../../../src/react/gate/words/useGateWords";
import { createWriter, type GateKey } from "../../../src/react/gate/words/writeText";
import { englishComponentMessages, englishMessages } from "../../../src/react/messages/en";

const act = () => {};
const locked = { status: "locked", price: 3, balance: 698, unlock: act } as const;

/** What a small gate says in a state. */
function told(state: AresGateState, blocked = "", facts: GateWordFacts = {}, label?: string) {
  const messages = { ...englishMessages, ...englishComponentMessages };
  const speech: GateSpeech = {
    words: gateWords(state, facts),
    write: createWriter<GateKey>(messages, "en", { price: 3, balance: 698 }),
    blocked,
    code: undefined,
    label,
    price: "3 credits",
    former: undefined,
    seconds: 0,
    isLooking: false,
    rounds: 0,
  };
  return toldOf(state, speech);
}

test("a reason not to sell is said once", () => {
  expect(told(locked, "Choose a year first.")).toMatchObject({
    title: "Choose a year first.",
    details: "",
  });
});

test("an ended connection is a detail that a page with a balance need not repeat, and the title where there is no button", () => {
  const state = { status: "reconnect", price: 3, reconnect: act, failed: false } as const;
  const words = "ARES connection ended.";
  expect(told(state)).toMatchObject({ title: "", details: words, isBalance: true });
  const stuck = told({ ...state, reconnect: undefined });
  expect(stuck).toMatchObject({ title: words, details: "", isBalance: false });
});

test("a gate without enough credits shows which feature it is for, and its title is in the popover", () => {
  const state: AresGateState = {
    status: "insufficient",
    price: 3,
    balance: 1,
    missing: 2,
    topUpUrl: "/shop",
    topUp: act,
    check: act,
  };
  const title = "Not enough credits.";
  expect(told(state, "", {}, "PDF export")).toMatchObject({ title, inSight: "PDF export" });
  expect(told(state)).toMatchObject({
    title,
    inSight: undefined,
  });
});

test("a balance alone is a detail that a page with a balance need not repeat", () => {
  expect(told(locked)).toMatchObject({
    title: "",
    details: "You have 698 credits.",
    isBalance: true,
  });
});
