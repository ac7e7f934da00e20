import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { AresGate, AresProvider, CreditBalance, useAresCharges } from "../../src/react";
import { createAresSimulator, createTestServer } from "../../src/testing";
import { wireOf } from "./page";
import { listenIn } from "./transcript";

beforeEach(() => localStorage.clear());

/** What the user has paid for, and a way to read that again without the balance. */
function Charges() {
  const { charges = [], refetch } = useAresCharges();
  return (
    <>
      <output>{charges.map(({ usage }) => usage).join(" ")}</output>
      <button type="button" onClick={() => void refetch()}>
        List
      </button>
    </>
  );
}

/** A page with a cookie session and no `userKey`. Another user signs in in a second window. */
function openPage() {
  const simulator = createAresSimulator({
    users: {
      ann: { credits: 100, email: "ann@example.com" },
      bob: { credits: 100, email: "bob@example.com" },
    },
  });
  let signedIn = "ann";
  const { fetch } = createTestServer({
    simulator,
    user: () => signedIn,
  });
  const wire = wireOf(fetch);
  const page = (
    <AresProvider endpoint="/api/ares" fetch={wire.fetch}>
      <CreditBalance refresh />
      <AresGate usage="report" resource="r-1" label="Report">
        <p>The report</p>
      </AresGate>
      <AresGate usage="export-pdf" label="Export">
        <p>The export</p>
      </AresGate>
      <Charges />
    </AresProvider>
  );
  const user = userEvent.setup();
  const view = render(page);
  return {
    simulator,
    wire,
    press: async (label: string) =>
      user.click(
        await screen.findByRole("button", { name: new RegExp(`^(Unlock ${label}|Try again)`) }),
      ),
    signIn: (name: string) => {
      signedIn = name;
    },
    reload() {
      view.unmount();
      return render(page);
    },
    credits: (name: string) => simulator.users().find(({ user }) => user === name)?.credits,
    stored: () => Object.values({ ...localStorage }).map((text) => JSON.parse(text)),
  };
}

test("a press on a page that shows another user charges nobody, and says who is signed in now", async () => {
  const { press, signIn, credits } = openPage();
  await screen.findByRole("button", { name: /^Unlock Export/ });
  signIn("bob");

  await press("Export");

  await screen.findByText(/Another user is signed in now/);
  await screen.findByText(/bob@example\.com/);
  // The press was not bob's, so there is nothing to try again.
  expect(screen.queryByRole("button", { name: /^Try again/ })).toBeNull();
  screen.getByRole("button", { name: "Unlock Export · 1 credit" });
  expect([credits("ann"), credits("bob")]).toEqual([100, 100]);
});

test("only the pressed gate says, once, that another user is signed in", async () => {
  const ear = listenIn();
  const { press, signIn } = openPage();
  await screen.findByRole("button", { name: /^Unlock Export/ });
  signIn("bob");
  await press("Export");
  await screen.findByText(/bob@example\.com/);
  const words =
    "Another user is signed in now. Nothing was charged to them. You are signed in as bob@example.com.";
  await waitFor(() =>
    expect(ear.said.filter((said) => said.startsWith("alert"))).toEqual([`alert: ${words}`]),
  );

  // The next press is the new user's.
  await press("Export");
  await screen.findByText("The export");
  expect(ear.said.filter((said) => said.includes("Another user"))).toHaveLength(1);
  ear.stop();
});

test("the new user's next press charges the new user, once", async () => {
  const { press, signIn, credits, simulator } = openPage();
  await screen.findByRole("button", { name: /^Unlock Export/ });
  signIn("bob");
  await press("Export");
  await screen.findByText(/bob@example\.com/);

  await press("Export");

  await screen.findByText("The export");
  expect([credits("ann"), credits("bob")]).toEqual([100, 99]);
  expect(simulator.charges).toHaveLength(1);
});

test("what the user before unlocked is closed", async () => {
  const { press, signIn } = openPage();
  await press("Report");
  await screen.findByText("The report");
  signIn("bob");

  await press("Export");

  await waitFor(() => expect(screen.queryByText("The report")).toBeNull());
  await screen.findByRole("button", { name: /^Unlock Report/ });
});

test("the charges of the new user never stand beside the balance of the user before", async () => {
  const { press, signIn, reload } = openPage();
  signIn("bob");
  await press("Export");
  await screen.findByText("export-pdf", { selector: "output" });
  signIn("ann");
  reload();
  await screen.findByText("100 credits");
  signIn("bob");
  const texts: string[] = [];
  new MutationObserver(() => texts.push(document.body.textContent ?? "")).observe(document.body, {
    subtree: true,
    childList: true,
  });

  fireEvent.click(screen.getByRole("button", { name: "List" }));

  await screen.findByText("export-pdf", { selector: "output" });
  expect(
    texts.filter((text) => text.includes("100 credits") && text.includes("export-pdf")),
  ).toEqual([]);
});

test("an open charge of the user before stays theirs: the new user never sees it, and it opens when its user is back", async () => {
  const { press, signIn, wire, reload, simulator, stored } = openPage();
  await screen.findByRole("button", { name: /^Unlock Export/ });
  wire.losePost("after");
  simulator.fail("drop-after-charge", { on: "usage" });
  await press("Export");
  await waitFor(() => expect(stored()).toHaveLength(1));
  const [{ key }] = stored();

  signIn("bob");
  reload();
  await screen.findByRole("button", { name: /^Unlock Export/ });
  await screen.findByRole("button", { name: /^Unlock Report/ });
  expect(stored().map((entry) => entry.key)).toEqual([key]);
  await press("Export");
  await screen.findByText("The export");
  expect(stored().map((entry) => entry.key)).toContain(key);

  signIn("ann");
  const { container } = reload();
  await waitFor(() =>
    expect(container.querySelectorAll("[data-status='unknown']").length).toBeGreaterThan(0),
  );
});

test("a read that answers for another user is not believed: it opens nothing and drops no key", async () => {
  const { press, signIn, simulator, credits } = openPage();
  await press("Report");
  await screen.findByText("The report");
  signIn("bob");

  const refresh = screen.getByRole("button", { name: "Refresh balance" });
  await waitFor(() => expect(refresh.getAttribute("aria-busy")).toBe("false"));
  fireEvent.click(refresh);

  await waitFor(() => expect(screen.queryByText("The report")).toBeNull());
  expect(simulator.charges).toHaveLength(1);
  expect(credits("bob")).toBe(100);
});
