import { act, render, screen, waitFor } from "@testing-library/react";
import { AresTestProvider, type SimulatedAccount } from "ares-react/testing";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { AresError, isErrorCode } from "../../src/contract";
import {
  AresErrorNotice,
  type AresGateState,
  AresGateStatus,
  AresProvider,
  ChargeHistory,
  CreditBalance,
  englishComponentMessages,
  englishMessages,
  UnknownCharge,
} from "../../src/react";
import { stateWords } from "../../stories/guidance/stateWords";

type Members = { [M in AresGateState as M["status"]]: M };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const press = () => {};
const error = new AresError("ares_unreachable", "There was no answer.");
const amounts = { price: 3, balance: 698 };
const receipt = {
  usage: "report",
  credits: 3,
  balance: 695,
  id: "c_1",
  key: "k",
  at: 0,
  restored: false,
};
const evidence = { before: 698, after: 695, credits: 3, sentAt: 0, looks: 1, stored: true };

/** A gate that was pressed, in each of its states. */
const pressed: Members = {
  loading: { status: "loading", used: true },
  signed_out: { status: "signed_out", price: 3, signIn: press, used: true },
  not_connected: { status: "not_connected", price: 3, connect: press, failed: false, used: true },
  reconnect: { status: "reconnect", price: 3, reconnect: press, failed: false, used: true },
  locked: { status: "locked", ...amounts, unlock: press, used: true },
  confirming: {
    status: "confirming",
    ...amounts,
    after: 695,
    confirm: press,
    cancel: press,
    used: true,
  },
  charging: { status: "charging", price: 3, used: true },
  unlocked: { status: "unlocked", receipt, keep: press, reset: press, used: true },
  insufficient: {
    status: "insufficient",
    price: 3,
    balance: 1,
    missing: 2,
    topUpUrl: "https://shop.example",
    topUp: press,
    check: press,
    used: true,
  },
  price_changed: { status: "price_changed", ...amounts, former: 2, unlock: press, used: true },
  not_charged: {
    status: "not_charged",
    error,
    price: 3,
    retry: press,
    retryAt: undefined,
    used: true,
  },
  unknown: {
    status: "unknown",
    error,
    checking: false,
    evidence,
    check: press,
    reset: press,
    used: true,
  },
  unavailable: { status: "unavailable", error, check: press, used: true },
  entitled: { status: "entitled", used: true },
};

/** A gate that was pressed, in each situation between the states. */
const between: Record<keyof typeof stateWords.between, AresGateState> = {
  "loading, after 8 s": pressed.loading,
  "charging, after 8 s": pressed.charging,
  "paid before, or in another tab": {
    ...pressed.unlocked,
    receipt: { ...receipt, restored: true },
  },
  "the paid thing is used up": { ...pressed.locked, usedUp: true },
  "whether it is paid could not be read": { ...pressed.loading, unread: error, check: press },
  "unknown, and the browser stores nothing": {
    ...pressed.unknown,
    evidence: { ...evidence, stored: false },
  },
  "ARES refused, and the balance was enough": {
    ...pressed.insufficient,
    balance: 698,
    missing: undefined,
  },
  "ARES refused, and the balance was not read": {
    ...pressed.insufficient,
    balance: undefined,
    missing: undefined,
  },
  "connecting failed": { ...pressed.not_connected, failed: true },
  "another user is signed in": {
    ...pressed.not_charged,
    error: new AresError("other_user", "Another user."),
  },
  offline: pressed.locked,
  "the server asked for a pause": { ...pressed.not_charged, retryAt: Date.now() + 60_000 },
};

/** What a gate says, and how: in a live region, as plain text, or not at all. */
async function heard(state: AresGateState, ms = 0): Promise<{ words: string; spoken: string }> {
  vi.useFakeTimers();
  render(
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={() => new Promise(() => {})}>
      <AresGateStatus gate={state} label="Report" />
    </AresProvider>,
  );
  await act(() => vi.advanceTimersByTimeAsync(ms));
  const [said] = ["alert", "status"].flatMap((role) =>
    screen.queryAllByRole(role).filter(({ textContent }) => textContent?.trim()),
  );
  const text = document.querySelector("p:not([role])");
  const words = (said ?? text)?.textContent?.replaceAll(/\s+/g, " ").trim() ?? "";
  if (said)
    return { words, spoken: said.getAttribute("role") === "alert" ? "at once" : "politely" };
  return { words, spoken: words ? "as text" : "not at all" };
}

const texts: Readonly<Record<string, string>> = { ...englishMessages, ...englishComponentMessages };

/** The text of a message up to its first amount. */
const opening = (key: string) => (texts[key] ?? "").split("{")[0]?.trim() ?? "";

