import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { createRef } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { aresError } from "../../src/client";
import {
  AresErrorNotice,
  AresGate,
  ChargeHistory,
  ChargeReceipt,
  ConnectAres,
  CreditBalance,
  englishMessages,
  formatCredits,
  InsufficientCredits,
  LowBalance,
  UnlockButton,
  useAresCharges,
  useAresGate,
} from "../../src/react";
import { createAresSimulator } from "../../src/testing";
import { openPage } from "../flows/page";

beforeEach(() => localStorage.clear());

describe("formatCredits", () => {
  test.each([
    [698, "floor", "698 credits"],
    [1, "floor", "1 credit"],
    [0, "floor", "0 credits"],
    [0.29, "floor", "0.29 credits"],
    [0.299, "floor", "0.29 credits"],
    [0.004, "floor", "less than 0.01 credits"],
    [0.291, "ceil", "0.3 credits"],
    [1.001, "ceil", "1.01 credits"],
    [1234.5, "floor", "1,234.5 credits"],
  ] as const)("%d, %s: %s", (credits, round, text) => {
    expect(formatCredits(credits, { messages: englishMessages, locale: "en", round })).toBe(text);
  });
});

describe("CreditBalance", () => {
  test("follows a charge, says when it can't be read, and offers to read again", async () => {
    const ref = createRef<HTMLSpanElement>();
    const page = openPage(
      <>
        <CreditBalance ref={ref} className="mine" />
        <AresGate usage="export-pdf" label="Export" />
      </>,
    );
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
    await screen.findByRole("group", { name: "ARES balance: 697 credits" });
    expect(ref.current?.className).toBe("mine");

    page.unmount();
    const broken = openPage(<CreditBalance />, { provider: { fetch: async () => new Response("<html>", { status: 200 }) } });
    const again = await screen.findByRole("button", { name: "Refresh balance" });
    expect(broken.container.textContent).toContain("Balance unavailable");
    fireEvent.click(again);
  });
});

test("UnlockButton charges once and keeps the focus while it is on its way", async () => {
  function Own() {
    const gate = useAresGate({ usage: "export-pdf" });
    if (gate.status === "unlocked") return <ChargeReceipt receipt={gate.receipt} />;
    return <UnlockButton gate={gate} label="export" />;
  }
  const page = openPage(<Own />);
  const free = page.wire.holdPost();
  const button = await screen.findByRole("button", { name: "Unlock export · 1 credit" });
  button.focus();
  fireEvent.click(button);
  fireEvent.click(button);
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("true"));
  expect(document.activeElement).toBe(button);
  free();
  const receipt = await screen.findByRole("article", { name: "Receipt" });
  expect(within(receipt).getByText("1 credit")).toBeDefined();
  expect(page.simulator.charges).toHaveLength(1);
});

describe("ChargeHistory", () => {
  function Book() {
    const { charges, error } = useAresCharges();
    return <ChargeHistory charges={charges} error={error} />;
  }
  const rows = () => screen.queryAllByRole("listitem").map(({ textContent }) => textContent ?? "");

  test("shows the user's own charges and follows each new one", async () => {
    const page = openPage(
      <>
        <Book />
        <AresGate usage="report" resource="r-1" label="Report" />
      </>,
    );
    await screen.findByText("Nothing was charged yet.");
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]).toMatch(/report.*Paid|Paid.*report/);
    expect(rows()[0]).toContain("3 credits");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("says so where the endpoint keeps no record, as the guide's own route does", async () => {
    openPage(<Book />, { guide: true });
    await screen.findByText("Your charges could not be read.");
  });

  test("asks for nobody's charges while nobody is signed in", async () => {
    const page = openPage(<Book />, { provider: { session: "signed_out" } });
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(page.wire.log).toHaveLength(0);
  });
});

