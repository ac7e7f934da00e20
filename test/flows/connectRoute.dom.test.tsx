import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresGate, type AresProviderProps } from "../../src/react";
import type { TestServerOptions } from "../../src/testing";
import { openPage, words } from "./page";

const page = "https://app.example/reports/7?tab=2";
const assign = vi.fn();
const replaceState = vi.fn();

/** The page stands at an address, and tells where it would go. */
function standAt(address: string): void {
  const { href, origin, protocol, pathname, search } = new URL(address);
  vi.stubGlobal("location", { href, origin, protocol, pathname, search, assign });
}

beforeEach(() => {
  standAt(page);
  vi.spyOn(history, "replaceState").mockImplementation(replaceState);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  assign.mockReset();
  replaceState.mockReset();
});

const route = "/api/ares/connect";
const start = `${route}?return=${encodeURIComponent(page)}`;
const open = (
  account: NonNullable<TestServerOptions["account"]>,
  provider: Partial<AresProviderProps> = {},
) => openPage(<AresGate usage="report" />, { account, provider: { connect: route, ...provider } });
const press = async (name: RegExp) => fireEvent.click(await screen.findByRole("button", { name }));

describe("connect, as the address of a route", () => {
  test.each([
    ["not_connected", /^Connect ARES/],
    ["reconnect", /^Reconnect to unlock/],
  ] as const)(
    "takes a user who is %s to ARES, and back to the same page",
    async (account, name) => {
      open(account);
      await press(name);

      await waitFor(() => expect(assign.mock.calls).toEqual([[start]]));
    },
  );

  test.each([
    ["too long for the route", `https://app.example/reports/7?tab=${"x".repeat(2000)}`],
    ["with what no route takes", "https://app.example/reports/7?tab=\\2"],
    ["with a fragment", "https://app.example/reports/7#access_token=1"],
  ])("leads back to the page without the part of its address that is %s", async (_, address) => {
    standAt(address);
    open("not_connected");
    await press(/^Connect ARES/);

    const back = encodeURIComponent("https://app.example/reports/7");
    await waitFor(() => expect(assign.mock.calls).toEqual([[`${route}?return=${back}`]]));
  });

  test("signs users in where ARES is the app's sign-in", async () => {
    open("signed_out", { signInWith: "ares" });
    await press(/^Sign in with ARES/);

    await waitFor(() => expect(assign.mock.calls).toEqual([[start]]));
  });

  test("is no way to sign in to an app that has its own", async () => {
    open("signed_out");

    await waitFor(() => expect(words()).toContain("Sign in to use this."));
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("leaves an own way to reconnect alone", async () => {
    const reconnect = vi.fn();
    open("reconnect", { reconnect });
    await press(/^Reconnect to unlock/);

    expect(reconnect).toHaveBeenCalledOnce();
    expect(assign).not.toHaveBeenCalled();
  });

  test("sends a session's token by POST, and goes where the answer says", async () => {
    const view = open("not_connected", { getToken: () => "simulated-session" });
    view.wire.meddle(async ({ url }, forward) =>
      url.startsWith(route) ? Response.json({ url: "https://ares.example/oauth" }) : forward(),
    );
    await press(/^Connect ARES/);

    await waitFor(() => expect(assign.mock.calls).toEqual([["https://ares.example/oauth"]]));
    expect(view.wire.posts().map(({ url }) => url)).toEqual([start]);
  });

  test.each([
    [
      "refuses",
      () => Response.json({ code: "auth_unavailable" }, { status: 503 }),
      "auth_unavailable",
    ],
    ["sends no address", () => Response.json({}, { status: 200 }), "unexpected_response"],
    ["is unreachable", () => Promise.reject(new TypeError("Failed to fetch")), "network_error"],
  ])("tells the user and the app when the route %s", async (_, answer, code) => {
    const onConnectError = vi.fn();
    const view = open("not_connected", { getToken: () => "simulated-session", onConnectError });
    view.wire.meddle(async ({ url }, forward) => (url.startsWith(route) ? answer() : forward()));
    await press(/^Connect ARES/);

    await waitFor(() => expect(words()).toContain("Connecting did not work."));
    expect(onConnectError.mock.calls[0]?.[0]).toMatchObject({ code });
    expect(assign).not.toHaveBeenCalled();
  });

  test("says it when the user comes back without a link, and takes that out of the address", async () => {
    standAt(`${page}&ares_connect=denied`);
    open("not_connected");

    await waitFor(() => expect(words()).toContain("Connecting did not work."));
    expect(String(replaceState.mock.calls[0]?.[2])).toBe(page);
  });

  test("reads nothing from the address for an app that connects by a function", async () => {
    standAt(`${page}&ares_connect=denied`);
    open("not_connected", { connect: () => {} });
    await screen.findByRole("button", { name: /^Connect ARES/ });

    expect(words()).not.toContain("Connecting did not work.");
    expect(replaceState).not.toHaveBeenCalled();
  });
});
