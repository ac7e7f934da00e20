import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AresGate,
  type AresGateSlots,
  ConnectAres,
  InsufficientCredits,
  LowBalance,
} from "../../src/react";
import { createAresSimulator } from "../../src/testing";
import { openPage } from "./page";
import { listenIn } from "./transcript";

let ear: ReturnType<typeof listenIn>;
beforeEach(() => {
  localStorage.clear();
  ear = listenIn();
});
afterEach(() => ear.stop());

const four = [1, 2, 3, 4].map((n) => (
  <AresGate key={n} usage="report" resource={`r-${n}`} label={`Report ${n}`}>
    <p>paid {n}</p>
  </AresGate>
));
const gate = (n: number) => within(screen.getByRole("group", { name: `Report ${n}` }));

test("a page of four gates says nothing while it loads, and its balances are text", async () => {
  openPage(four, { simulator: createAresSimulator({ users: { ada: 700 } }) });
  await waitFor(() => expect(screen.getAllByText("You have 700 credits.")).toHaveLength(4));
  expect(ear.said).toEqual([]);
});

test("after one press only the pressed gate speaks", async () => {
  const page = openPage(four, { simulator: createAresSimulator({ users: { ada: 700 } }) });
  await page.user.click(await screen.findByRole("button", { name: "Unlock Report 2 · 3 credits" }));
  await screen.findByText("paid 2");
  await waitFor(() => expect(screen.getAllByText("You have 697 credits.")).toHaveLength(3));
  const words = ["Confirming with ARES…", "Unlocked. 3 credits spent.", "697 credits left."];
  expect(ear.said).toEqual(words.map((text) => `status: ${text}`));
});

test("a gate that nobody pressed says that it is unlocked, and not what the charge cost", async () => {
  const page = openPage(four[0], { simulator: createAresSimulator({ users: { ada: 700 } }) });
  page.wire.losePost("after");
  await page.user.click(await screen.findByRole("button", { name: "Unlock Report 1 · 3 credits" }));
  await screen.findByText(/Payment not confirmed/);
  ear.said.length = 0;

  page.reload();
  await screen.findByText("paid 1");

  await screen.findByText("Unlocked.");
  expect(screen.queryByText(/spent|left/)).toBeNull();
  expect(ear.said).toEqual([]);
});

test("four gates without credits interrupt nobody; the gate that looks again says what the look found", async () => {
  const page = openPage(four, { simulator: createAresSimulator({ users: { ada: 0 } }) });
  await waitFor(() => expect(screen.getAllByText(/Not enough credits/)).toHaveLength(4));
  expect(ear.said).toEqual([]);

  await page.user.click(gate(3).getByRole("button", { name: "I've topped up" }));
  const found = "Not enough credits. This costs 3 credits. You have 0 credits. Checked just now.";
  await waitFor(() => expect(ear.said).toEqual([`alert: ${found}`]));
});

test.each(["connect", "reconnect"])(
  "a gate says nothing at a press of %s, and each failure once",
  async (action) => {
    const tries: ((error: Error) => void)[] = [];
    const attempt = () => new Promise<void>((_, fail) => void tries.push(fail));
    const simulator = createAresSimulator({ users: { ada: 700 } });
    simulator.tokenOf("ada");
    simulator.expireToken("ada", { refreshable: false });
    const connection = action === "connect" ? "not_connected" : "connected";
    const provider = {
      session: "signed_in",
      connection,
      [action]: attempt,
      onConnectError: () => {},
    } as const;
    const page = openPage(four[0], { simulator, provider });
    for (const failures of [1, 2]) {
      await page.user.click(
        await screen.findByRole("button", { name: /onnect (ARES )?for Report 1( · 3 credits)?$/ }),
      );
      expect(ear.said).toHaveLength(failures - 1);
      await act(async () => tries.at(-1)?.(new Error("refused")));
      expect(ear.said).toHaveLength(failures);
      expect(ear.said.at(-1)).toMatch(/^alert: Connecting did not work\. You were not charged\. /);
    }
  },
);