describe("LowBalance", () => {
  test("speaks up below its limit, from a live region that was there before", async () => {
    const page = openPage(<LowBalance below={10} />, { simulator: createAresSimulator({ users: { ada: 12 } }) });
    const live = screen.getByRole("status");
    await waitFor(() => expect(page.wire.reads()).toHaveLength(1));
    expect(live.textContent).toBe("");
    expect(screen.queryByRole("link")).toBeNull();

    page.show(<LowBalance below={20} />);
    await waitFor(() => expect(screen.getByRole("status")).toBe(live));
    await waitFor(() => expect(live.textContent).toBe("You have 12 credits left."));
    expect(screen.getByRole("link", { name: "Get credits (opens in a new tab)" }).getAttribute("target")).toBe("_blank");
  });

  test("does not take an unread balance for an empty one", async () => {
    openPage(<LowBalance below={10} />, { provider: { fetch: async () => new Response("<html>", { status: 200 }) } });
    await act(() => new Promise((resolve) => setTimeout(resolve, 100)));
    expect(screen.getByRole("status").textContent).toBe("");
  });
});

test("InsufficientCredits shows what is missing and leads out in a new tab", async () => {
  const onCheckAgain = vi.fn();
  openPage(<InsufficientCredits missing={0.5} onCheckAgain={onCheckAgain} />);
  const group = screen.getByRole("group", { name: "Not enough credits." });
  expect(within(group).getByRole("alert").textContent).toContain("You are 0.5 credits short.");
  expect(within(group).getByRole("link").getAttribute("href")).toBe("https://joinares.com/pricing");
  fireEvent.click(within(group).getByRole("button", { name: "Check again" }));
  expect(onCheckAgain).toHaveBeenCalledOnce();
});

test.each([
  ["signed_out", "Sign in with ARES"],
  ["not_connected", "Connect ARES"],
  ["reconnect", "Reconnect ARES"],
] as const)("ConnectAres offers the next step to a user who is %s", async (account, name) => {
  const step = vi.fn();
  openPage(<ConnectAres />, { account, provider: { signIn: step, connect: step, reconnect: step } });
  fireEvent.click(await screen.findByRole("button", { name }));
  expect(step).toHaveBeenCalledOnce();
});

describe("AresErrorNotice", () => {
  test.each(["internal", "unexpected_response", "charge_in_progress"] as const)('never calls %s "not charged"', (code) => {
    openPage(<AresErrorNotice error={aresError(code)} onRetry={() => {}} />);

    expect(screen.getByRole("alert").textContent).toContain("could not confirm");
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("offers to try again, but never for an unknown outcome", () => {
    const onRetry = vi.fn();
    const onCheck = vi.fn();
    const page = openPage(<AresErrorNotice error={aresError("rate_limited")} onRetry={onRetry} onCheck={onCheck} />);
    expect(screen.getByRole("alert").textContent).toContain("You were not charged");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));

    page.show(<AresErrorNotice error={aresError("outcome_unknown")} onRetry={onRetry} onCheck={onCheck} />);
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Check again" }));
    expect([onRetry, onCheck].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });
});

test("a slot replaces one state's markup, and native props reach the root", async () => {
  openPage(
    <AresGate
      usage="report"
      resource="r"
      id="gate"
      className="mine"
      slots={{
        locked: (state) => (
          <button type="button" onClick={state.unlock}>
            {`Pay ${state.price}`}
          </button>
        ),
      }}
    >
      paid
    </AresGate>,
  );
  fireEvent.click(await screen.findByRole("button", { name: "Pay 3" }));
  await screen.findByText("paid");
  expect(document.querySelector("#gate")?.className).toBe("mine");
});

test("texts can be replaced, and numbers follow the locale", async () => {
  openPage(<AresGate usage="report" label="Bericht" />, {
    provider: { locale: "de", messages: { unlock: "{label} freischalten", other: "{n} Credits" } },
    prices: { report: 1234.5 },
    simulator: createAresSimulator({ users: { ada: 9000 } }),
  });
  await screen.findByRole("button", { name: "Bericht freischalten · 1.234,5 Credits" });
});

test("no state of the gate breaks a rule of axe-core", async () => {
  for (const account of ["signed_out", "not_connected", "reconnect", "connected"] as const) {
    const page = openPage(<AresGate usage="image" label="Image" confirm="always" />, {
      account,
      provider: { signIn() {}, connect() {}, reconnect() {} },
    });
    const button = await screen.findByRole("button");
    if (account === "connected") fireEvent.click(button);
    const { violations } = await axe.run(page.container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
    page.unmount();
  }
});

test("the root's ref is the root", () => {
  const ref = createRef<HTMLDivElement>();
  openPage(<AresGate ref={ref} usage="report" />);
  expect(ref.current?.getAttribute("role")).toBe("group");
});
