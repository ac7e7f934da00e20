import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Activity, StrictMode } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { AresGate, type AresGateOwnProps, AresProvider, CreditBalance } from "../../../src/react";
import { createTestServer } from "../../../src/testing";
import { modals } from "../../flows/modals";
import { openPage, wireOf } from "../../flows/page";

beforeEach(() => localStorage.clear());

const gate = (props: Partial<AresGateOwnProps> = {}) => (
  <AresGate usage="report" label="Report" {...props}>
    <p>The report</p>
  </AresGate>
);
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

describe("a page that React keeps hidden", () => {
  test.each([undefined, "r-1"])(
    "shows a charge that ended meanwhile once it is back, for one deduction (resource %s)",
    async (resource) => {
      const page = openPage(<Activity>{gate({ resource })}</Activity>, { wrapper: StrictMode });
      const free = page.wire.holdPost();
      await press("Unlock Report · 3 credits");
      await waitFor(() => expect(page.wire.posts()).toHaveLength(1));
      page.show(<Activity mode="hidden">{gate({ resource })}</Activity>);
      await act(async () => free());
      await waitFor(() => expect(page.simulator.charges).toHaveLength(1));

      page.show(<Activity>{gate({ resource })}</Activity>);

      await screen.findByText("The report");
      expect(page.simulator.charges).toHaveLength(1);
      expect(page.wire.posts()).toHaveLength(1);
    },
  );

  test("lets go of the page while its question is open, and asks it again when it is back", async () => {
    const open = modals();
    const page = openPage(<Activity>{gate({ confirmation: "always" })}</Activity>);
    await press("Unlock Report · 3 credits");
    expect(open.size).toBe(1);

    page.show(<Activity mode="hidden">{gate({ confirmation: "always" })}</Activity>);
    expect(open.size).toBe(0);

    page.show(<Activity>{gate({ confirmation: "always" })}</Activity>);
    expect(open.size).toBe(1);
    expect(page.wire.posts()).toHaveLength(0);
  });

  test("reads again once it is back: what was paid meanwhile is open, and the balance is new", async () => {
    const { server, fetch, simulator } = createTestServer({ prices: { report: 3 } });
    const wire = wireOf(fetch);
    const request = new Request("https://app.example/", {
      headers: { Authorization: "Bearer simulated-session" },
    });
    const initial = await server.snapshot(request, {
      charges: [{ usage: "report", resource: "r-1" }],
    });
    const tree = (mode: "visible" | "hidden") => (
      <StrictMode>
        <Activity mode={mode}>
          <AresProvider endpoint="/api/ares" initial={initial} fetch={wire.fetch}>
            <CreditBalance />
            {gate({ resource: "r-1" })}
          </AresProvider>
        </Activity>
      </StrictMode>
    );
    const { rerender } = render(tree("visible"));
    await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    expect(wire.log).toEqual([]);
    rerender(tree("hidden"));
    // Another route's provider charges.
    await server.charge(request, { usage: "report", resource: "r-1" });
    await act(() => new Promise((next) => setTimeout(next)));

    rerender(tree("visible"));

    await screen.findByText(`${simulator.balanceOf("user_1")} credits`);
    await screen.findByText("The report");
    expect(wire.posts()).toEqual([]);
    expect(wire.reads()).toHaveLength(2);
  });

  test("sends nothing for a press whose provider was hidden before its token came, and charges the next press once", async () => {
    let token: () => Promise<string> = async () => "simulated-session";
    const page = openPage(<p />);
    const provided = (mode: "visible" | "hidden") => (
      <Activity mode={mode}>
        <AresProvider
          endpoint="/api/ares"
          userKey="ada"
          fetch={page.wire.fetch}
          getToken={() => token()}
        >
          {gate()}
        </AresProvider>
      </Activity>
    );
    page.show(provided("visible"));
    await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    let give = (_: string) => {};
    token = () =>
      new Promise((resolve) => {
        give = resolve;
      });
    await press("Unlock Report · 3 credits");
    await waitFor(() => expect(localStorage).toHaveLength(1));

    page.show(provided("hidden"));
    await act(async () => give("simulated-session"));
    token = async () => "simulated-session";
    expect(page.wire.posts()).toEqual([]);

    page.show(provided("visible"));
    await press("Unlock Report · 3 credits");
    await screen.findByText("The report");
    expect(page.simulator.charges).toHaveLength(1);
  });
});
