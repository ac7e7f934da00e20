import { keepPreviousData, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test } from "vitest";
import { AresGate, ChargeHistory, CreditBalance, useAresCharges } from "../../src/react";
import { createAresSimulator } from "../../src/testing";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

/** A page on which Ada is signed in first, with 10 credits, and later Bob, with 20. */
function openFor(ui: ReactNode, wrapper?: (props: { children: ReactNode }) => ReactNode) {
  let who = "ada";
  const simulator = createAresSimulator({ users: { ada: 10, bob: 20 } });
  const page = openPage(ui, {
    simulator,
    user: () => who,
    provider: { userKey: "ada", session: "signed_in" },
    ...(wrapper && { wrapper }),
  });
  return {
    ...page,
    signOut: () => page.show(ui, { userKey: undefined, session: "signed_out" }),
    /** Another tab signs Bob in. The cookie now names Bob, and the app has not noticed. */
    becomeBob() {
      who = "bob";
    },
    /** Bob's first reads wait until a test releases them. */
    signInBob() {
      let free = () => {};
      const held = new Promise<void>((resolve) => {
        free = resolve;
      });
      page.wire.meddle((_, forward) => held.then(forward));
      who = "bob";
      page.wire.log.length = 0;
      page.show(ui, { userKey: "bob" });
      return free;
    },
  };
}

test("the history of one user is neither shown after they signed out nor to the next", async () => {
  function Book() {
    const { charges, error } = useAresCharges();
    return <ChargeHistory charges={charges} error={error} />;
  }
  const page = openFor(
    <>
      <Book />
      <AresGate usage="report" resource="adas-divorce" label="Report" />
    </>,
  );
  const rows = () => screen.queryAllByRole("listitem").map(({ textContent }) => textContent);
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
  await waitFor(() => expect(rows()).toHaveLength(1));

  page.signOut();
  expect(rows()).toEqual([]);
  const free = page.signInBob();
  await waitFor(() => expect(page.wire.reads().length).toBeGreaterThan(0));
  expect(rows()).toEqual([]);
  free();
  await screen.findByText(/Nothing has been charged yet/);
});

test("the balance of one user is not shown to the next, whatever an app has its queries show meanwhile", async () => {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { placeholderData: keepPreviousData } },
  });
  const page = openFor(<CreditBalance />, ({ children }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  ));
  await screen.findByRole("group", { name: "ARES balance: 10 credits" });

  const free = page.signInBob();
  expect(page.container.textContent).not.toContain("10");
  free();
  await screen.findByRole("group", { name: "ARES balance: 20 credits" });
});

test("a charge that one user left open is not found by the next, though a plain hash gives both names one value", async () => {
  const gate = (
    <AresGate usage="export-pdf" label="Export" credits={1}>
      <p>The export</p>
    </AresGate>
  );
  const page = openPage(gate, { guide: true, provider: { userKey: "user-Aa" } });
  page.wire.losePost("after");
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Export · 1 credit" }));
  await screen.findByText(/Payment not confirmed/);

  page.show(gate, { userKey: "user-BB" });
  await screen.findByRole("button", { name: "Unlock Export · 1 credit" });
  expect(screen.queryByText(/Payment not confirmed/)).toBeNull();

  page.show(gate, { userKey: "user-Aa" });
  await screen.findByText(/Payment not confirmed/);
  expect(page.simulator.charges).toHaveLength(1);
});

test("what one user unlocked is gone once the endpoint answers for another, whatever the app calls its user", async () => {
  const page = openFor(
    <AresGate usage="report" label="Report">
      <p>The report</p>
    </AresGate>,
  );
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
  await screen.findByText("The report");

  page.becomeBob();
  fireEvent(window, new Event("online"));

  await screen.findByText("You have 20 credits.");
  expect(screen.queryByText("The report")).toBeNull();
});
