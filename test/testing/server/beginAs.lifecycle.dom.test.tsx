import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { AresGate, CreditBalance } from "ares-react";
import { quoted } from "ares-react/server";
import {
  AresTestProvider,
  type AresTestProviderProps,
  createAresSimulator,
  createTestServer,
} from "ares-react/testing";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";

afterEach(cleanup);

function open(props: AresTestProviderProps) {
  const simulator = props.simulator ?? createAresSimulator({ users: { ada: 698 } });
  render(
    <AresTestProvider simulator={simulator} {...props}>
      <CreditBalance />
      <AresGate usage="report" resource="r-1" label="Report">
        <p>The report.</p>
      </AresGate>
    </AresTestProvider>,
  );
  return simulator;
}

const gateIs = (status: string) =>
  waitFor(() =>
    expect(document.querySelector('[data-ares-part="gate"]')?.getAttribute("data-status")).toBe(
      status,
    ),
  );
const unlock = async () => userEvent.click(await screen.findByRole("button", { name: /Unlock/ }));

describe("a component test begins in one line", () => {
  it("as paid: the gate opens by itself, no credits moved, and the balance is whole", async () => {
    const { charges } = open({ charges: [{ usage: "report", resource: "r-1" }] });
    await screen.findByText("The report.");
    await screen.findAllByText(/698/);
    expect(charges).toEqual([]);
  });

  it("as unknown: the gate sends nothing more", async () => {
    const simulator = open({ charges: [{ usage: "report", resource: "r-1", status: "unknown" }] });
    await gateIs("unknown");
    expect([simulator.charges, simulator.balanceOf("ada")]).toEqual([[], 698]);
  });

  it("as short of credits, signed out, not connected, or with an ended link", async () => {
    open({ balance: 2 });
    await gateIs("insufficient");
    for (const account of ["signed_out", "not_connected", "reconnect"] as const) {
      cleanup();
      open({ account });
      await gateIs(account);
    }
  });

  it("as refused by ARES at the first press, whatever the balance was", async () => {
    const simulator = open({ fault: "insufficient" });
    await unlock();
    await gateIs("insufficient");
    expect(simulator.charges).toEqual([]);
  });

  it("as unknown after the first press: a fault leaves the balance read alone", async () => {
    const simulator = open({ fault: "drop-after-charge" });
    await screen.findAllByText(/698/);
    await unlock();
    await waitFor(() => expect(simulator.charges).toHaveLength(1));
    await gateIs("unknown");
    expect(screen.queryByText("The report.")).toBeNull();
  });

  it("of one resource alone: another one is not paid", async () => {
    open({ charges: [{ usage: "report", resource: "r-2" }] });
    await gateIs("locked");
  });
});

describe("a test server", () => {
  it("has its charges when it is ready, for its own user, and for the paid routes too", async () => {
    const simulator = createAresSimulator({ users: { ada: 5, bob: 5 } });
    const input = z.object({ pages: z.number() });
    const prices = { report: 3, render: quoted({ input, credits: ({ pages }) => pages }) };
    const { server, ready } = createTestServer({
      simulator,
      prices,
      user: "bob",
      charges: [
        { usage: "report", resource: "r-1" },
        { usage: "render", resource: "r-2", input: { pages: 2 } },
        { usage: "report", resource: "r-3", status: "unknown" },
      ],
    });
    await ready;

    const rows = await server.charges.list({});
    expect(
      rows
        .map(({ userId, resource, status, hundredths }) => [userId, resource, status, hundredths])
        .sort(),
    ).toEqual([
      ["bob", "r-1", "charged", 300],
      ["bob", "r-2", "charged", 200],
      ["bob", "r-3", "unknown", 300],
    ]);
    const get = new Request("https://app.example/report");
    expect((await server.requirePaid(get, { usage: "report", resource: "r-1" })).userId).toBe(
      "bob",
    );
    expect([simulator.charges, simulator.requests.log]).toEqual([[], []]);
  });

  it("that begins with a usage without a price says so", async () => {
    await expect(
      createTestServer({ charges: [{ usage: "raport", resource: "r" }] }).ready,
    ).rejects.toMatchObject({
      code: "unknown_usage",
    });
  });
});
