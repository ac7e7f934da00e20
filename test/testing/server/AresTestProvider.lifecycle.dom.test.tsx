import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { useAresUsage, useAresUser } from "ares-react";
import { AresTestProvider, createAresSimulator, createTestServer } from "ares-react/testing";
import { StrictMode } from "react";
import { afterEach, describe, expect, it } from "vitest";

afterEach(cleanup);

function Shop({ resource }: { resource?: string }) {
  const user = useAresUser();
  const { charge, check, status } = useAresUsage({
    usage: "report",
    ...(resource === undefined ? {} : { resource }),
  });
  return (
    <main>
      <output aria-label="balance">{user.status === "ready" ? user.credits : user.status}</output>
      <output aria-label="charge">{status}</output>
      <button type="button" onClick={() => void charge()}>
        Buy
      </button>
      <button type="button" onClick={() => void check()}>
        Check
      </button>
    </main>
  );
}

const shows = (label: string, text: string | number) =>
  waitFor(() => expect(screen.getByLabelText(label).textContent).toBe(String(text)));
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));

describe("AresTestProvider", () => {
  it("needs nothing else: a press moves credits on screen and in the book", async () => {
    const simulator = createAresSimulator({ users: { ada: 698 } });
    render(
      <StrictMode>
        <AresTestProvider simulator={simulator}>
          <Shop />
        </AresTestProvider>
      </StrictMode>,
    );
    await shows("balance", 698);

    await press("Buy");

    await shows("balance", 695);
    await shows("charge", "charged");
    expect(simulator.charges).toMatchObject([{ userId: "ada", usage: "report", credits: 3 }]);
  });

  it("brings a simulator of its own", async () => {
    render(
      <AresTestProvider>
        <Shop />
      </AresTestProvider>,
    );

    await shows("balance", 698);
  });

  it.each([
    ["signed_out", "signed_out"],
    ["not_connected", "not_connected"],
    ["connected", "698"],
    ["reconnect", "reconnect"],
  ] as const)("prop: account %s", async (account, shown) => {
    render(
      <AresTestProvider account={account}>
        <Shop />
      </AresTestProvider>,
    );

    await shows("balance", shown);
  });

  it("props: balance and account may change while it is shown", async () => {
    const app = (account: "not_connected" | "connected", balance: number) => (
      <AresTestProvider account={account} balance={balance}>
        <Shop />
      </AresTestProvider>
    );
    const { rerender } = render(app("not_connected", 5));
    await shows("balance", "not_connected");

    rerender(app("connected", 5));
    await shows("balance", 5);

    rerender(app("connected", 2.5));
    await shows("balance", 2.5);
  });

  it("prop: prices are what the server charges", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });
    render(
      <AresTestProvider simulator={simulator} prices={{ report: 0.25 }}>
        <Shop />
      </AresTestProvider>,
    );
    await shows("balance", 10);

    await press("Buy");

    await shows("balance", 9.75);
  });

  it("prop: server keeps its ledger through a reload: what was paid for is not charged again", async () => {
    const server = createTestServer();
    const page = (
      <AresTestProvider server={server}>
        <Shop resource="42" />
      </AresTestProvider>
    );
    const first = render(page);
    await press("Buy");
    await shows("charge", "charged");
    first.unmount();

    render(page);
    await press("Buy");

    await shows("charge", "charged");
    expect(server.simulator.charges).toHaveLength(1);
  });

  it("prop: server keeps an unknown outcome through a reload, and nothing is sent again", async () => {
    const server = createTestServer();
    server.simulator.fail("drop-after-charge", { on: "usage" });
    const page = (
      <AresTestProvider server={server}>
        <Shop />
      </AresTestProvider>
    );
    const first = render(page);
    await press("Buy");
    await shows("charge", "unknown");
    first.unmount();

    render(page);

    await shows("charge", "unknown");
    await press("Buy");
    await shows("charge", "unknown");
    expect(server.simulator.charges).toHaveLength(1);
  });

  it("leaves nothing of one test to the next", async () => {
    const simulator = createAresSimulator();
    simulator.fail("drop-after-charge", { on: "usage" });
    const first = render(
      <AresTestProvider simulator={simulator}>
        <Shop resource="42" />
      </AresTestProvider>,
    );
    await press("Buy");
    await shows("charge", "unknown");
    first.unmount();

    render(
      <AresTestProvider>
        <Shop resource="42" />
      </AresTestProvider>,
    );
    await press("Buy");

    await shows("charge", "charged");
  });
});
