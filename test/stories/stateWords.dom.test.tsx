import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { AresError } from "../../src/contract";
import { type AresGateState, AresGateStatus, AresProvider, englishComponentMessages, englishMessages } from "../../src/react";
import { stateWords } from "../../stories/guidance/stateWords";

type Members = { [M in AresGateState as M["status"]]: M };

const act = () => {};
const error = new AresError("ares_unreachable", "There was no answer.");
const amounts = { price: 3, balance: 698 };
const receipt = { usage: "report", credits: 3, balance: 695, id: "c_1", key: "k", at: 0, restored: false };
const evidence = { before: 698, after: 695, credits: 3, sentAt: 0, looks: 1, stored: true };

/** A gate that was pressed, in each of its states. */
const pressed: Members = {
  loading: { status: "loading", used: true },
  signed_out: { status: "signed_out", signIn: act, used: true },
  not_connected: { status: "not_connected", connect: act, failed: false, used: true },
  reconnect: { status: "reconnect", reconnect: act, failed: false, used: true },
  locked: { status: "locked", ...amounts, unlock: act, used: true },
  confirming: { status: "confirming", ...amounts, after: 695, confirm: act, cancel: act, used: true },
  charging: { status: "charging", price: 3, used: true },
  unlocked: { status: "unlocked", receipt, keep: act, reset: act, used: true },
  insufficient: {
    status: "insufficient",
    price: 3,
    balance: 1,
    missing: 2,
    topUpUrl: "https://shop.example",
    topUp: act,
    check: act,
    used: true,
  },
  price_changed: { status: "price_changed", ...amounts, former: 2, unlock: act, used: true },
  not_charged: { status: "not_charged", error, price: 3, retry: act, retryAt: undefined, used: true },
  unknown: { status: "unknown", error, checking: false, evidence, check: act, reset: act, used: true },
  unavailable: { status: "unavailable", error, used: true },
  entitled: { status: "entitled", used: true },
};

/** What a gate says, and how: in a live region, as plain text, or not at all. */
function heard(state: AresGateState): { words: string; spoken: string } {
  render(
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={() => new Promise(() => {})}>
      <AresGateStatus gate={state} label="Report" />
    </AresProvider>,
  );
  const [said] = ["alert", "status"].flatMap((role) => screen.queryAllByRole(role).filter(({ textContent }) => textContent?.trim()));
  const text = document.querySelector("p:not([role])");
  const words = (said ?? text)?.textContent?.replaceAll(/\s+/g, " ").trim() ?? "";
  if (said) return { words, spoken: said.getAttribute("role") === "alert" ? "at once" : "politely" };
  return { words, spoken: words ? "as text" : "not at all" };
}

const texts: Readonly<Record<string, string>> = { ...englishMessages, ...englishComponentMessages };

test.each(Object.values(pressed).map((state) => ({ state, status: state.status })))(
  "Storybook's page says how a pressed gate speaks when it is $status, and the words",
  ({ state, status }) => {
    const row: { words: readonly string[]; spoken: string } = stateWords.gate[status];
    const { words, spoken } = heard(state);

    // The question itself lies over the gate, which keeps its words.
    expect(spoken).toBe(row.spoken === "as a question" ? "as text" : row.spoken);
    if (row.spoken === "as a question") return;
    const [first = ""] = row.words;
    const opening = (texts[first] ?? "").split("{")[0]?.trim() ?? "";
    expect(words).toContain(opening);
    expect(words === "").toBe(row.words.length === 0);
  },
);
