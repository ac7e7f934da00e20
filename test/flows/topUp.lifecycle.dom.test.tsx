import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AresGate,
  AresGateActions,
  AresGateStatus,
  InsufficientCredits,
  useAresGate,
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

function OwnGate() {
  const gate = useAresGate({ usage: "report", resource: "r-1" });
  return (
    <section aria-label="Report 1">
      <AresGateStatus gate={gate} label="Report 1" />
      <AresGateActions gate={gate} label="Report 1" />
    </section>
  );
}
const gateOf = (n: number) => (
  <AresGate key={n} usage="report" resource={`r-${n}`} label={`Report ${n}`}>
    <p>paid {n}</p>
  </AresGate>
);
/** A card of the kit in the gate's slot, which says what is missing. */
const ownSlot = (
  <AresGate
    key="slot"
    usage="report"
    resource="r-1"
    label="Report 1"
    slots={{
      insufficient: ({ missing, topUp, check }) => (
        <InsufficientCredits missing={missing} onTopUp={topUp} onCheck={check} />
      ),
    }}
  />
);
const link = async () =>
  within(await screen.findByLabelText("Report 1")).findByRole("link", { name: /^Get credits/ });
/** The user comes back from a shop in another window, which has hidden no page. */
const comeBack = () => act(() => void window.dispatchEvent(new Event("focus")));

describe.each([
  ["AresGate", gateOf(1)],
  ["own markup", <OwnGate key="own" />],
  ["InsufficientCredits in a slot", ownSlot],
])("back from the shop, %s", (_, gate) => {
  test("shows the new balance, leaves the focus off every button, and Unlock is the next stop", async () => {
    const simulator = createAresSimulator({ users: { ada: 1 } });
    const page = openPage([gate, gateOf(2), gateOf(3)], { simulator });
    (await link()).focus();
    await page.user.keyboard("{Enter}");
    simulator.topUp("ada", 100);
    comeBack();

    await waitFor(() => expect(screen.getAllByText("You have 101 credits.")).toHaveLength(3));
    expect(ear.said).toEqual([]);
    expect(document.activeElement?.textContent?.trim()).toBe("You have 101 credits.");
    await page.user.tab();
    expect(document.activeElement).toBe(
      screen.getByRole("button", { name: "Unlock Report 1 · 3 credits" }),
    );
    expect(page.wire.posts()).toHaveLength(0);
  });
});

test("the trip to the shop is over with the next press: a focus reads nothing more", async () => {
  const simulator = createAresSimulator({ users: { ada: 1 } });
  const page = openPage(gateOf(1), { simulator });
  await page.user.click(await link());
  simulator.topUp("ada", 10);
  comeBack();
  await page.user.click(await screen.findByRole("button", { name: "Unlock Report 1 · 3 credits" }));
  await screen.findByText(/8 credits left/);
  const before = page.wire.reads().length;
  comeBack();
  expect(page.wire.reads()).toHaveLength(before);
});

test("too little that came is told as the new shortfall", async () => {
  const simulator = createAresSimulator({ users: { ada: 1 } });
  const page = openPage(gateOf(1), { simulator });
  await page.user.click(await link());
  simulator.topUp("ada", 1);
  comeBack();
  const shortfall = "alert: Not enough credits. This costs 3 credits. You have 2 credits.";
  await waitFor(() => expect(ear.said).toEqual([shortfall]));
});

test("a page whose user went to no shop reads nothing at a focus", async () => {
  const page = openPage(gateOf(1), { simulator: createAresSimulator({ users: { ada: 1 } }) });
  await link();
  const before = page.wire.reads().length;
  comeBack();
  expect(page.wire.reads()).toHaveLength(before);
});

test("a second purchase in the shop is read at the next focus", async () => {
  const simulator = createAresSimulator({ users: { ada: 1 } });
  const page = openPage(gateOf(1), { simulator });
  await page.user.click(await link());
  simulator.topUp("ada", 1);
  comeBack();
  await screen.findByText(/You have 2 credits/);
  simulator.topUp("ada", 9);
  comeBack();
  await screen.findByText("You have 11 credits.");
});
