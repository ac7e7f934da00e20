import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTestServer, type TestServerOptions } from "../../../src/testing";

// A page tells each text once, so each test loads the kit as a new page does.
let AresGate: typeof import("../../../src/react").AresGate;
let AresProvider: typeof import("../../../src/react").AresProvider;
let ConnectAres: typeof import("../../../src/react").ConnectAres;
let CreditBalance: typeof import("../../../src/react").CreditBalance;
let useAresUsage: typeof import("../../../src/react").useAresUsage;

const warn = vi.fn();
const told = () => warn.mock.calls.flat().map(String);

beforeEach(async () => {
  localStorage.clear();
  vi.resetModules();
  ({ AresGate, AresProvider, ConnectAres, CreditBalance, useAresUsage } = await import(
    "../../../src/react"
  ));
  warn.mockClear();
  vi.spyOn(console, "warn").mockImplementation(warn);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const settled = () => act(() => new Promise((next) => setImmediate(next)));
const serverOf = (options?: TestServerOptions) => createTestServer(options).fetch;

/** Renders twice: a second telling would be seen. */
async function open(ui: Parameters<typeof render>[0]) {
  const page = render(ui);
  await settled();
  page.rerender(ui);
  return page;
}

function Exporter({ usage }: { usage: string }) {
  const { charge, status } = useAresUsage({ usage, credits: 3 });
  return (
    <button type="button" onClick={() => charge()}>
      {status}
    </button>
  );
}

describe("a mistake is told in the console once, with what to do", () => {
  test.each([
    ["HTML", () => new Response("<!doctype html>")],
    ["404", () => new Response("not found", { status: 404 })],
  ])("an endpoint that answers %s", async (name, answer) => {
    const endpoint = `/nowhere/${name}`;
    await open(
      <AresProvider endpoint={endpoint} userKey="ada" fetch={async () => answer()}>
        <CreditBalance />
        <AresGate usage="report" />
      </AresProvider>,
    );
    await screen.findByText("Balance unavailable");
    await screen.findByText(/Not available now/);
    expect(told()).toEqual([
      expect.stringMatching(
        new RegExp(`^ARES: ${endpoint} .*no JSON, or not found.*endpoint, such as /api/ares`),
      ),
    ]);
  });

  test("a usage without a price, in a gate and in a hook", async () => {
    await open(
      <AresProvider
        endpoint="/api/ares"
        userKey="ada"
        fetch={serverOf({ prices: { report: 3, image: 4 } })}
      >
        <AresGate usage="reprot" />
        <Exporter usage="imgae" />
      </AresProvider>,
    );
    await screen.findByText(/Not available now/);
    await waitFor(() =>
      expect(told()).toEqual([
        expect.stringMatching(/"reprot" has no price.*definePrices.*report, image\.$/),
      ]),
    );

    fireEvent.click(screen.getByRole("button", { name: "idle" }));
    await screen.findByRole("button", { name: "not_charged" });
    expect(told().slice(1)).toEqual([expect.stringMatching(/"imgae" has no price/)]);
  });

  test("getToken without userKey", async () => {
    const page = (session: "loading" | "signed_in") => (
      <AresProvider
        endpoint="/api/ares"
        session={session}
        getToken={() => "token"}
        fetch={serverOf()}
      />
    );
    const { rerender } = await open(page("loading"));
    expect(told()).toEqual([]);

    rerender(page("signed_in"));
    rerender(page("signed_in"));
    expect(told()).toEqual([expect.stringMatching(/getToken but no userKey.*Pass userKey/)]);
  });

  test.each([
    ["signed_out", "signIn", ', or connect and signInWith="ares" where ARES signs your users in.'],
    ["not_connected", "connect", "."],
    ["reconnect", "reconnect", "."],
  ] as const)("a provider without a way out of %s", async (account, prop, end) => {
    await open(
      <AresProvider
        endpoint="/api/ares"
        userKey="ada"
        session={account === "signed_out" ? account : undefined}
        fetch={serverOf({ account })}
      >
        <AresGate usage="report" />
        <ConnectAres />
      </AresProvider>,
    );
    await waitFor(() =>
      expect(told()).toEqual([
        expect.stringContaining(
          `no ${prop}, so there is no button. Pass ${prop} to the provider${end}`,
        ),
      ]),
    );
  });

  test("a page that has to ask whether anybody is signed in", async () => {
    await open(
      <AresProvider
        endpoint="/api/ares"
        signIn={() => {}}
        fetch={serverOf({ account: "signed_out" })}
      >
        <AresGate usage="report" />
        <CreditBalance />
      </AresProvider>,
    );
    await waitFor(() =>
      expect(told()).toEqual([
        expect.stringMatching(
          /nobody is signed in.*had to ask.*session="signed_out".*initial from ares.snapshot/,
        ),
      ]),
    );
  });

  test("a gate that charges on mount without a resource", async () => {
    await open(
      <AresProvider endpoint="/api/ares" userKey="ada" fetch={serverOf()}>
        {/* @ts-expect-error `trigger="mount"` needs a resource. */}
        <AresGate usage="report" trigger="mount" />
      </AresProvider>,
    );
    await waitFor(() =>
      expect(told()).toEqual([
        expect.stringMatching(/"report" can't be charged.*trigger="mount" needs a resource/),
      ]),
    );
  });
});

test("a page without a mistake is told nothing", async () => {
  await open(
    <AresProvider
      endpoint="/api/ares"
      userKey="ada"
      getToken={() => "token"}
      signIn={() => {}}
      fetch={serverOf()}
    >
      <AresGate usage="report" label="Report">
        paid
      </AresGate>
      <ConnectAres />
    </AresProvider>,
  );
  fireEvent.click(await screen.findByRole("button", { name: /^Unlock/ }));
  await screen.findByText("paid");

  expect(told()).toEqual([]);
});

test("production is told nothing", async () => {
  vi.stubEnv("NODE_ENV", "production");
  await open(
    <AresProvider
      endpoint="/nowhere/production"
      getToken={() => "token"}
      fetch={async () => new Response("<!doctype html>")}
    >
      <AresGate usage="nothing" />
    </AresProvider>,
  );
  await screen.findByText(/Not available now/);

  expect(told()).toEqual([]);
});