test("a failure that stood before the press is not said at the press, in a gate and in ConnectAres", async () => {
  const provider = {
    session: "signed_in",
    connection: "not_connected",
    connectFailed: true,
    connect: () => {},
  } as const;
  const page = openPage([...four.slice(0, 1), <ConnectAres key="connect" />], { provider });
  const buttons = await screen.findAllByRole("button", { name: /^Connect ARES/ });
  expect(buttons).toHaveLength(2);
  for (const button of buttons) await page.user.click(button);
  expect(screen.getAllByText(/^Connecting did not work/)).toHaveLength(2);
  expect(ear.said).toEqual([]);
});

test("a failure that stood before the press is said when the press leads to it again, in a gate and in ConnectAres", async () => {
  const tries: ((error: Error) => void)[] = [];
  const connect = () => new Promise<void>((_, fail) => void tries.push(fail));
  const provider = {
    session: "signed_in",
    connection: "not_connected",
    connect,
    onConnectError: () => {},
  } as const;
  openPage([...four.slice(0, 2), <ConnectAres key="connect" />], { provider });
  const buttons = await screen.findAllByRole("button", { name: /^Connect ARES/ });
  expect(buttons).toHaveLength(3);
  for (const button of buttons) {
    ear.said.length = 0;
    fireEvent.click(button);
    await waitFor(() => expect(screen.queryByText(/^Connecting did not work/)).toBeNull());
    await act(async () => tries.at(-1)?.(new Error("refused")));
    expect(
      ear.said.filter((words) => words.startsWith("alert: Connecting did not work")),
    ).not.toEqual([]);
    const regions = [...document.querySelectorAll("[role=alert]")].filter(
      ({ textContent }) => textContent,
    );
    expect(regions).toHaveLength(buttons.indexOf(button) + 1);
  }
});

test("an unknown charge that stood before a look is said when a later press leads to another one", async () => {
  const page = openPage(four[0], { simulator: createAresSimulator({ users: { ada: 700 } }) });
  const lose = async (name: string) => {
    page.simulator.fail("500-before", { on: "usage" });
    await page.user.click(await screen.findByRole("button", { name }));
    await screen.findByText(/Payment not confirmed/);
  };
  await lose("Unlock Report 1 · 3 credits");
  page.show(<p />);
  page.show(four[0]);
  const first = (await screen.findByText(/Payment not confirmed/)).textContent;
  expect(screen.getByRole("alert").textContent).toBe("");
  const [row] = await page.charges.list({ status: "unknown" });
  await page.charges.resolve(row?.id ?? "", "not_charged", "not in ARES's books");
  await page.user.click(screen.getByRole("button", { name: "Check now" }));

  await lose("Try again · 3 credits");

  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(first));
});

test("the cost is said beside an app's own slot for unlocked too, and what is left once it is read", async () => {
  const page = openPage(
    <AresGate usage="report" label="Report" slots={{ unlocked: () => <p>Mine</p> }} />,
  );
  await page.user.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
  await screen.findByText("Mine");
  await waitFor(() => expect(ear.said.at(-1)).toBe("status: 695 credits left."));
});

test("the stylesheet may hide a balance, and no other words", async () => {
  const simulator = createAresSimulator({ users: { ada: 3 } });
  const page = openPage(four.slice(0, 1), { simulator });
  const unlock = await screen.findByRole("button", { name: "Unlock Report 1 · 3 credits" });
  const hidden = () =>
    [...document.querySelectorAll("[data-balance]")].map((each) => [
      each.textContent,
      each.getAttribute("data-balance"),
    ]);
  expect(hidden()).toEqual([["You have 3 credits.", "all"]]);

  simulator.setBalance("ada", 1);
  await page.user.click(unlock);
  await gate(1).findByText(/Not enough credits/);
  await waitFor(() => expect(hidden()).toEqual([["You have 1 credit.", "more"]]));
  simulator.topUp("ada", 100);
  await page.user.click(screen.getByRole("button", { name: "I've topped up" }));

  await screen.findByRole("button", { name: "Unlock Report 1 · 3 credits" });
  expect(hidden()).toEqual([["You have 101 credits.", "all"]]);
});

