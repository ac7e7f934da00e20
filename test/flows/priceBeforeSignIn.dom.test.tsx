import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { AresGate, type AresProviderProps, useAresPrice } from "../../src/react";
import type { AresSnapshot } from "../../src/server";
import { openPage } from "./page";

afterEach(cleanup);

const gate = <AresGate usage="report">The report</AresGate>;
const ways = { signIn: () => {}, connect: () => {}, reconnect: () => {} };
const steps = [
  ["signed_out", "Sign in to unlock", "Sign in for Report"],
  ["not_connected", "Connect ARES to unlock", "Connect ARES for Report"],
  ["reconnect", "Reconnect to unlock", "Reconnect for Report"],
] as const;
const snapshot = (more: Partial<AresSnapshot>): AresSnapshot => ({
  version: 1,
  at: Date.now(),
  locale: "en",
  session: "signed_in",
  connection: "unknown",
  prices: { report: 3 },
  charges: [],
  ...more,
});

test.each(steps)("the answer to a user who is %s brings the price", async (account, verb) => {
  openPage(gate, { account, provider: ways });

  const button = await screen.findByRole("button", { name: `${verb} · 3 credits` });

  expect(button.querySelector("[data-ares-part=price]")?.textContent).toContain("3 credits");
});

test.each(steps)(
  "the button of a gate with a label names the feature to a user who is %s",
  async (account, _, named) => {
    openPage(<AresGate usage="report" label="Report" />, { account, provider: ways });

    expect(await screen.findByRole("button", { name: `${named} · 3 credits` })).toBeTruthy();
  },
);

test.each(steps)(
  "below a title the button names the feature by words that are only heard by a user who is %s",
  async (account, verb) => {
    openPage(<AresGate usage="report" label="Report" variant="card" />, {
      account,
      provider: ways,
    });

    const button = await screen.findByRole("button", { name: `${verb} · 3 credits · Report` });

    expect(within(button).getByText("· Report").dataset.aresPart).toBe("heard");
  },
);

test.each(steps)(
  "a gate's own credits are its price for a user who is %s",
  async (account, verb) => {
    openPage(
      <AresGate usage="not-published" credits={5}>
        The report
      </AresGate>,
      { account, provider: ways },
    );

    await screen.findByRole("button", { name: `${verb} · 5 credits` });
  },
);

test.each<[string, Partial<AresProviderProps>, string]>([
  [
    "somebody who is signed out",
    { session: "signed_out", initial: snapshot({ session: "signed_out" }) },
    "Sign in to unlock",
  ],
  [
    "a user without ARES",
    { userKey: "ann", initial: snapshot({ userKey: "ann", connection: "not_connected" }) },
    "Connect ARES to unlock",
  ],
  [
    "a user whose link has ended",
    { userKey: "ann", initial: snapshot({ userKey: "ann", connection: "reconnect" }) },
    "Reconnect to unlock",
  ],
])("a snapshot tells %s the price, and nothing is asked", (_, provider, verb) => {
  const page = openPage(gate, { account: "signed_out", provider: { ...ways, ...provider } });

  expect(screen.getByRole("button", { name: `${verb} · 3 credits` })).toBeTruthy();
  expect(page.wire.log).toEqual([]);
});

test("without a snapshot, a page that knows of no user shows no price, and asks for none", () => {
  const page = openPage(gate, { provider: { ...ways, session: "signed_out" } });

  expect(screen.getByRole("button", { name: "Sign in to unlock" })).toBeTruthy();
  expect(page.wire.log).toEqual([]);
});

test("useAresPrice has the price before anybody has signed in", async () => {
  function Price() {
    const { price } = useAresPrice({ usage: "report" });
    return <p>{price ?? "no price"}</p>;
  }
  openPage(<Price />, { account: "signed_out" });

  await screen.findByText("3");
});
