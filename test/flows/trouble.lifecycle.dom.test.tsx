import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresGate } from "../../src/react";
import { openPage, pass, startOver, words } from "./page";

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
const state = (name = "Export") => screen.getByRole("group", { name }).dataset.status;
beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("when the answer to the POST is lost", () => {
  test("says that it is unknown, then opens by reading alone when it was charged", async () => {
    const page = openPage(gate);
    page.wire.losePost("after");
    fireEvent.click(await unlock());
    await waitFor(() => expect(state()).toBe("unknown"));
    expect(screen.getByRole("alert").textContent).toContain("Payment not confirmed");

    await pass(2500);

    await screen.findByText("The export");
    expect(page.wire.posts()).toHaveLength(1);
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("calls it not charged only after the request had time to arrive, and sends the same key again on a press", async () => {
    const page = openPage(gate);
    page.wire.losePost("before");
    fireEvent.click(await unlock());
    await waitFor(() => expect(state()).toBe("unknown"));
    await pass(25_000);
    expect(state()).toBe("unknown");
    await pass(10_000);
    expect(state()).toBe("not_charged");

    fireEvent.click(screen.getByRole("button", { name: /^Try again/ }));
    await screen.findByText("The export");

    const [first, second] = page.wire.posts();
    expect(second?.key).toBe(first?.key);
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("shows ARES's silence as unknown for good, offers to look again, and never sends a second POST", async () => {
    const page = openPage(gate);
    page.simulator.fail("drop-after-charge", { on: "usage" });
    fireEvent.click(await unlock());
    await waitFor(() => expect(state()).toBe("unknown"));
    await pass(90_000);
    fireEvent.click(screen.getByRole("button", { name: "Check now" }));
    await pass(90_000);
    expect(state()).toBe("unknown");
    expect(page.wire.posts()).toHaveLength(1);
    expect(page.simulator.charges).toHaveLength(1);

    startOver();
    fireEvent.click(await unlock());
    await screen.findByText("The export");
    expect(new Set(page.wire.posts().map(({ key }) => key)).size).toBe(2);
  });

  test("offers no way around an unknown charge of a resource", async () => {
    const page = openPage(report);
    page.simulator.fail("502-after", { on: "usage" });
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await waitFor(() => expect(state("Report")).toBe("unknown"));
    await pass(90_000);
    const buttons = within(screen.getByRole("group", { name: "Report" })).getAllByRole("button");
    expect(buttons.map(({ textContent }) => textContent).sort()).toEqual(["Check now", "Copy"]);
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("lets an answer count that comes after the wait was over", async () => {
    const page = openPage(gate);
    const free = page.wire.holdPost();
    fireEvent.click(await unlock());
    await pass(31_000);
    expect(state()).toBe("unknown");
    await pass(25_000);
    expect(state()).toBe("unknown");
    free();
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("says nothing of a new charge because the request of a dismissed one has ended", async () => {
    const page = openPage(gate);
    const answers: { lose: () => void; forward: () => void }[] = [];
    page.wire.meddle(({ method }, forward) => {
      if (method !== "POST") return forward();
      return new Promise((resolve, reject) => {
        answers.push({
          lose: () => reject(new TypeError("Failed to fetch")),
          forward: () => resolve(forward()),
        });
      });
    });
    fireEvent.click(await unlock());
    await pass(100_000);
    startOver();
    fireEvent.click(await unlock());
    await pass(1000);
    answers[0]?.lose();
    await pass(45_000);
    expect(state()).toBe("unknown");

    answers[1]?.forward();
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });
});

describe("when something in front of the server answers instead", () => {
  const elsewhere = [401, 402, 403, 404, 429, 500, 503] as const;

  test.each(elsewhere)(
    "a %i without a charge is looked at, and the next press is one charge",
    async (status) => {
      const page = openPage(gate);
      const button = await unlock();
      page.wire.meddle(async ({ method }, forward) =>
        method === "POST" ? new Response("Not here", { status }) : forward(),
      );
      fireEvent.click(button);
      await waitFor(() => expect(state()).toBe("unknown"));

      page.wire.meddle(undefined);
      await pass(60_000);
      expect(state()).toBe("not_charged");

      fireEvent.click(screen.getByRole("button", { name: /^Try again/ }));
      await screen.findByText("The export");
      expect(page.simulator.charges).toHaveLength(1);
    },
  );

  test.each(elsewhere)(
    "a %i that hides a charge is never called not charged: the gate opens, for one deduction",
    async (status) => {
      const page = openPage(gate);
      const button = await unlock();
      page.wire.meddle(async ({ method }, forward) => {
        const served = await forward();
        return method === "POST" ? new Response("<html>blocked</html>", { status }) : served;
      });
      fireEvent.click(button);
      await waitFor(() => expect(state()).toBe("unknown"));
      expect(words()).not.toMatch(/not charged/i);

      await pass(10_000);

      await screen.findByText("The export");
      expect(page.simulator.charges).toHaveLength(1);
    },
  );
});

describe("when the page is loaded again while a charge is on its way", () => {
  test("reads how it ended and opens, with no second POST", async () => {
    const page = openPage(gate);
    const free = page.wire.holdPost();
    fireEvent.click(await unlock());
    await waitFor(() => expect(page.wire.posts()).toHaveLength(1));
    page.reload();
    await waitFor(() => expect(state()).toBe("charging"));
    free();
    await pass(5000);
    await screen.findByText("The export");
    expect(page.wire.posts()).toHaveLength(1);
    expect(page.simulator.charges).toHaveLength(1);
    await pass(5000);
    expect(Object.values({ ...localStorage }).filter((text) => !text.includes("paidAt"))).toEqual(
      [],
    );
  });

  test("never says that nothing was charged while the POST takes its time", async () => {
    const page = openPage(gate);
    page.wire.meddle(async ({ method }, forward) => {
      if (method === "POST") await new Promise((next) => setTimeout(next, 25_000));
      return forward();
    });
    fireEvent.click(await unlock());
    await waitFor(() => expect(page.wire.posts()).toHaveLength(1));
    page.reload();
    for (let seconds = 1; seconds < 24; seconds++) {
      await pass(1000);
      expect(state()).toBe("charging");
    }
    await pass(30_000);
    await screen.findByText("The export");
    expect(page.wire.posts()).toHaveLength(1);
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("keeps the key when the POST never arrived", async () => {
    const page = openPage(gate);
    page.wire.holdPost();
    fireEvent.click(await unlock());
    await waitFor(() => expect(page.wire.posts()).toHaveLength(1));
    page.reload();
    await pass(25_000);
    expect(state()).toBe("charging");
    await pass(10_000);
    expect(state()).toBe("not_charged");
    page.wire.meddle(undefined);
    fireEvent.click(screen.getByRole("button", { name: /^Try again/ }));
    await screen.findByText("The export");
    const [first, second] = page.wire.posts();
    expect(second?.key).toBe(first?.key);
  });

  test("the first of two gates takes the charge over, the second stays locked", async () => {
    const page = openPage(gate);
    page.wire.losePost("after");
    fireEvent.click(await unlock());
    await waitFor(() => expect(page.simulator.charges).toHaveLength(1));
    page.reload(
      <>
        {gate}
        {gate}
      </>,
    );
    await screen.findByText("The export");
    expect(screen.getAllByText("The export")).toHaveLength(1);
    await unlock();
  });
});

describe("offline", () => {
  test("a press is refused at once, and nothing is sent when the network returns", async () => {
    const page = openPage(gate);
    const button = await unlock();
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    fireEvent.click(button);
    await screen.findByText("That did not work");
    expect(Object.values({ ...localStorage }).filter((text) => !text.includes("paidAt"))).toEqual(
      [],
    );
    online.mockReturnValue(true);
    act(() => void window.dispatchEvent(new Event("online")));
    await pass(70_000);
    expect(page.wire.posts()).toHaveLength(0);
    fireEvent.click(screen.getByRole("button", { name: /^Try again/ }));
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });
});

describe("money", () => {
  test("a price that changed is shown and charged only after a new press, under a new key", async () => {
    const page = openPage(gate);
    const button = await unlock();
    page.wire.meddle(async ({ method }, forward) => {
      if (method !== "POST") return forward();
      page.wire.meddle(undefined);
      return Response.json(
        { code: "price_changed", message: "changed", retryable: false, credits: 2 },
        { status: 409, headers: { "Ares-Contract": "1" } },
      );
    });
    fireEvent.click(button);
    await waitFor(() =>
      expect(screen.getByRole("alert").textContent).toContain("New price: 2 credits"),
    );
    expect(page.simulator.charges).toHaveLength(0);

    const again = screen.getByRole("button", { name: "Unlock Export · 2 credits" });
    fireEvent.click(again, { detail: 2 });
    await pass(100);
    expect(page.wire.posts()).toHaveLength(1);

    fireEvent.click(again);
    await waitFor(() => expect(page.wire.posts()).toHaveLength(2));
    const [first, second] = page.wire.posts();
    expect(second?.key).not.toBe(first?.key);
    expect(second?.body).toMatchObject({ credits: 2 });
  });

  test("too small a balance shows the way to more credits and sends nothing; back from a top up it can be unlocked", async () => {
    const page = openPage(gate);
    page.simulator.setBalance("user_1", 0.5);
    page.unmount();
    page.wire.log.length = 0;
    page.reload();
    const link = await screen.findByRole("link", { name: "Get credits (opens in a new tab)" });
    expect(link.getAttribute("rel")).toContain("noopener");
    expect(words()).toBe("Not enough credits. This costs 1 credit. You have 0.5 credits.");
    expect(page.wire.posts()).toHaveLength(0);

    page.simulator.topUp("user_1", 10);
    await pass(10);
    act(() => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));

    fireEvent.click(await unlock());
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("credits spent elsewhere meanwhile: ARES refuses, the way to more credits is shown, nothing was charged", async () => {
    const page = openPage(gate);
    const button = await unlock();
    page.simulator.setBalance("user_1", 0);
    fireEvent.click(button);
    await screen.findByText("You have 0 credits.");
    expect(words()).toContain("Not enough credits. You were not charged.");
    expect(page.simulator.charges).toHaveLength(0);
    page.simulator.topUp("user_1", 1);
    await pass(10);
    fireEvent.click(screen.getByRole("button", { name: "I've topped up" }));
    fireEvent.click(await unlock());
    await screen.findByText("The export");
  });

  test("nobody is charged at a price they were not shown", async () => {
    const page = openPage(gate);
    await unlock();
    page.unmount();
    page.wire.log.length = 0;
    // ARES tells no balance.
    page.wire.meddle(async ({ method, url }, forward) =>
      method === "GET" && !url.includes("?") ? new Response(null, { status: 500 }) : forward(),
    );
    page.reload();
    await pass(10_000);
    const again = await screen.findByRole("button", { name: "Try again" });
    expect(screen.queryByRole("button", { name: /Unlock/ })).toBeNull();
    page.wire.meddle((_, forward) => forward());
    fireEvent.click(again);
    await screen.findByRole("button", { name: "Unlock Export · 1 credit" });
    expect(page.simulator.charges).toHaveLength(0);
    fireEvent.click(screen.getByRole("button", { name: "Unlock Export · 1 credit" }));
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("a confirm step shows the balance before and after, and Cancel and Escape spend nothing", async () => {
    const page = openPage(
      <AresGate usage="image" label="Image" confirmation={3}>
        <p>The image</p>
      </AresGate>,
    );
    const button = await screen.findByRole("button", { name: "Unlock Image · 4 credits" });
    button.focus();
    fireEvent.click(button);
    const dialog = screen.getByRole("alertdialog", {
      name: "Spend 4 credits on Image? 698 credits now, 694 credits afterwards.",
    });
    expect(document.activeElement).toBe(within(dialog).getByRole("button", { name: "Cancel" }));
    fireEvent.keyDown(dialog, { key: "Escape" });
    expect(screen.queryByRole("alertdialog")).toBeNull();
    await waitFor(() =>
      expect(document.activeElement).toBe(
        screen.getByRole("button", { name: "Unlock Image · 4 credits" }),
      ),
    );
    expect(page.wire.posts()).toHaveLength(0);

    fireEvent.click(screen.getByRole("button", { name: "Unlock Image · 4 credits" }));
    fireEvent.click(screen.getByRole("button", { name: "Spend · 4 credits" }));
    await screen.findByText("The image");
    expect(page.simulator.charges).toHaveLength(1);
  });
});

describe("users", () => {
  test("nothing of one user is shown to the next, also not what comes late", async () => {
    const page = openPage(gate, { provider: { userKey: "ada" } });
    const free = page.wire.holdPost();
    fireEvent.click(await unlock());
    await waitFor(() => expect(page.wire.posts()).toHaveLength(1));

    page.show(gate, { userKey: "bob" });
    await unlock();
    free();
    await pass(3000);
    expect(page.simulator.charges).toHaveLength(1);
    await unlock();
    expect(screen.queryByText("The export")).toBeNull();

    page.show(gate, { userKey: "ada" });
    await screen.findByText("The export");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("a charge whose token comes after its user has left does not leave", async () => {
    let give = (_: string) => {};
    const getToken = vi.fn<() => Promise<string> | string>(() => "ada's");
    const page = openPage(gate, { provider: { userKey: "ada", getToken } });
    const button = await unlock();
    getToken.mockImplementation(
      () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    );
    fireEvent.click(button);
    await pass(10);
    getToken.mockImplementation(() => "bob's");
    page.show(gate, { userKey: "bob" });
    give("bob's");
    await unlock();
    await pass(1000);
    expect(page.wire.posts()).toHaveLength(0);
    expect(page.simulator.charges).toHaveLength(0);
  });

  test("what is paid stays as it is over a stray 401, while the app says that its user is signed in", async () => {
    const page = openPage(gate, { provider: { session: "signed_in" } });
    fireEvent.click(await unlock());
    const feature = await screen.findByText("The export");
    let refusals = 0;
    page.wire.meddle(async () => {
      refusals += 1;
      return Response.json(
        { code: "not_signed_in" },
        { status: 401, headers: { "Ares-Contract": "1" } },
      );
    });

    act(() => void window.dispatchEvent(new Event("online")));
    await waitFor(() => expect(refusals).toBeGreaterThan(0));
    await pass(1000);

    expect(screen.getByText("The export")).toBe(feature);
  });

  test.each([
    ["signed_out", "Sign in for Export · 1 credit", "signIn"],
    ["not_connected", "Connect ARES for Export · 1 credit", "connect"],
    ["reconnect", "Reconnect for Export · 1 credit", "reconnect"],
  ] as const)("%s offers %s", async (account, name, prop) => {
    const act = vi.fn();
    openPage(gate, { account, provider: { [prop]: act } });
    fireEvent.click(await screen.findByRole("button", { name }));
    expect(act).toHaveBeenCalledOnce();
    expect(state()).toBe(account);
  });
});
