import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aresError } from "../../../src/client";
import {
  AresErrorNotice,
  AresGate,
  AresGateActions,
  type AresGateSlots,
  type AresGateState,
  AresGateStatus,
  ChargeHistory,
  ConnectAres,
  CreditBalance,
  InsufficientCredits,
  LowBalance,
  type RenderButton,
  type RenderLink,
  useAresGate,
} from "../../../src/react";
import { createAresSimulator } from "../../../src/testing";
import { openPage } from "../../flows/page";

const pressed = vi.fn();
const act = (name: string) => () => pressed(name);
const error = aresError("ares_unreachable");
const evidence = { before: 10, after: 7, credits: 3, sentAt: 0, looks: 7, stored: true };
const receipt = {
  usage: "report",
  credits: 3,
  balance: 7,
  id: "c",
  key: undefined,
  at: 0,
  restored: false,
};

type Members = { [M in AresGateState as M["status"]]: M };
const open: Members = {
  loading: { status: "loading", unread: error, check: act("Try again") },
  signed_out: { status: "signed_out", price: 3, signIn: act("Sign in to unlock") },
  not_connected: {
    status: "not_connected",
    price: 3,
    connect: act("Connect ARES to unlock"),
    failed: false,
  },
  reconnect: { status: "reconnect", price: 3, reconnect: act("Reconnect ARES"), failed: false },
  locked: { status: "locked", price: 3, balance: 10, unlock: act("Unlock Report · 3 credits") },
  confirming: {
    status: "confirming",
    price: 3,
    balance: 10,
    after: 7,
    confirm: act("Spend · 3 credits"),
    cancel: act("Cancel"),
  },
  charging: { status: "charging", price: 3 },
  unlocked: { status: "unlocked", receipt, keep() {}, reset() {} },
  insufficient: {
    status: "insufficient",
    price: 3,
    balance: 1,
    missing: 2,
    topUpUrl: "https://shop.example/",
    topUp() {},
    check: act("I've topped up"),
  },
  price_changed: {
    status: "price_changed",
    price: 4,
    balance: 10,
    unlock: act("Unlock Report · 4 credits"),
  },
  not_charged: {
    status: "not_charged",
    error,
    price: 3,
    retry: act("Try again · 3 credits"),
    retryAt: undefined,
  },
  unknown: {
    status: "unknown",
    error,
    checking: false,
    evidence,
    check: act("Check now"),
    reset: act("Start over"),
  },
  unavailable: { status: "unavailable", error, check: act("Try again") },
  entitled: { status: "entitled" },
};

/** What a user may press in each state, by its words. Without a next action nothing is there. */
const offers: Record<AresGateState["status"], string[]> = {
  loading: ["Try again"],
  signed_out: ["Sign in to unlock"],
  not_connected: ["Connect ARES to unlock"],
  reconnect: ["Reconnect ARES"],
  locked: ["Unlock Report · 3 credits"],
  confirming: ["Cancel", "Spend · 3 credits"],
  charging: [],
  unlocked: [],
  insufficient: ["I've topped up"],
  price_changed: ["Unlock Report · 4 credits"],
  not_charged: ["Try again · 3 credits"],
  unknown: ["Check now", "Start over"],
  unavailable: ["Try again"],
  entitled: [],
};

beforeEach(() => {
  localStorage.clear();
  pressed.mockClear();
});
afterEach(() => vi.restoreAllMocks());

