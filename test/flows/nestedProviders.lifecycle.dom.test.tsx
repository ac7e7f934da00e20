import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AresGate, AresProvider, type AresProviderProps, CreditBalance } from "../../src/react";
import { createAresSimulator, createTestServer, type SimulatedAccount } from "../../src/testing";
import { wireOf } from "./page";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

/** A page whose reports have a provider of their own, as in docs/first-paint. Each part has a balance and a gate of one report. */
async function openPage(outer: (user: string) => Partial<AresProviderProps>) {
  const who = { user: "ada" };
  const simulator = createAresSimulator({ users: { ada: 698.5, bob: 50 } });
  const { server, fetch } = createTestServer({
    simulator,
    prices: { report: 3 },
    user: () => who.user,
  });
  const wire = wireOf(fetch);
  const snapshot = () =>
    server.snapshot(
      new Request("https://app.example/", {
        headers: { Authorization: "Bearer simulated-session" },
      }),
    );
  const part = (name: string) => (
    <section aria-label={name}>
      <CreditBalance />
      <AresGate usage="report" resource="r-1" label="Report">
        <p>The report</p>
      </AresGate>
    </section>
  );
  const tree = (initial: AresProviderProps["initial"]) => (
    <StrictMode>
      <AresProvider endpoint="/api/ares" fetch={wire.fetch} {...outer("ada")}>
        {part("outer")}
        <AresProvider endpoint="/api/ares" fetch={wire.fetch} initial={initial}>
          {part("inner")}
        </AresProvider>
      </AresProvider>
    </StrictMode>
  );
  const { rerender } = render(tree(await snapshot()));
  return {
    who,
    wire,
    simulator,
    /** The page's snapshot is made again, as by `router.refresh()`. */
    refresh: async () => rerender(tree(await snapshot())),
    part: (name: string) => within(screen.getByRole("region", { name })),
  };
}

describe.each<[string, (user: string) => Partial<AresProviderProps>]>([
  ["with a userKey", (userKey) => ({ userKey })],
  ["with nothing", () => ({})],
])("an outer provider %s and an inner provider with a snapshot", (_, outer) => {
  test.each([
    ["inner", "outer"],
    ["outer", "inner"],
  ])(
    "are one page: what is paid in the %s part opens in the %s part, and both show the new balance",
    async (presses, hears) => {
      const { part, simulator } = await openPage(outer);
      await part(hears).findByText("698.5 credits");

      fireEvent.click(
        await part(presses).findByRole("button", { name: "Unlock Report · 3 credits" }),
      );

      for (const name of [presses, hears]) {
        await part(name).findByText("695.5 credits");
        await part(name).findByText("The report");
      }
      expect(simulator.charges).toHaveLength(1);
    },
  );

  test("are one page: a new user whom the snapshot names is told to the outer part", async () => {
    const { part, who, refresh } = await openPage(outer);
    await part("outer").findByText("698.5 credits");

    who.user = "bob";
    await refresh();

    await part("inner").findByText("50 credits");
    await part("outer").findByText("50 credits");
  });
});

test("a page of nobody comes to life in each part, when one of its snapshots names a user", async () => {
  const who: { user: string; account: SimulatedAccount } = { user: "ada", account: "signed_out" };
  const simulator = createAresSimulator({ users: { ada: 698.5 } });
  const { server, fetch } = createTestServer({
    simulator,
    prices: { report: 3 },
    user: () => who.user,
    account: () => who.account,
  });
  const request = new Request("https://app.example/", {
    headers: { Authorization: "Bearer simulated-session" },
  });
  const nobody = await server.snapshot(request);
  const tree = (inner: typeof nobody) => (
    <AresProvider endpoint="/api/ares" initial={nobody} fetch={fetch}>
      <section aria-label="outer">
        <CreditBalance />
      </section>
      <AresProvider endpoint="/api/ares" initial={inner} fetch={fetch}>
        <CreditBalance />
      </AresProvider>
    </AresProvider>
  );
  const { rerender } = render(tree(nobody));
  await within(screen.getByRole("region", { name: "outer" })).findByText("Not signed in");
  who.account = "connected";

  rerender(tree(await server.snapshot(request)));

  await within(screen.getByRole("region", { name: "outer" })).findByText("698.5 credits");
});

test("two users of one browser hear nothing of each other's charges", async () => {
  const one = await openPage((userKey) => ({ userKey }));
  await one.part("outer").findByText("698.5 credits");
  const asked = one.wire.log.length;
  const server = createTestServer({
    simulator: one.simulator,
    prices: { report: 3 },
    user: () => "bob",
  });
  const wire = wireOf(server.fetch);
  const view = render(
    <AresProvider endpoint="/api/ares" userKey="bob" fetch={wire.fetch}>
      <section aria-label="bob">
        <CreditBalance />
        <AresGate usage="report" resource="r-1" label="Report">
          <p>The report</p>
        </AresGate>
      </section>
    </AresProvider>,
  );
  const bob = within(view.container);
  await bob.findByText("50 credits");
  // Whoever shows another user looks once who is signed in.
  await waitFor(() => expect(one.wire.log).toHaveLength(asked + 2));

  fireEvent.click(await bob.findByRole("button", { name: "Unlock Report · 3 credits" }));
  await bob.findByText("47 credits");

  expect(one.wire.log).toHaveLength(asked + 2);
  expect(one.part("outer").getByText("698.5 credits")).toBeTruthy();
});