test.each(Object.values(pressed).map((state) => ({ state, status: state.status })))(
  "Storybook's page says how a pressed gate speaks when it is $status, and the words",
  async ({ state, status }) => {
    const row: { words: readonly string[]; spoken: string } = stateWords.gate[status];
    const { words, spoken } = await heard(state);

    // The question itself lies over the gate, which keeps its words.
    expect(spoken).toBe(row.spoken === "as a question" ? "as text" : row.spoken);
    if (row.spoken === "as a question") return;
    expect(words).toContain(opening(row.words[0] ?? ""));
    expect(words === "").toBe(row.words.length === 0);
  },
);

test.each(Object.entries(between))(
  "Storybook's page says how a pressed gate speaks here, and the words: %s",
  async (situation, state) => {
    const row = Object.entries<{ words: readonly string[]; spoken: string }>(
      stateWords.between,
    ).find(([name]) => name === situation)?.[1];
    if (situation === "offline") vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);

    const { words, spoken } = await heard(state, situation.endsWith("8 s") ? 8_000 : 0);

    expect(spoken).toBe(row?.spoken);
    // This page has not read who is signed in now.
    for (const key of row?.words.filter((name) => name !== "other_user_more") ?? [])
      expect(words).toContain(opening(key));
  },
);

/** A provider of this account, in front of a server of its own. */
const within = (account: SimulatedAccount, ui: ReactNode) =>
  render(
    <AresTestProvider
      account={account}
      signIn={press}
      connect={press}
      reconnect={press}
      topUpUrl="https://shop.example"
    >
      {ui}
    </AresTestProvider>,
  );

test.each(Object.entries<{ words: readonly string[]; out?: readonly string[] }>(stateWords.notice))(
  "Storybook's page says what a notice of %s says, and its ways out",
  async (code, { words, out = [] }) => {
    if (!isErrorCode(code)) throw new Error(`${code} is no code.`);
    within(
      "connected",
      <AresErrorNotice
        error={new AresError(code, code)}
        onRetry={press}
        onCheck={press}
        onReset={press}
      />,
    );
    const said = words.map((key) => texts[key]);
    // In development the code stands beside words that name no cause.
    if (words.includes("unavailable")) said.push(`(${code})`);
    // The button that connects has an alert of its own.
    const [alert] = screen.getAllByRole("alert");

    await waitFor(() =>
      expect(alert?.textContent?.replaceAll(/\s+/g, " ").trim()).toBe(said.join(" ")),
    );
    const ways = [...(alert?.parentElement?.querySelectorAll("button, a") ?? [])];
    expect(ways.map(({ textContent }) => textContent)).toEqual(out.map((key) => texts[key]));
  },
);

test.each([
  ["idempotency_key_expired", ["not_charged", "uncharged"]],
  ["ledger_reset", ["not_charged", "uncharged"]],
  ["network_error", ["network_error", "uncharged"]],
] as const)(
  "a notice of %s offers a retry where the state of the charge proves that nothing was taken",
  async (code, words) => {
    const charge = { status: "not_charged", error: new AresError(code, code), at: 0 } as const;
    within("connected", <AresErrorNotice charge={charge} onRetry={press} />);

    await waitFor(() =>
      expect(screen.getByRole("alert").textContent?.trim()).toBe(
        words.map((key) => texts[key]).join(" "),
      ),
    );
    screen.getByRole("button", { name: texts.retry ?? "" });
  },
);

test.each(["signed_out", "not_connected", "reconnect"] as const)(
  "Storybook's page says what the balance of an account says that is %s",
  async (account) => {
    within(account, <CreditBalance />);
    const [key = ""] = stateWords.balance[account].words;
    await screen.findByText(texts[key] ?? "");
  },
);

test.each(Object.entries(stateWords.history))(
  "Storybook's page says what the history calls a charge that is %s",
  (status, { words }) => {
    const isStatus = (row: string): row is keyof typeof stateWords.history =>
      row in stateWords.history;
    if (!isStatus(status)) throw new Error(`${status} is no state.`);
    const charge = { id: "1", status, usage: "report", credits: 3, createdAt: 0 };
    within("connected", <ChargeHistory charges={[charge]} />);
    const outcome = screen.getByRole("listitem").querySelector('[data-ares-part="outcome"]');
    expect(outcome?.textContent).toBe(texts[words[0] ?? ""]);
  },
);

test("the evidence of a charge says when the page could not keep its key", () => {
  within("connected", <UnknownCharge evidence={{ ...evidence, stored: false }} />);
  expect(screen.getByLabelText(texts.unknown ?? "").textContent).toContain(texts.unstored);
});
