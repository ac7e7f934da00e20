import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AresGate, UnknownCharge } from "../../src/react";
import { openPage, pass, startOver, words } from "./page";
import { listenIn } from "./transcript";

const gate = (
  <AresGate usage="export-pdf" label="Export" credits={1}>
    <p>The export</p>
  </AresGate>
);
const unlock = () => screen.findByRole("button", { name: "Unlock Export · 1 credit" });
const check = () => screen.getByRole("button", { name: /^(Check now|Try again|I've topped up)$/ });
const all = (name = "Export") => screen.getByRole("group", { name }).textContent ?? "";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("an unknown charge shows its evidence: when it was sent, the looks so far, the next look, the balances, and that leaving is safe", async () => {
  const page = openPage(
    <AresGate
      usage="export-pdf"
      label="Export"
      slots={{
        unknown: ({ evidence }, defaults) => (
          <>
            {defaults}
            <UnknownCharge evidence={evidence} label="Export" />
          </>
        ),
      }}
    />,
  );
  page.simulator.fail("502-after", { on: "usage" });
  const release = page.wire.holdPost();
  fireEvent.click(await unlock());
  await pass(250);
  release();
  await screen.findByText(/Payment not confirmed/);
  const list = screen.getByRole("article", { name: "Payment not confirmed." });
  await waitFor(() =>
    expect(list.textContent).toMatch(/No answer 1 credit.*Sent to ARES.*Next check in \d+ sec/),
  );
  await pass(4500);
  expect(list.textContent).toMatch(
    /^Payment not confirmed\.No answer 1 creditForExport.*Checked so far2.*Balance before698 creditsBalance now697 creditsYou can leave this page\.Charge \S+ Copy /,
  );
  expect(all()).toContain("Balance: 698 credits before, 697 credits now.");
  expect(all()).toContain("You can leave this page.");
});

test("the evidence of a charge that nobody has looked at counts no looks, and names no feature without a label", () => {
  openPage(
    <UnknownCharge evidence={{ before: 698, after: 697, credits: 1, sentAt: 0, looks: 0 }} />,
  );
  const evidence = screen.getByRole("article");
  expect(evidence.textContent).toContain("Balance before698 credits");
  expect(evidence.textContent).not.toMatch(/Checked so far|For/);
});

test("where the browser stores nothing, the page says to stay, already while it waits", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const page = openPage(gate);
  const release = page.wire.holdPost();
  fireEvent.click(await unlock());
  await pass(9000);
  expect(words()).toContain("Keep this page open");
  page.simulator.fail("502-after", { on: "usage" });
  release();
  await screen.findByText(/Payment not confirmed/);
  expect(all()).toContain("Keep this page open: the charge could not be stored.");
});

test("starting over asks once more, with the figures and what it may cost; Cancel gives nothing up", async () => {
  const page = openPage(gate, { guide: true });
  page.wire.losePost("after");
  fireEvent.click(await unlock());
  await pass(5000);
  const reset = screen.getByRole("button", { name: "Start over" });
  reset.focus();
  fireEvent.click(reset);
  const question = screen.getByRole("alertdialog");
  expect(question.textContent).toContain(
    "Start over? You may pay 1 credit twice. Balance: 698 credits before, 697 credits now.",
  );
  expect(document.activeElement?.textContent).toBe("Cancel");
  fireEvent.click(within(question).getByRole("button", { name: "Cancel" }));
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(document.activeElement).toBe(reset);
  expect(all()).toContain("Payment not confirmed");

  startOver();
  await unlock();
  expect(page.wire.posts()).toHaveLength(1);
});

test("a look says that it is under way and that it was made, also when it finds nothing new", async () => {
  const page = openPage(gate, { guide: true });
  page.wire.losePost("after");
  fireEvent.click(await unlock());
  await pass(15_000);
  const ear = listenIn();
  let answer = () => {};
  page.wire.meddle(async (_, forward) => {
    await new Promise<void>((go) => {
      answer = go;
    });
    return forward();
  });
  fireEvent.click(check());
  await screen.findByRole("button", { name: "Checking…" });
  page.wire.meddle(undefined);
  answer();
  await screen.findByText("Checked just now.");
  await waitFor(() => expect(ear.said).toContain("status: Checked just now."));
  check();
  ear.stop();
  await pass(11_000);
  expect(screen.queryByText("Checked just now.")).toBeNull();
});

test("looks that nobody asked for say nothing", async () => {
  const page = openPage(gate);
  page.simulator.fail("502-after", { on: "usage" });
  fireEvent.click(await unlock());
  await screen.findByText(/Payment not confirmed/);
  const ear = listenIn();
  const before = page.wire.log.length;
  await pass(20_000);
  expect(page.wire.log.length).toBeGreaterThan(before + 2);
  expect(ear.said.filter((words) => words.includes("Checked"))).toEqual([]);
  ear.stop();
});

test("a look at a balance that is still too small says so", async () => {
  const page = openPage(gate);
  page.simulator.setBalance("user_1", 0);
  page.unmount();
  page.reload();
  await screen.findByText(/Not enough credits/);
  fireEvent.click(check());
  await waitFor(() =>
    expect(screen.getByRole("alert").textContent).toMatch(/This costs .+\. +Checked just now\./),
  );
});

test("a changed price names both prices", async () => {
  const page = openPage(gate);
  const button = await unlock();
  page.wire.meddle(async ({ method }, forward) => {
    if (method !== "POST") return forward();
    return Response.json(
      { code: "price_changed", credits: 2 },
      { status: 409, headers: { "Ares-Contract": "1" } },
    );
  });
  fireEvent.click(button);
  await screen.findByText(/New price: 2 credits/);
  expect(words()).toBe("New price: 2 credits. You were not charged. It was 1 credit.");
});

test("what was not charged stays said while the user is offline", async () => {
  const page = openPage(gate);
  page.simulator.fail("refused", { on: "usage" });
  fireEvent.click(await unlock());
  await screen.findByText(/That did not work/);

  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  fireEvent(window, new Event("offline"));

  await waitFor(() => expect(all()).toContain("You are offline."));
  expect(all()).toContain("You were not charged.");
});

test("a refusal by ARES that contradicts the shown balance says so, and reads the balance again", async () => {
  const page = openPage(gate);
  const button = await unlock();
  page.wire.meddle(async ({ method }, forward) => {
    if (method !== "POST") return forward();
    return Response.json(
      { code: "insufficient_credits" },
      { status: 402, headers: { "Ares-Contract": "1" } },
    );
  });
  const reads = page.wire.reads().length;
  fireEvent.click(button);
  await screen.findByText(/Not enough credits/);
  const text =
    "Not enough credits. You were not charged. This costs 1 credit. Your balance reads 698 credits, but ARES says it is not enough.";
  expect(words()).toContain(text);
  await waitFor(() => expect(page.wire.reads().length).toBeGreaterThan(reads));
  await pass(1000);
  expect(words()).toContain(text);
  fireEvent.click(check());
  await unlock();
});

test("a page that reads for long says that reloading is safe, and offers to look again once the read has ended", async () => {
  const page = openPage(<p />);
  page.wire.meddle(() => new Promise(() => {}));
  page.show(gate);
  await pass(9000);
  expect(words()).toBe("Checking your account. Still loading. You can safely reload the page.");
  await pass(120_000);
  page.wire.meddle(undefined);
  fireEvent.click(check());
  await pass(1000);
  expect(words()).toBe("You have 698 credits. Checked just now.");
});

test("the balance that is left after a charge is told for as long as it is the balance", async () => {
  const page = openPage(gate);
  fireEvent.click(await screen.findByRole("button", { name: /^Unlock/ }));
  await waitFor(() => expect(words()).toContain("697 credits left."));

  page.simulator.topUp("user_1", 100);
  await act(
    async () => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true })),
  );

  await waitFor(() => expect(words()).not.toContain("left"));
  expect(words()).toContain("Unlocked.");
});

test("of two gates of one resource, the pressed one says what it cost, and the other that it is unlocked", async () => {
  const report = (name: string) => (
    <AresGate key={name} usage="report" resource="r-1" label={name}>
      <p>{name} is paid</p>
    </AresGate>
  );
  const page = openPage([report("First"), report("Second")]);
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Second · 3 credits" }));
  await screen.findByText("First is paid");
  await waitFor(() =>
    expect(all("Second")).toContain("Unlocked. 3 credits spent. 695 credits left."),
  );
  expect(all("First")).toContain("Unlocked.");
  expect(document.body.textContent?.match(/spent/g)).toHaveLength(1);
  page.show([report("First"), report("Third")]);
  await screen.findByText("Third is paid");
  expect(document.body.textContent).not.toContain("spent");
});

test("a link that ended at a press says that nothing was charged", async () => {
  const page = openPage(gate, { provider: { reconnect: () => {} } });
  const button = await unlock();
  page.simulator.expireToken("user_1", { refreshable: false });
  await act(async () => void fireEvent.click(button));
  await screen.findByRole("button", { name: /^Reconnect for Export/ });
  expect(words()).toBe("ARES connection ended. You were not charged.");
});
