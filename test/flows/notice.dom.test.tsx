import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ChargeState } from "../../src/client";
import { AresError } from "../../src/contract";
import {
  AresErrorNotice,
  AresGate,
  ChargeHistory,
  CreditBalance,
  useAresCharges,
  useAresUsage,
} from "../../src/react";
import { arabicMessages } from "../../src/react/messages/ar";
import { germanMessages } from "../../src/react/messages/de";
import { spanishMessages } from "../../src/react/messages/es";
import { frenchMessages } from "../../src/react/messages/fr";
import { japaneseMessages } from "../../src/react/messages/ja";
import { createAresSimulator } from "../../src/testing";
import { openPage, pass } from "./page";
import { listenIn } from "./transcript";

function Export() {
  const usage = useAresUsage({ usage: "export-pdf" });
  return (
    <>
      <button type="button" onClick={() => usage.charge()}>
        Export
      </button>
      <AresErrorNotice
        charge={usage}
        onRetry={() => usage.charge()}
        onCheck={usage.check}
        onReset={usage.reset}
      />
      {usage.status === "charged" && <p>The export</p>}
    </>
  );
}
const alert = () => screen.getByRole("alert").textContent;
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const offered = () => screen.getAllByRole("button").map(({ textContent }) => textContent);

/** An own button, and a notice that knows the charge's state. */
async function open(options?: Parameters<typeof openPage>[1]) {
  const page = openPage(
    <>
      <Export />
      <CreditBalance />
    </>,
    options,
  );
  await screen.findByRole("group", { name: /^ARES balance/ });
  return page;
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a refusal", () => {
  test("without a network took nothing, and is said so beside the way to try again", async () => {
    const page = await open();
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    press("Export");
    await waitFor(() => expect(alert()).toBe("There was no answer. You were not charged."));
    vi.restoreAllMocks();
    press("Try again");
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("for lack of credits names what is missing, and is over once the user has topped up", async () => {
    const simulator = createAresSimulator({ users: { ada: 1 } });
    const page = await open({ simulator });
    simulator.setBalance("ada", 0);
    press("Export");
    const text =
      "Not enough credits. You were not charged. This costs 1 credit. You have 0 credits.";
    await waitFor(() => expect(alert()).toBe(text));
    screen.getByRole("link", { name: /^Get credits/ });

    simulator.topUp("ada", 5);
    act(() => void window.dispatchEvent(new Event("visibilitychange")));
    await waitFor(() => expect(alert()).toBe(""));
    press("Export");
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("that contradicts the shown balance says so", async () => {
    const page = await open();
    page.simulator.fail("insufficient", { on: "usage" });
    press("Export");
    const text =
      "Not enough credits. You were not charged. This costs 1 credit. Your balance reads 698 credits, but ARES says it is not enough.";
    await waitFor(() => expect(alert()).toBe(text));
  });

  test("of a link that ended has the way to renew it, and is over afterwards", async () => {
    const simulator = createAresSimulator();
    const reconnect = vi.fn(() => void simulator.issueToken("user_1"));
    const page = await open({ simulator, provider: { reconnect } });
    simulator.tokenOf("user_1");
    simulator.expireToken("user_1", { refreshable: false });
    press("Export");
    const button = await screen.findByRole("button", { name: "Reconnect ARES" });
    expect(screen.getAllByRole("alert")[0]?.textContent).toBe(
      "ARES connection ended. You were not charged.",
    );

    button.focus();
    fireEvent.click(button);
    await waitFor(() =>
      expect(screen.queryByRole("button", { name: "Reconnect ARES" })).toBeNull(),
    );
    expect(alert()).toBe("");
    expect(document.activeElement).not.toBe(document.body);
    expect(page.simulator.charges).toHaveLength(0);
  });
});

describe("a lost answer", () => {
  test("shows that it is checked, and tells only a look that the user asked for", async () => {
    const page = await open();
    const ear = listenIn();
    page.simulator.fail("drop-after-charge", { on: "usage" });
    press("Export");
    await waitFor(() => expect(alert()).toContain("Payment not confirmed"));
    await pass(80_000);
    expect(ear.said.filter((words) => words.includes("Checked"))).toEqual([]);
    const spoken = ear.said.length;

    let answer = () => {};
    page.wire.meddle(async (_, forward) => {
      await new Promise<void>((go) => {
        answer = go;
      });
      return forward();
    });
    press("Check now");
    await screen.findByRole("button", { name: "Checking…" });
    page.wire.meddle(undefined);
    answer();
    await waitFor(() => expect(alert()).toMatch(/Checked just now\.$/));
    expect(ear.said.length).toBe(spoken + 1);
    ear.stop();
  });

  test("names the balances, and may be given up after a question that says what it may cost", async () => {
    const page = await open();
    page.simulator.fail("drop-after-charge", { on: "usage" });
    const release = page.wire.holdPost();
    press("Export");
    await pass(250);
    release();
    await waitFor(() => expect(alert()).toContain("Payment not confirmed"));
    expect(offered()).not.toContain("Start over");
    await pass(80_000);
    expect(alert()).toContain(
      "Balance: 698 credits before, 697 credits now. You can leave this page.",
    );

    press("Start over");
    const question = within(screen.getByRole("alertdialog"));
    question.getByText(/Start over\? You may pay 1 credit twice\./);
    fireEvent.click(question.getByRole("button", { name: "Cancel" }));
    expect(alert()).toContain("Payment not confirmed");
    press("Start over");
    fireEvent.click(
      within(screen.getByRole("alertdialog")).getByRole("button", { name: "Start over" }),
    );
    await waitFor(() => expect(alert()).toBe(""));
    expect(page.wire.posts()).toHaveLength(1);
  });
});

test("the question whether to start over ends with its charge, and does not come back for a later one", async () => {
  const evidence = { before: undefined, after: undefined, credits: 1, looks: 1 };
  const error = new AresError("outcome_unknown", "", { retryable: false });
  const lost = (sentAt: number): ChargeState => ({
    ...{ status: "unknown", error, checking: false, readable: false },
    evidence: { ...evidence, sentAt },
  });
  const notice = (charge: ChargeState) => <AresErrorNotice charge={charge} onReset={() => {}} />;
  const page = openPage(notice(lost(1)));
  fireEvent.click(await screen.findByRole("button", { name: "Start over" }));
  screen.getByRole("alertdialog");
  page.show(notice(lost(2)));
  expect(screen.queryByRole("alertdialog")).toBeNull();
  press("Start over");
  screen.getByRole("alertdialog");
});

test("a charge of a resource is never started over where the server can tell of the resource, as in a gate", async () => {
  const simulator = createAresSimulator({ users: { ada: 10 } });
  simulator.fail("drop-after-charge", { on: "usage" });
  function Report() {
    const usage = useAresUsage({ usage: "report", resource: "r-1" });
    return (
      <>
        <button type="button" onClick={() => usage.charge()}>
          Export
        </button>
        <AresErrorNotice charge={usage} onCheck={usage.check} onReset={usage.reset} />
        <AresGate usage="report" resource="r-1" label="Report" />
      </>
    );
  }
  openPage(<Report />, { simulator });
  await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
  press("Export");
  await pass(250);
  await pass(90_000);
  expect(screen.getAllByText(/Payment not confirmed/)).toHaveLength(2);
  expect(screen.queryAllByRole("button", { name: "Start over" })).toEqual([]);
});

test("a retry that goes leaves the focus in the notice", async () => {
  const page = await open();
  page.simulator.fail("refused", { on: "usage" });
  press("Export");
  const retry = await screen.findByRole("button", { name: "Try again" });
  retry.focus();
  fireEvent.click(retry);
  await screen.findByText("The export");
  expect(document.activeElement?.getAttribute("data-ares-part")).toBe("error");
});

describe("a list of charges", () => {
  function Book() {
    const { charges, error, refetch } = useAresCharges();
    return <ChargeHistory charges={charges} error={error} onRetry={() => void refetch()} />;
  }
  const words = () => screen.getByRole("region", { name: "Charges" }).textContent;

  test("that is never answered says that it takes long, then ends and can be read again, and the focus stays with it", async () => {
    const page = openPage(<CreditBalance />);
    await screen.findByRole("group", { name: /^ARES balance/ });
    let stuck = true;
    page.wire.meddle(({ url }, forward) =>
      stuck && url.includes("charges=") ? new Promise(() => {}) : forward(),
    );
    page.show(<Book />);
    await pass(9000);
    expect(words()).toBe(
      "ChargesReading your charges. Still loading. You can safely reload the page.",
    );
    await pass(15_000);
    const retry = await screen.findByRole("button", { name: "Try again" });
    stuck = false;
    retry.focus();
    fireEvent.click(retry);
    await screen.findByText(/Nothing has been charged yet/);
    expect(document.activeElement).toBe(screen.getByRole("status"));
  });

  test("is not read for ever where the balance can't be read, or nobody is connected", async () => {
    const page = openPage(<Book />, {
      provider: { session: "signed_in", connection: "not_connected" },
    });
    expect(words()).toBe("ChargesARES is not connected");
    expect(screen.queryByRole("button")).toBeNull();
    page.unmount();
    openPage(<Book />, {
      provider: { fetch: async () => new Response("<html>", { status: 200 }) },
    });
    await screen.findByText("Your charges could not be read.");
    screen.getByRole("button", { name: "Try again" });
  });
});

test("a balance that is never answered says that it takes long", async () => {
  const page = openPage(<p />);
  page.wire.meddle(() => new Promise(() => {}));
  page.show(<CreditBalance />);
  await pass(9000);
  const words = "Reading the balance. Still loading. You can safely reload the page.";
  expect(screen.getByRole("group", { name: words }).textContent).toBe(words);
});

const own = { loading: "Loading…", balance_loading: "Loading…", history_loading: "Loading…" };
const languages = [
  arabicMessages,
  germanMessages,
  spanishMessages,
  frenchMessages,
  japaneseMessages,
  { ...germanMessages, ...own },
];

test.each(languages)(
  "%# a long read joins its two texts by the language's own full stop where the first has no end, seen and spoken",
  async (messages) => {
    const page = openPage(<p />, { provider: { messages } });
    page.wire.meddle(() => new Promise(() => {}));
    page.show([
      <AresGate key="gate" usage="report" label="R" />,
      <CreditBalance key="balance" />,
      <ChargeHistory key="history" charges={undefined} />,
    ]);
    await pass(9000);
    const stop = messages.loading_more.at(-1);
    const long = (text: string) =>
      `${text}${text.endsWith("…") ? "" : stop} ${messages.loading_more}`;
    expect(screen.getByRole("group", { name: "R" }).textContent).toBe(long(messages.loading));
    expect(screen.getByRole("group", { name: long(messages.balance_loading) }).textContent).toBe(
      long(messages.balance_loading),
    );
    expect(screen.getByRole("region", { name: messages.history }).textContent).toBe(
      messages.history + long(messages.history_loading),
    );
  },
);
