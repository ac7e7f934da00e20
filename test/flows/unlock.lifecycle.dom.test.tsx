import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { Component, lazy, type ReactNode, StrictMode, Suspense, useState } from "react";
import { describe, expect, test } from "vitest";
import { AresGate } from "../../src/react";
import { createAresSimulator } from "../../src/testing";
import { openPage } from "./page";

const gate = (
  <AresGate usage="export-pdf" label="Export">
    <p>The export</p>
  </AresGate>
);
const report = (
  <AresGate usage="report" resource="r-1" label="Report">
    <p>The report</p>
  </AresGate>
);
const unlock = () => screen.findByRole("button", { name: "Unlock Export · 1 credit" });

describe("a press", () => {
  test("opens the feature for one deduction and one request", async () => {
    const page = openPage(gate);
    const button = await unlock();
    expect(screen.queryByText("The export")).toBeNull();

    await page.user.click(button);

    expect(await screen.findByRole("region", { name: "Export" })).toHaveProperty(
      "textContent",
      "The export",
    );
    expect(screen.getByRole("status").textContent).toContain("1 credit spent");
    expect(page.simulator.charges).toHaveLength(1);
    expect(page.simulator.balanceOf("user_1")).toBe(697);
    expect(page.wire.posts()).toMatchObject([{ body: { usage: "export-pdf", credits: 1 } }]);
  });

  test.each([
    { usageBody: "minimal", requests: ["POST", "GET"] },
    { usageBody: "usage", requests: ["POST", "GET"] },
    { usageBody: "balance", requests: ["POST"] },
  ] as const)(
    "is one request, and one more for the balance only where ARES left it out ($usageBody)",
    async ({ usageBody, requests }) => {
      const page = openPage(gate, { simulator: createAresSimulator({ usageBody }) });
      const button = await unlock();
      const before = page.wire.log.length;
      const sent = () => page.wire.log.slice(before).map(({ method }) => method);
      // A feature that waits for anything but its charge would now wait for ever.
      page.wire.meddle(({ method }, forward) =>
        method === "GET" ? new Promise(() => {}) : forward(),
      );

      await page.user.click(button);

      await screen.findByText("The export");
      // Longer than any request that could still follow.
      await act(() => new Promise((next) => setTimeout(next, 1500)));
      expect(sent()).toEqual(requests);
      expect(page.simulator.requests.usage).toBe(1);
      expect(page.simulator.balanceOf("user_1")).toBe(697);
    },
  );

  test("charges once when it is a double click in one task", async () => {
    const page = openPage(gate);
    const button = await unlock();

    act(() => {
      fireEvent.click(button);
      fireEvent.click(button);
    });

    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
    expect(page.wire.posts()).toHaveLength(1);
  });

  test("charges once for fifty clicks", async () => {
    const page = openPage(gate);
    const button = await unlock();
    for (let i = 0; i < 50; i++) fireEvent.click(button);
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("charges once under StrictMode", async () => {
    const page = openPage(gate, { wrapper: StrictMode });
    await page.user.click(await unlock());
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("moves the focus from the button into the feature, and leaves a focus outside alone", async () => {
    const page = openPage(
      <>
        {gate}
        <input aria-label="elsewhere" />
      </>,
    );
    await page.user.click(await unlock());
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("region", { name: "Export" })),
    );

    page.unmount();
    const other = openPage(
      <>
        {gate}
        <input aria-label="elsewhere" />
      </>,
    );
    const free = other.wire.holdPost();
    await other.user.click(await unlock());
    await other.user.click(screen.getByRole("textbox", { name: "elsewhere" }));
    free();
    await screen.findByText("The export");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "elsewhere" }));
  });

  test("moves the focus into the feature also when the window was left meanwhile", async () => {
    const page = openPage(gate);
    const free = page.wire.holdPost();
    await page.user.click(await unlock());
    const button = screen.getByRole("button");
    // A window that goes to the back blurs its focused element, which still has the focus later.
    fireEvent.focusOut(button);
    expect(document.activeElement).toBe(button);
    free();
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("region", { name: "Export" })),
    );
  });
});