describe("AresGateActions", () => {
  test.each(Object.values(open))(
    "has every next action of $status, and each press does it",
    async (gate) => {
      const page = openPage(<AresGateActions gate={gate} label="Report" />);
      const buttons = within(page.container)
        .queryAllByRole("button")
        .filter((button) => button.getAttribute("aria-disabled") === "false");

      for (const button of buttons) fireEvent.click(button);
      const question = within(page.container).queryByRole("alertdialog", {
        name: "Start over? You may pay 3 credits twice. Balance: 10 credits before, 7 credits now.",
      });
      if (question) fireEvent.click(within(question).getByRole("button", { name: "Start over" }));

      expect(pressed.mock.calls.flat()).toEqual(offers[gate.status]);
      expect(page.container.querySelectorAll("a[href='https://shop.example/']")).toHaveLength(
        gate.status === "insufficient" ? 1 : 0,
      );
      const { violations } = await axe.run(page.container, {
        rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
      });
      expect(violations.map(({ id }) => id)).toEqual([]);
    },
  );

  test("leads an own gate from the first press to the feature, and one charge", async () => {
    function Own() {
      const gate = useAresGate({ usage: "report", confirmation: "always" });
      return (
        <>
          <AresGateStatus gate={gate} label="Report" />
          <AresGateActions gate={gate} label="Report" />
          {gate.status === "unlocked" && <p>The report</p>}
        </>
      );
    }
    const page = openPage(<Own />);
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    fireEvent.click(await screen.findByRole("button", { name: "Spend · 3 credits" }));

    await screen.findByText("The report");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("keeps the focus when the pressed button goes, and never gives it to another button", async () => {
    const page = openPage(<AresGateActions gate={open.insufficient} />);
    const button = screen.getByRole("button", { name: /^Check/ });
    button.focus();

    page.show(<AresGateActions gate={open.locked} />);

    expect(button.isConnected).toBe(false);
    expect(document.activeElement).toBe(page.container.querySelector("[data-ares-part=actions]"));
  });
});

describe("a slot that keeps the default element", () => {
  const slots: AresGateSlots = {
    locked: ({ price }, defaults) => (
      <article aria-label="Card">
        <h3>For {price}</h3>
        {defaults}
      </article>
    ),
  };

  test("has the gate's button inside, and the gate speaks in the same live region as before", async () => {
    const page = openPage(
      <AresGate usage="report" label="Report" slots={slots}>
        <p>The report</p>
      </AresGate>,
    );
    const status = screen.getByRole("status");
    const card = within(await screen.findByRole("article", { name: "Card" }));
    await screen.findByText("You have 698 credits.");
    fireEvent.click(card.getByRole("button", { name: "Unlock Report · 3 credits" }));

    await screen.findByText("The report");
    expect(screen.queryByRole("article")).toBeNull();
    expect(screen.getByRole("status")).toBe(status);
    expect(status.textContent).toContain("Unlocked.");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("has the feature inside, and the words above", async () => {
    const page = openPage(
      <AresGate
        usage="report"
        label="Report"
        slots={{ unlocked: (_, defaults) => <article aria-label="Card">{defaults}</article> }}
      >
        <p>The report</p>
      </AresGate>,
    );
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    const card = within(await screen.findByRole("article", { name: "Card" }));
    expect(card.getByRole("region", { name: "Report" }).textContent).toBe("The report");
    await waitFor(() => expect(screen.getByRole("status").textContent).toContain("Unlocked."));
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("is silent without the default element: the app's own words speak", async () => {
    openPage(<AresGate usage="report" label="Report" slots={{ locked: () => <p>Mine</p> }} />);

    await screen.findByText("Mine");
    expect(screen.getByRole("status").textContent).toBe("");
  });

  test("moves the focus to the words when the pressed button goes with the slot", async () => {
    const simulator = createAresSimulator({ users: { ada: 0 } });
    openPage(
      <AresGate
        usage="report"
        label="Report"
        slots={{ insufficient: (_, defaults) => <article aria-label="Card">{defaults}</article> }}
      />,
      { simulator },
    );
    (await screen.findByRole("button", { name: "I've topped up" })).focus();
    simulator.topUp("ada", 10);
    fireEvent.click(screen.getByRole("button", { name: "I've topped up" }));

    await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    expect(document.activeElement?.textContent).toContain("You have 10 credits.");
  });
});

describe("an app's own looks", () => {
  const renderButton: RenderButton = (props) => <button {...props} data-own="button" />;
  const renderLink: RenderLink = ({ children, ...props }) => (
    <a {...props} data-own="link">
      {children}
    </a>
  );
  const charges = [{ status: "charged", id: "c", usage: "report", credits: 3 } as const];

  test.each([
    [
      "AresGate",
      <AresGate
        key="g"
        usage="report"
        classNames={{ topUp: "mine" }}
        renderButton={renderButton}
        renderLink={renderLink}
      />,
      ["link", "button"],
    ],
    [
      "AresGateActions",
      <AresGateActions
        key="a"
        gate={open.insufficient}
        classNames={{ check: "mine" }}
        renderButton={renderButton}
        renderLink={renderLink}
      />,
      ["link", "button"],
    ],
    [
      "InsufficientCredits",
      <InsufficientCredits
        key="i"
        onCheck={pressed}
        classNames={{ alert: "mine" }}
        renderButton={renderButton}
        renderLink={renderLink}
      />,
      ["link", "button"],
    ],
    [
      "AresErrorNotice",
      <AresErrorNotice
        key="e"
        error={aresError("payment_required")}
        onRetry={pressed}
        classNames={{ topUp: "mine" }}
        renderButton={renderButton}
        renderLink={renderLink}
      />,
      ["button", "link"],
    ],
    [
      "LowBalance",
      <LowBalance key="l" below={10} classNames={{ topUp: "mine" }} renderLink={renderLink} />,
      ["link"],
    ],
    [
      "CreditBalance",
      <CreditBalance key="b" refresh classNames={{ amount: "mine" }} renderButton={renderButton} />,
      ["button"],
    ],
    [
      "ChargeHistory",
      <ChargeHistory
        key="h"
        charges={undefined}
        error={error}
        onRetry={pressed}
        classNames={{ retry: "mine" }}
        renderButton={renderButton}
      />,
      ["button"],
    ],
  ])("reach every button and link of %s, and single parts by class name", async (_, ui, drawn) => {
    const { container } = openPage(ui, { simulator: createAresSimulator({ users: { ada: 0 } }) });

    await waitFor(() =>
      expect(
        [...container.querySelectorAll<HTMLElement>("button, a")].map(({ dataset }) => dataset.own),
      ).toEqual(drawn),
    );
    await waitFor(() => expect(container.querySelectorAll(".mine")).toHaveLength(1));
    for (const link of container.querySelectorAll("a"))
      expect([link.target, link.rel]).toEqual(["_blank", "noopener noreferrer"]);
  });

  test("reach the rows of ChargeHistory and the words of ConnectAres", async () => {
    const page = openPage(
      <ChargeHistory charges={charges} classNames={{ charge: "row", amount: "mine" }} />,
    );
    expect(page.container.querySelectorAll(".row > .mine")).toHaveLength(1);

    page.show(<ConnectAres classNames={{ alert: "words" }} />, {
      session: "signed_in",
      connection: "not_connected",
      connect() {},
    });
    await waitFor(() => expect(page.container.querySelectorAll(".words")).toHaveLength(1));
  });
});
