import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresGate } from "../../src/react";
import { openPage, pass } from "./page";

const keyed = (
  <AresGate usage="export-pdf" label="Export">
    <p>The work</p>
  </AresGate>
);
const named = (
  <AresGate usage="export-pdf" resource="page-1" label="Export">
    <p>The work</p>
  </AresGate>
);
const state = () => screen.getByRole("group", { name: "Export" }).dataset.status;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A page whose charge stays unconfirmed until its gate has stopped asking. */
async function unconfirmed(gate: typeof keyed, fault: "drop-after-charge" | "500-before") {
  const page = openPage(gate);
  page.simulator.fail(fault, { on: "usage" });
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
  await waitFor(() => expect(state()).toBe("unknown"));
  await pass(90_000);
  expect(state()).toBe("unknown");
  const [row] = await page.charges.list({ status: "unknown" });
  return { ...page, chargeId: row?.id ?? "" };
}

async function checkAgain() {
  fireEvent.click(screen.getByRole("button", { name: "Check now" }));
  await pass(5_000);
}

describe.each([
  ["a gate", keyed],
  ["the gate of a resource", named],
])("after an operator looked into an unconfirmed charge, %s", (_, gate) => {
  test("opens at 'Check now' when it was charged, and nothing is sent", async () => {
    const page = await unconfirmed(gate, "drop-after-charge");
    expect(await page.charges.resolve(page.chargeId, "charged", "in ARES's books")).toBe(true);

    await checkAgain();

    expect(screen.getByText("The work")).toBeTruthy();
    expect([page.wire.posts().length, page.simulator.charges.length]).toEqual([1, 1]);
  });

  test("says at 'Check now' that it was not charged, and a press may buy it again", async () => {
    const page = await unconfirmed(gate, "500-before");
    expect(await page.charges.resolve(page.chargeId, "not_charged", "not in ARES's books")).toBe(
      true,
    );

    await checkAgain();
    expect(screen.queryByText("The work")).toBeNull();
    expect([state(), page.wire.posts().length]).toEqual(["not_charged", 1]);
    expect(screen.getByRole("alert").textContent).toContain("You were not charged.");
    fireEvent.click(screen.getByRole("button", { name: "Try again · 1 credit" }));

    expect(await screen.findByText("The work")).toBeTruthy();
    expect(page.simulator.charges).toHaveLength(1);
    expect(new Set(page.wire.posts().map(({ key }) => key)).size).toBe(2);
  });

  test("says within the first minute that it was not charged: the row of its own key is the answer", async () => {
    const page = openPage(gate);
    page.simulator.fail("500-before", { on: "usage" });
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
    await waitFor(() => expect(state()).toBe("unknown"));
    const [row] = await page.charges.list({ status: "unknown" });
    expect(await page.charges.resolve(row?.id ?? "", "not_charged", "not in ARES's books")).toBe(
      true,
    );

    await pass(5_000);

    expect([state(), page.wire.posts().length]).toEqual(["not_charged", 1]);
  });

  test("stays shut at 'Check now' while nobody has said anything", async () => {
    const page = await unconfirmed(gate, "500-before");

    await checkAgain();

    expect(state()).toBe("unknown");
    expect(page.wire.posts()).toHaveLength(1);
  });
});
