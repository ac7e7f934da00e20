import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  AresGate,
  ConnectAres,
  type RenderButton,
  UnlockButton,
  useAresGate,
} from "../../src/react";
import { createAresSimulator } from "../../src/testing";
import { openPage, pass } from "./page";

const gate = (
  <AresGate usage="export-pdf" label="Export">
    <p>The export</p>
  </AresGate>
);
const unlock = () => screen.findByRole("button", { name: "Unlock Export · 1 credit" });
const words = (name = "Export") => screen.getByRole("group", { name }).textContent?.trim();

/** The browser's own word on whether there is a network. */
function network(online: boolean): void {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(online);
  act(() => void window.dispatchEvent(new Event(online ? "online" : "offline")));
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("while people wait", () => {
  test("says after eight seconds that it still waits and won't charge twice", async () => {
    const page = openPage(gate);
    const release = page.wire.holdPost();
    fireEvent.click(await unlock());
    await pass(7000);
    expect(words()).not.toContain("Still waiting");
    await pass(1500);
    expect(screen.getByRole("status").textContent).toContain(
      "Still waiting. You won't be charged twice.",
    );

    release();
    await screen.findByText("The export");
    expect(words()).not.toContain("Still waiting");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("holds the retry back for as long as the server asked, then sends the same key", async () => {
    const page = openPage(gate);
    let refusals = 1;
    page.wire.meddle(async ({ method }, forward) => {
      if (method !== "POST" || !refusals--) return forward();
      return Response.json(
        { code: "rate_limited", retryable: true, retryAfterSeconds: 5 },
        { status: 429, headers: { "Ares-Contract": "1" } },
      );
    });
    fireEvent.click(await unlock());
    const retry = await screen.findByRole("button", { name: /^Try again/ });
    await waitFor(() => expect(retry.textContent).toBe("Try again · 1 credit · 5 sec"));
    expect(retry.getAttribute("aria-disabled")).toBe("true");
    // The seconds are for the eye alone. A screen reader would never stop reading them.
    expect(screen.getByRole("alert").textContent).not.toContain("sec");
    fireEvent.click(retry);
    await pass(3000);
    expect(retry.textContent).toBe("Try again · 1 credit · 2 sec");
    expect(page.wire.posts()).toHaveLength(1);

    await pass(2500);
    expect(retry.textContent).toBe("Try again · 1 credit");
    fireEvent.click(retry);
    await screen.findByText("The export");
    const [first, second] = page.wire.posts();
    expect(second?.key).toBe(first?.key);
    expect(page.simulator.charges).toHaveLength(1);
  });
});

describe("what can't be pressed", () => {
  test("says that it is offline, and sends nothing then or later by itself", async () => {
    const page = openPage(gate);
    const button = await unlock();
    network(false);
    expect(words()).toContain("You are offline.");
    expect(button.getAttribute("aria-disabled")).toBe("true");
    fireEvent.click(button);

    network(true);
    await pass(5000);
    expect(words()).toContain("You have 698 credits.");
    expect(page.wire.posts()).toHaveLength(0);
    fireEvent.click(await unlock());
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("reads the account by itself once the network is back", async () => {
    network(false);
    let down = true;
    const page = openPage(<p />);
    page.wire.meddle(async (_, forward) => {
      if (down) throw new TypeError("Failed to fetch");
      return forward();
    });
    page.show(gate);
    await pass(10_000);
    expect(words()).toContain("You are offline.");

    down = false;
    network(true);
    await pass(1000);
    expect(words()).toContain("You have 698 credits.");
  });

  test.each(["click", "mount"] as const)(
    "gives the app's reason and charges nothing, with trigger %s",
    async (trigger) => {
      const shown = (disabledReason?: string) => (
        <AresGate
          usage="report"
          resource="r-1"
          label="Export"
          trigger={trigger}
          disabledReason={disabledReason}
        >
          <p>The export</p>
        </AresGate>
      );
      const page = openPage(shown("Choose a file first."));
      const button = await screen.findByRole("button", { name: "Unlock Export · 3 credits" });
      expect(words()).toContain("Choose a file first.");
      expect(button.getAttribute("aria-disabled")).toBe("true");
      fireEvent.click(button);
      await pass(2000);
      expect(page.wire.posts()).toHaveLength(0);

      page.show(shown());
      if (trigger === "click") fireEvent.click(button);
      await screen.findByText("The export");
      expect(page.simulator.charges).toHaveLength(1);
    },
  );

  test("holds in a slot of the app's own too, for as long as there is one", async () => {
    const gate = (disabledReason?: string) => (
      <AresGate
        usage="export-pdf"
        disabledReason={disabledReason}
        slots={{
          locked: ({ unlock }) => (
            <button type="button" onClick={unlock}>
              Mine
            </button>
          ),
        }}
      >
        <p>The export</p>
      </AresGate>
    );
    const page = openPage(gate("Accept the terms first."));
    fireEvent.click(await screen.findByRole("button", { name: "Mine" }));
    page.show(gate());
    expect(page.wire.posts()).toEqual([]);

    fireEvent.click(screen.getByRole("button", { name: "Mine" }));
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("keeps an unlock button still that the app disabled", async () => {
    function Own() {
      return (
        <UnlockButton gate={useAresGate({ usage: "export-pdf" })} label="Export" aria-disabled />
      );
    }
    const page = openPage(<Own />);
    fireEvent.click(await unlock());
    await pass(1000);
    expect(page.wire.posts()).toHaveLength(0);
  });
});

describe("connecting", () => {
  const refuse = async () => {
    throw new Error("Clerk is down");
  };

  test("that fails is said beside the way to try again, and to the app", async () => {
    const heard: string[] = [];
    const onConnectError = (error: { code: string }) => void heard.push(error.code);
    const provider = {
      session: "signed_in",
      connection: "not_connected",
      connect: refuse,
      onConnectError,
    } as const;
    const page = openPage(
      <>
        {gate}
        <section aria-label="Alone">
          <ConnectAres />
        </section>
      </>,
      { provider },
    );
    const button = await screen.findByRole("button", { name: /^Connect ARES for Export/ });
    const alerts = screen.getAllByRole("alert");
    expect(alerts.map(({ textContent }) => textContent)).toEqual(["", ""]);
    fireEvent.click(button);
    const text = "Connecting did not work. You were not charged. Connect ARES to use this.";
    // Both show the sentence, and only the pressed one speaks.
    await waitFor(() => expect(alerts.map(({ textContent }) => textContent)).toEqual([text, ""]));
    expect(screen.getByRole("region", { name: "Alone" }).textContent).toContain(text);
    expect(heard).toEqual(["auth_unavailable"]);

    // The new user has tried nothing yet.
    page.show(gate, { userKey: "somebody else" });
    await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(""));
  });

  test("that came back without leaving the page leads on by itself", async () => {
    const simulator = createAresSimulator();
    const reconnect = async () => void simulator.issueToken("user_1");
    const page = openPage(gate, {
      simulator,
      provider: { session: "signed_in", connection: "connected", reconnect },
    });
    const button = await unlock();
    simulator.tokenOf("user_1");
    simulator.expireToken("user_1", { refreshable: false });
    fireEvent.click(button);

    fireEvent.click(await screen.findByRole("button", { name: /^Reconnect for Export/ }));
    fireEvent.click(await unlock());

    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("that ended without a link, as the app tells, is said too", async () => {
    openPage(gate, {
      provider: {
        session: "signed_in",
        connection: "not_connected",
        connect: refuse,
        connectFailed: true,
      },
    });
    await waitFor(() => expect(words()).toContain("Connecting did not work."));
  });
});

describe("a resource that was paid before", () => {
  test("shows its feature alone, without a word", async () => {
    const report = (
      <AresGate usage="report" resource="r-1" label="Report">
        <p>The report</p>
      </AresGate>
    );
    const page = openPage(report);
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await screen.findByText("The report");
    await waitFor(() =>
      expect(screen.getByRole("status").textContent).toBe(
        "Unlocked. 3 credits spent. 695 credits left.",
      ),
    );
    page.reload();
    await screen.findByText("The report");
    expect(words("Report")).toBe("The report");
    expect(page.simulator.charges).toHaveLength(1);
  });
});

describe("an app's own looks", () => {
  const drawn: RenderButton = (props) => <button {...props} data-own="true" />;

  test("go on single parts by class names", async () => {
    openPage(
      <AresGate
        usage="report"
        label="Report"
        confirmation="always"
        classNames={{ unlock: "btn", status: "words", dialog: "sheet", confirm: "pay" }}
      />,
    );
    const button = await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    expect(button.className).toBe("btn");
    expect(screen.getByRole("status").className).toBe("words");
    fireEvent.click(button);
    expect((await screen.findByRole("alertdialog")).className).toBe("sheet");
    expect(screen.getByRole("button", { name: "Spend · 3 credits" }).className).toBe("pay");
  });

  test("draw every button, and what keeps a press a single one goes with it", async () => {
    const page = openPage(
      <AresGate usage="report" label="Report" confirmation="always" renderButton={drawn}>
        <p>The report</p>
      </AresGate>,
    );
    const button = await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    expect(button.dataset.own).toBe("true");
    fireEvent.click(button);
    const dialog = within(await screen.findByRole("alertdialog"));
    const confirm = dialog.getByRole("button", { name: "Spend · 3 credits" });
    expect([
      confirm.dataset.own,
      dialog.getByRole("button", { name: "Cancel" }).dataset.own,
    ]).toEqual(["true", "true"]);
    // The second click of a double click must agree to nothing.
    fireEvent.click(confirm, { detail: 2 });
    expect(page.wire.posts()).toHaveLength(0);
    fireEvent.click(confirm, { detail: 1 });
    await screen.findByText("The report");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("may press a button of the gate without an event", async () => {
    const page = openPage(
      <AresGate
        usage="export-pdf"
        label="Export"
        renderButton={({ onClick, children }) => (
          <button type="button" onClick={() => onClick && Reflect.apply(onClick, undefined, [])}>
            {children}
          </button>
        )}
      >
        <p>The export</p>
      </AresGate>,
    );
    fireEvent.click(await unlock());
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("draw the button of UnlockButton and ConnectAres", async () => {
    function Own() {
      return (
        <UnlockButton
          gate={useAresGate({ usage: "export-pdf" })}
          label="Export"
          renderButton={drawn}
          className="mine"
        />
      );
    }
    const page = openPage(<Own />);
    const button = await unlock();
    expect([button.dataset.own, button.className]).toEqual(["true", "mine"]);
    page.show(<ConnectAres renderButton={drawn} />, {
      session: "signed_in",
      connection: "not_connected",
      connect: () => {},
    });
    expect((await screen.findByRole("button", { name: "Connect ARES" })).dataset.own).toBe("true");
  });

  test("find the reason of a refusal on the gate, for those who build it", async () => {
    openPage(<AresGate usage="reprot" label="Report" />);
    await waitFor(() =>
      expect(screen.getByRole("group", { name: "Report" }).dataset.status).toBe("unavailable"),
    );
    expect(screen.getByRole("group", { name: "Report" }).dataset.code).toBe("unknown_usage");
    expect(screen.getByRole("group", { name: "Report" }).textContent).toContain(
      "You were not charged. (unknown_usage)",
    );
  });

  test("show users of a production build no code", async () => {
    vi.stubEnv("NODE_ENV", "production");
    openPage(<AresGate usage="reprot" label="Report" />);
    await screen.findByText(/Not available now/);
    expect(screen.getByRole("group", { name: "Report" }).textContent).not.toContain("unknown");
  });
});

test("a usage that the server does not know yet is for sale once a look finds its price", async () => {
  const page = openPage(<AresGate usage="export-pdf" label="Export" />);
  let isOld = true;
  page.wire.meddle(async ({ method }, forward) => {
    const answer = await forward();
    if (!isOld || method !== "GET") return answer;
    return Response.json({ ...(await answer.json()), prices: {} }, { headers: answer.headers });
  });
  const look = await screen.findByRole("button", { name: "Try again" });
  expect(screen.getAllByRole("button")).toHaveLength(1);

  fireEvent.click(look);
  await screen.findByText(/Checked just now/);
  isOld = false;
  fireEvent.click(look);
  await unlock();
  expect(page.wire.posts()).toHaveLength(0);
});

test("what is used up can be locked again by the app, and is then bought anew", async () => {
  const page = openPage(
    <AresGate
      usage="export-pdf"
      label="Export"
      slots={{
        unlocked: ({ reset }) => (
          <button type="button" onClick={reset}>
            Used up
          </button>
        ),
      }}
    />,
  );
  fireEvent.click(await unlock());
  fireEvent.click(await screen.findByRole("button", { name: "Used up" }));
  expect(page.simulator.charges).toHaveLength(1);
  await screen.findByText(/What you paid for is used up/);

  fireEvent.click(await unlock());
  await screen.findByRole("button", { name: "Used up" });
  expect(page.simulator.charges).toHaveLength(2);
});

describe("a second Enter", () => {
  const enter = async (user: ReturnType<typeof openPage>["user"]) => {
    await user.keyboard("{Enter}");
    await pass(1500);
  };

  test("on a look spends nothing when the credits have come meanwhile", async () => {
    const simulator = createAresSimulator({ users: { ada: 0 } });
    const page = openPage(gate, { simulator });
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    (await screen.findByRole("button", { name: "I've topped up" })).focus();
    simulator.topUp("ada", 10);

    await enter(user);
    await unlock();
    expect(document.activeElement?.textContent).toContain("You have 10 credits.");
    await enter(user);

    expect(page.wire.posts()).toEqual([]);
  });

  test("on a look spends nothing when the balance could be read after all, and the words stay until then", async () => {
    const page = openPage(gate);
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    page.wire.meddle(async () => Response.json({}, { status: 500 }));
    await pass(10_000);
    const check = await screen.findByRole("button", { name: "Try again" });
    check.focus();
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    page.wire.meddle((_, forward) => held.then(forward));

    await user.keyboard("{Enter}");
    expect(document.activeElement).toBe(check);
    expect(check.getAttribute("aria-busy")).toBe("true");
    free();
    await unlock();
    await enter(user);

    expect(page.wire.posts()).toEqual([]);
  });
});