test("what ARES's documented answer leaves out is said once it is read, and nothing twice, also after a look at a lost answer", async () => {
  const page = openPage(four.slice(0, 1), {
    simulator: createAresSimulator({ users: { ada: 700 } }),
  });
  const button = await screen.findByRole("button", { name: "Unlock Report 1 · 3 credits" });
  page.wire.losePost("after");
  await page.user.click(button);
  await screen.findByText(/Payment not confirmed/);
  await page.user.click(screen.getByRole("button", { name: "Check now" }));

  await screen.findByText("paid 1");
  await gate(1).findByText("697 credits left.");
  const unlocked = ear.said.slice(ear.said.findIndex((words) => words.includes("Unlocked")));
  expect(unlocked.join(" ")).toBe("status: Unlocked. 3 credits spent. status: 697 credits left.");
});

describe("InsufficientCredits in the slot of four gates", () => {
  const slots: AresGateSlots = {
    insufficient: ({ missing, used, topUp, check }) => (
      <InsufficientCredits missing={missing} used={used} onTopUp={topUp} onCheck={check} />
    ),
  };
  const cards = [1, 2, 3, 4].map((n) => (
    <AresGate key={n} usage="report" resource={`r-${n}`} label={`Report ${n}`} slots={slots} />
  ));

  test("is text on load, and the card whose user looks again says what the look found", async () => {
    const page = openPage(cards, { simulator: createAresSimulator({ users: { ada: 0 } }) });
    await waitFor(() => expect(screen.getAllByText(/Not enough credits/)).toHaveLength(4));
    expect(ear.said).toEqual([]);

    await page.user.click(gate(3).getByRole("button", { name: "I've topped up" }));
    await waitFor(() => expect(ear.said).toHaveLength(1));
    expect(ear.said[0]).toMatch(
      /^alert: Not enough credits\. You are 3 credits short\. +Checked just now\.$/,
    );
  });

  test("interrupts when a press led to it", async () => {
    const simulator = createAresSimulator({ users: { ada: 3 } });
    const page = openPage(cards, { simulator });
    const unlock = await screen.findByRole("button", { name: "Unlock Report 2 · 3 credits" });
    simulator.setBalance("ada", 1);
    await page.user.click(unlock);
    await waitFor(() =>
      expect(ear.said.at(-1)).toMatch(/^alert: Not enough credits\. You are 2 credits short\./),
    );
  });
});

test("LowBalance is text on load, speaks when the balance sinks below the limit, and leaves the figures of a charge to the gate", async () => {
  const page = openPage(
    <>
      <LowBalance below={10} />
      {four}
    </>,
    { simulator: createAresSimulator({ users: { ada: 14 } }) },
  );
  const press = async (n: number) => {
    await page.user.click(
      await screen.findByRole("button", { name: `Unlock Report ${n} · 3 credits` }),
    );
    await gate(n).findByText(`${14 - 3 * n} credits left.`);
  };
  await press(1);
  expect(ear.said.filter((words) => words.includes("low"))).toEqual([]);
  await press(2);
  await screen.findByText("You have 8 credits left.");
  await press(3);
  await screen.findByText("You have 5 credits left.");
  expect(ear.said.filter((words) => words.includes("low"))).toEqual([
    "status: Your balance is low.",
  ]);
  expect(ear.said.filter((words) => words.includes("You have"))).toEqual([]);

  page.unmount();
  ear.said.length = 0;
  openPage(<LowBalance below={10} />, { simulator: createAresSimulator({ users: { ada: 5 } }) });
  await screen.findByText("You have 5 credits left.");
  expect(ear.said).toEqual([]);
});
