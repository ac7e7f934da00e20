import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chargesOf, createAresClient } from "../../src/client";
import { AresGate, CreditBalance } from "../../src/react";
import { createTestServer } from "../../src/testing";
import { openPage, pass, words } from "./page";

/** Until a sent key had time to arrive, another page that finds it only looks. */
const ARRIVED_MS = 40_000;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

const gate = (
  <AresGate usage="export-pdf" label="Export">
    <p>The export</p>
  </AresGate>
);
const status = () => screen.getByRole("group", { name: "Export" }).dataset.status;
const keysOf = (posts: { key: string | null }[]) => posts.map(({ key }) => key);

function openPausedPage(...page: Parameters<typeof openPage>) {
  const switched = { paused: true };
  const [ui, options] = page;
  return { switched, ...openPage(ui, { ...options, server: { paused: () => switched.paused } }) };
}

test("a press during a pause charges nothing and says so, and the next press after the pause charges once, with the same key", async () => {
  const { switched, wire, simulator } = openPausedPage(gate);
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
  await waitFor(() => expect(status()).toBe("not_charged"));
  expect(words()).toContain("Payments are paused. You were not charged.");
  expect(simulator.charges).toEqual([]);

  // A second press during the pause is no other intent.
  fireEvent.click(screen.getByRole("button", { name: /^Try again/ }));
  await waitFor(() => expect(wire.posts()).toHaveLength(2));
  await waitFor(() => expect(status()).toBe("not_charged"));
  switched.paused = false;
  fireEvent.click(screen.getByRole("button", { name: /^Try again/ }));

  await screen.findByText("The export");
  expect(wire.posts()).toHaveLength(3);
  expect(new Set(keysOf(wire.posts())).size).toBe(1);
  expect(simulator.charges).toHaveLength(1);
});

test("after a reload the press still has the key of the pause, and charges once", async () => {
  const { switched, wire, simulator, reload } = openPausedPage(gate);
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
  await waitFor(() => expect(status()).toBe("not_charged"));
  switched.paused = false;

  await pass(ARRIVED_MS);
  reload();
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
  // The key was sent from another page, so the press looks first.
  await waitFor(() => expect(status()).toBe("not_charged"));
  fireEvent.click(screen.getByRole("button", { name: /^Try again/ }));

  await screen.findByText("The export");
  expect(new Set(keysOf(wire.posts())).size).toBe(1);
  expect(simulator.charges).toHaveLength(1);
});

test("a gate that charges on mount asks once during a pause, and does not ask again by itself", async () => {
  const { wire, simulator, show } = openPausedPage(<CreditBalance />);
  await screen.findByText(/698/);
  show(
    <AresGate usage="report" resource="r-1" label="Export" trigger="mount">
      <p>The report</p>
    </AresGate>,
  );
  await waitFor(() => expect(status()).toBe("not_charged"));
  expect(words()).toContain("Payments are paused.");
  expect([wire.posts().length, simulator.charges.length]).toEqual([1, 0]);
});

test("a paid resource opens during a pause", async () => {
  const { wire } = openPausedPage(
    <AresGate usage="report" resource="r-1" label="Report">
      <p>The report</p>
    </AresGate>,
    { charges: [{ usage: "report", resource: "r-1" }] },
  );
  await screen.findByText("The report");
  expect(wire.posts()).toEqual([]);
});

test.each([["export-pdf", undefined, 1] as const, ["report", "r-1", 3] as const])(
  "two tabs that are refused %s in one pause charge once after it",
  async (usage, resource, credits) => {
    const switched = { paused: true };
    const { fetch, simulator } = createTestServer({ server: { paused: () => switched.paused } });
    const openTab = () => {
      const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch });
      client.connect();
      const tab = chargesOf(client).open({ usage, resource });
      tab.subscribe(() => {});
      return tab;
    };
    const tabs = [openTab(), openTab()] as const;

    for (const tab of tabs) void tab.charge(credits);
    await pass(ARRIVED_MS);
    for (const tab of tabs) expect(tab.get().status).toBe("not_charged");
    expect(simulator.charges).toEqual([]);
    switched.paused = false;
    for (const tab of tabs) void tab.charge(credits);
    await pass(ARRIVED_MS);

    expect(simulator.charges).toHaveLength(1);
    for (const tab of tabs) expect(tab.get().status).toBe("charged");
  },
);