describe("remounts", () => {
  test("in flight join the charge that is on its way", async () => {
    const page = openPage(gate);
    const free = page.wire.holdPost();
    await page.user.click(await unlock());

    page.show(null);
    page.show(gate);
    await waitFor(() =>
      expect(screen.getByRole("group", { name: "Export" }).dataset.status).toBe("charging"),
    );
    free();

    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("by key, five times, after the unlock, charge nothing more", async () => {
    const keyed = (key: number) => (
      <AresGate key={key} usage="export-pdf" label="Export">
        <p>The export</p>
      </AresGate>
    );
    const page = openPage(keyed(0));
    await page.user.click(await unlock());
    await screen.findByText("The export");
    for (let key = 1; key < 6; key++) {
      page.show(keyed(key));
      await screen.findByText("The export");
    }
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("deliver a charge that settled while nobody showed it", async () => {
    const page = openPage(gate);
    const free = page.wire.holdPost();
    await page.user.click(await unlock());
    page.show(null);
    free();
    await waitFor(() => expect(page.simulator.charges).toHaveLength(1));
    await act(() => new Promise((next) => setTimeout(next, 1200)));
    page.show(gate);
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("lock a feature without a resource again, once it has been gone for a while", async () => {
    const page = openPage(gate);
    await page.user.click(await unlock());
    await screen.findByText("The export");
    page.show(null);
    await act(() => new Promise((next) => setTimeout(next, 1200)));
    page.show(gate);
    await unlock();
    expect(screen.queryByText("The export")).toBeNull();
    // A paid key stays for half a minute, for a tab that was pressed before. No press from now on adopts it.
    const stored = Object.values({ ...localStorage }).map((text) => JSON.parse(text));
    expect(stored.filter(({ paidAt }) => paidAt === undefined)).toEqual([]);
  });
});

describe("a resource", () => {
  test("is charged once for three gates on one page", async () => {
    const page = openPage(
      <>
        {report}
        {report}
        {report}
      </>,
    );
    const buttons = await screen.findAllByRole("button", { name: "Unlock Report · 3 credits" });
    act(() => {
      for (const button of buttons) fireEvent.click(button);
    });
    await waitFor(() => expect(screen.getAllByText("The report")).toHaveLength(3));
    expect(page.wire.posts()).toHaveLength(1);
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("that is paid opens by itself after a reload", async () => {
    const page = openPage(report);
    await page.user.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await screen.findByText("The report");
    page.reload();
    await screen.findByText("The report");
    expect(page.wire.posts()).toHaveLength(1);
    expect(page.simulator.charges).toHaveLength(1);
  });
});

describe("trigger: mount", () => {
  const eager = (
    <AresGate usage="export-pdf" resource="e-1" label="Export" trigger="mount">
      <p>The export</p>
    </AresGate>
  );

  test("charges once under StrictMode, and not again by remounts later", async () => {
    const page = openPage(eager, { wrapper: StrictMode });
    await screen.findByText("The export");
    page.show(null);
    await act(() => new Promise((next) => setTimeout(next, 1200)));
    page.show(eager);
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("charges once when it was paid over a reload, and not again by remounts later", async () => {
    const page = openPage(eager);
    const free = page.wire.holdPost();
    await waitFor(() => expect(page.wire.posts()).toHaveLength(1));
    page.unmount();
    function App() {
      const [shown, setShown] = useState(true);
      return (
        <>
          <button type="button" onClick={() => setShown(!shown)}>
            Toggle
          </button>
          {shown && eager}
        </>
      );
    }
    page.reload(<App />);
    free();
    await screen.findByText("The export");

    await page.user.click(screen.getByRole("button", { name: "Toggle" }));
    await act(() => new Promise((next) => setTimeout(next, 1200)));
    await page.user.click(screen.getByRole("button", { name: "Toggle" }));

    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("charges once when React replays it for Suspense", async () => {
    let wakeUp = () => {};
    const slow = new Promise<void>((resolve) => {
      wakeUp = resolve;
    });
    const Slow = lazy(() => slow.then(() => ({ default: () => null })));
    const page = openPage(
      <Suspense fallback="loading">
        {eager}
        <Slow />
      </Suspense>,
      { wrapper: StrictMode },
    );
    expect(page.simulator.charges).toHaveLength(0);
    await act(async () => wakeUp());
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("leaves what is paid as it is when a reason not to unlock comes and goes", async () => {
    const withReason = (disabledReason?: string) => (
      <AresGate
        usage="export-pdf"
        resource="e-1"
        label="Export"
        trigger="mount"
        disabledReason={disabledReason}
      >
        <p>The export</p>
      </AresGate>
    );
    const page = openPage(withReason());
    const feature = await screen.findByText("The export");
    page.show(withReason("Busy"));
    page.show(withReason());
    expect(screen.getByText("The export")).toBe(feature);
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("waits until the page is visible", async () => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    const page = openPage(eager);
    await unlock();
    expect(page.wire.posts()).toHaveLength(0);
    Reflect.deleteProperty(document, "visibilityState");
    await act(
      async () => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true })),
    );
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });
});

test("a feature that throws after it was paid stays paid", async () => {
  class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
    override state = { failed: false };
    static getDerivedStateFromError = () => ({ failed: true });
    override render() {
      return this.state.failed ? (
        <button type="button" onClick={() => this.setState({ failed: false })}>
          Show again
        </button>
      ) : (
        this.props.children
      );
    }
  }
  let broken = true;
  function Fragile() {
    if (broken) throw new Error("no chart today");
    return <p>The export</p>;
  }
  const quiet = console.error;
  console.error = () => {};
  const page = openPage(
    <Boundary>
      <AresGate usage="export-pdf" label="Export">
        <Fragile />
      </AresGate>
    </Boundary>,
  );
  await page.user.click(await unlock());
  const again = await screen.findByRole("button", { name: "Show again" });
  await act(() => new Promise((next) => setTimeout(next, 1200)));
  broken = false;
  await page.user.click(again);
  console.error = quiet;
  await screen.findByText("The export");
  expect(page.simulator.charges).toHaveLength(1);
});

test("an entitled user sees the feature, is charged nothing and the endpoint is not asked", async () => {
  const page = openPage(
    <AresGate usage="export-pdf" entitled>
      <p>The export</p>
    </AresGate>,
  );
  screen.getByText("The export");
  await act(() => new Promise((next) => setTimeout(next, 50)));
  expect(page.wire.log).toHaveLength(0);
});
