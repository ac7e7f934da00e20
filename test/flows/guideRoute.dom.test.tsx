import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AresGate, useAresUser } from "../../src/react";
import { createAresSimulator, guideRoute } from "../../src/testing";
import { fetchFrom } from "../../src/testing/server/createTestServer";
import { openPage, pass, startOver, words } from "./page";

/** The partner guide's own route file as the endpoint: no prices, no keys, no states. */
const gate = (
  <AresGate usage="export-pdf" label="Export" credits={2}>
    <p>The export</p>
  </AresGate>
);
const unlock = () => screen.findByRole("button", { name: "Unlock Export · 2 credits" });
const state = () => screen.getByRole("group", { name: "Export" }).dataset.status;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

test("opens for one deduction, with the client id and the credits in the body", async () => {
  const page = openPage(gate, { guide: true });
  fireEvent.click(await unlock());
  await screen.findByText("The export");
  expect(page.simulator.charges).toMatchObject([
    { clientId: "guide-app", usage: "export-pdf", credits: 2 },
  ]);
});

test("reads 200 with a message as signed out, never as a user with no credits", async () => {
  const simulator = createAresSimulator();
  function Status() {
    const { status, credits } = useAresUser();
    return <output>{`${status} ${credits}`}</output>;
  }
  openPage(<Status />, {
    provider: { fetch: fetchFrom(guideRoute({ simulator, account: "signed_out" })) },
  });
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("signed_out undefined"));
});

test.each([
  ["not_connected", "not_connected"],
  ["reconnect", "reconnect"],
] as const)("tells that the account is %s", async (account, status) => {
  const simulator = createAresSimulator();
  openPage(gate, { provider: { fetch: fetchFrom(guideRoute({ simulator, account })) } });
  await waitFor(() => expect(state()).toBe(status));
});

test("tells refused credits by the status that the guide repeats", async () => {
  const page = openPage(gate, { guide: true });
  const button = await unlock();
  page.simulator.set({ insufficientStatus: 402 });
  page.simulator.setBalance("user_1", 1);
  fireEvent.click(button);
  await screen.findByText(/Not enough credits/);
  expect(page.simulator.charges).toHaveLength(0);
});

test("shows a lost answer as unknown, with the balance before and after, and never sends a second POST by itself", async () => {
  const page = openPage(gate, { guide: true });
  page.wire.losePost("after");
  fireEvent.click(await unlock());
  await waitFor(() => expect(state()).toBe("unknown"));
  await pass(120_000);

  expect(state()).toBe("unknown");
  expect(words()).toContain("Balance: 698 credits before, 696 credits now.");
  expect(page.wire.posts()).toHaveLength(1);
  expect(page.simulator.charges).toHaveLength(1);

  fireEvent.click(screen.getByRole("button", { name: "Check now" }));
  await pass(5000);
  expect(page.wire.posts()).toHaveLength(1);

  startOver();
  fireEvent.click(await unlock());
  await screen.findByText("The export");
  expect(page.simulator.charges).toHaveLength(2);
});

test("keeps a lost answer unknown over a reload", async () => {
  const page = openPage(gate, { guide: true });
  page.wire.losePost("after");
  fireEvent.click(await unlock());
  await waitFor(() => expect(state()).toBe("unknown"));
  page.reload();
  await waitFor(() => expect(state()).toBe("unknown"));
  await pass(1000);
  expect(words()).toContain("Balance: 698 credits before, 696 credits now.");
  expect(page.wire.posts()).toHaveLength(1);
});

test("takes its bare 500 for unknown: ARES may have charged before it", async () => {
  const page = openPage(gate, { guide: true });
  page.simulator.fail("drop-after-charge", { on: "usage" });
  fireEvent.click(await unlock());
  await waitFor(() => expect(state()).toBe("unknown"));
  expect(page.simulator.charges).toHaveLength(1);
});
