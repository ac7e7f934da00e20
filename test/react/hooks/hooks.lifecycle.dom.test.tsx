import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, renderHook, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  AresGate,
  AresProvider,
  CreditBalance,
  useAresFetch,
  useAresGate,
  useAresUsage,
  useAresUser,
} from "../../../src/react";
import { createAresSimulator, createTestServer } from "../../../src/testing";
import { openPage } from "../../flows/page";

beforeEach(() => localStorage.clear());

function world(options: Parameters<typeof createTestServer>[0] = {}) {
  const server = createTestServer(options);
  const fetch = vi.fn(server.fetch);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={fetch}>
      {children}
    </AresProvider>
  );
  const posts = () => fetch.mock.calls.filter(([, init]) => init?.method === "POST").length;
  return { ...server, fetch, wrapper, posts };
}

describe.each([
  ["useAresUsage", (resource: string) => useAresUsage({ usage: "report", resource })],
  ["useAresGate", (resource: string) => useAresGate({ usage: "report", resource })],
  ["useAresFetch", (resource: string) => useAresFetch({ usage: "report", resource })],
])("%s", (_, useIt) => {
  test.each(["", " \t"])(
    "refuses the empty resource %j during render, and nothing is asked or charged",
    (resource) => {
      vi.spyOn(console, "error").mockImplementation(() => {});
      const { wrapper, fetch } = world();

      expect(() => renderHook(() => useIt(resource), { wrapper })).toThrow(
        expect.objectContaining({
          code: "invalid_request",
          message: expect.stringContaining("resource is empty"),
        }),
      );
      expect(fetch).not.toHaveBeenCalled();
    },
  );
});

describe("useAresUsage", () => {
  test("calls made while a charge is on its way share its receipt", async () => {
    const { wrapper, simulator } = world();
    const { result } = renderHook(() => useAresUsage({ usage: "export-pdf" }), { wrapper });

    const [first, second] = await act(() =>
      Promise.all([result.current.chargeAsync(), result.current.chargeAsync()]),
    );

    expect(second).toBe(first);
    expect(first).toMatchObject({ usage: "export-pdf", credits: 1, restored: false });
    expect(result.current).toMatchObject({ status: "charged", receipt: first });
    expect(simulator.charges).toHaveLength(1);
  });

  test("each later call is an intent of its own, unless it names a resource", async () => {
    const { wrapper, simulator } = world();
    const free = renderHook(() => useAresUsage({ usage: "export-pdf" }), { wrapper }).result;
    await act(() => free.current.charge());
    await act(() => free.current.charge());
    expect(simulator.charges).toHaveLength(2);

    const bound = renderHook(() => useAresUsage({ usage: "report", resource: "r-1" }), {
      wrapper,
    }).result;
    await act(() => bound.current.charge());
    await act(() => bound.current.charge());
    expect(simulator.charges).toHaveLength(3);
  });

  test("never rejects, tells the code, and its functions stay the same", async () => {
    const { wrapper, simulator } = world();
    simulator.setBalance("user_1", 0);
    const { result } = renderHook(() => useAresUsage({ usage: "export-pdf" }), { wrapper });
    const { charge, chargeAsync, check, reset } = result.current;
    expect(await act(() => charge())).toMatchObject({
      status: "not_charged",
      error: { code: "insufficient_credits" },
    });
    await act(() => expect(chargeAsync()).rejects.toMatchObject({ code: "insufficient_credits" }));
    expect(result.current).toMatchObject({
      status: "not_charged",
      price: 1,
      charge,
      chargeAsync,
      check,
      reset,
    });
    act(() => result.current.reset());
    expect(result.current.status).toBe("idle");
  });

  test("is unknown after a lost answer, and then only looks", async () => {
    const { wrapper, simulator, posts } = world();
    simulator.fail("drop-after-charge", { on: "usage" });
    const { result } = renderHook(() => useAresUsage({ usage: "export-pdf" }), { wrapper });
    for (let i = 0; i < 3; i++) {
      const state = await act(() => result.current.charge());
      expect(state).toMatchObject({
        status: "unknown",
        error: { code: "outcome_unknown" },
        readable: true,
      });
    }
    expect(posts()).toBe(1);
    expect(simulator.charges).toHaveLength(1);
  });

  test("charges nothing when the shown price is not the server's", async () => {
    const { wrapper, simulator } = world();
    const { result } = renderHook(() => useAresUsage({ usage: "report", credits: 2 }), { wrapper });
    const state = await act(() => result.current.charge());
    expect(state).toMatchObject({
      status: "not_charged",
      error: { code: "price_changed", details: { credits: 3 } },
    });
    expect(simulator.charges).toHaveLength(0);
  });

  test("sends the price that was shown, and waits for the price when a call comes first", async () => {
    const { wrapper, fetch } = world();
    const { result } = renderHook(() => useAresUsage({ usage: "report" }), { wrapper });
    expect(result.current.price).toBeUndefined();

    const charging = act(() => result.current.charge());
    expect(await charging).toMatchObject({ status: "charged" });

    expect(result.current.price).toBe(3);
    const bodies = fetch.mock.calls.flatMap(([, init]) =>
      typeof init?.body === "string" ? [JSON.parse(init.body)] : [],
    );
    expect(bodies).toMatchObject([{ usage: "report", credits: 3 }]);
  });

  test("sends nothing without a price: none was published, the usage is unknown, or none came", async () => {
    const heard: unknown[] = [];
    const server = createTestServer();
    const unpriced = async (...args: Parameters<typeof server.fetch>) => {
      const answer = await server.fetch(...args);
      return Response.json({ ...(await answer.json()), prices: undefined }, answer);
    };
    const silent = () => Promise.reject(new TypeError("Failed to fetch"));
    for (const [fetch, usage, code] of [
      [unpriced, "report", "invalid_request"],
      [server.fetch, "other", "unknown_usage"],
      [silent, "report", "network_error"],
    ] as const) {
      const wrapper = ({ children }: { children: ReactNode }) => (
        <AresProvider
          endpoint="/api/ares"
          fetch={fetch}
          onRefused={(error, target) => heard.push(["page", error.code, target])}
        >
          {children}
        </AresProvider>
      );
      const onRefused = vi.fn();
      const { result } = renderHook(() => useAresUsage({ usage, onRefused }), { wrapper });
      await act(() => result.current.charge());
      expect(result.current).toMatchObject({ status: "not_charged", error: { code } });
      expect(onRefused).toHaveBeenCalledTimes(1);
    }
    expect(heard).toHaveLength(3);
    expect(server.simulator.charges).toEqual([]);
  });

  test("serves a list: each call names its resource, and the state is the state of the last call", async () => {
    const { wrapper, simulator } = world();
    const { result } = renderHook(() => useAresUsage({ usage: "report" }), { wrapper });

    await act(() => result.current.charge({ resource: "r-1" }));
    await act(() => result.current.charge({ resource: "r-2" }));
    expect(result.current).toMatchObject({
      status: "charged",
      receipt: { resource: "r-2", restored: false },
    });
    await act(() => result.current.charge({ resource: "r-1" }));

    expect(result.current).toMatchObject({ status: "charged", receipt: { resource: "r-1" } });
    expect(simulator.charges).toHaveLength(2);
  });

  test("keeps one result object while nothing changes", async () => {
    const { wrapper } = world();
    const { result, rerender } = renderHook(
      () => useAresUsage({ usage: "report", onCharged: () => {} }),
      { wrapper },
    );
    await waitFor(() => expect(result.current.price).toBe(3));
    const before = result.current;

    rerender();

    expect(result.current).toBe(before);
  });
});

describe("useAresUser", () => {
  test("serves a thousand readers with one request", async () => {
    const { wrapper, fetch } = world();
    const Reader = () => <i>{useAresUser().credits}</i>;
    const readers = Array.from({ length: 1000 }, (_, i) => `reader ${i}`);
    const { container } = render(
      readers.map((name) => <Reader key={name} />),
      { wrapper },
    );
    await waitFor(() => expect(container.textContent).toBe("698".repeat(1000)));
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("uses the app's QueryClient, and leaves nothing of a user in it after a switch", async () => {
    const queryClient = new QueryClient({
      defaultOptions: { queries: { throwOnError: true, retry: 5 } },
    });
    const { simulator, fetch } = world();
    const App = ({ userKey }: { userKey: string }) => (
      <QueryClientProvider client={queryClient}>
        <AresProvider endpoint="/api/ares" userKey={userKey} fetch={fetch}>
          <CreditBalance />
        </AresProvider>
      </QueryClientProvider>
    );
    const view = render(<App userKey="ada" />);
    await screen.findByRole("group", { name: "ARES balance: 698 credits" });
    simulator.setBalance("user_1", 5);
    view.rerender(<App userKey="bob" />);
    expect(view.container.textContent).not.toContain("698");
    await screen.findByRole("group", { name: "ARES balance: 5 credits" });
    expect(
      JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ queryKey }) => queryKey),
      ),
    ).not.toContain("ada");
  });

  test("without a userKey, another user's answer closes what the last one unlocked", async () => {
    let who = "ada";
    const simulator = createAresSimulator({ users: { ada: 10, bob: 20 } });
    const server = createTestServer({ simulator, user: () => who });
    render(
      <AresProvider endpoint="/api/ares" fetch={server.fetch}>
        <CreditBalance refresh />
        <AresGate usage="report" resource="r" label="Report">
          ada's report
        </AresGate>
      </AresProvider>,
    );
    (await screen.findByRole("button", { name: "Unlock Report · 3 credits" })).click();
    await screen.findByText("ada's report");
    // The read that follows the charge is ada's too; a press on Refresh would join it.
    await screen.findByRole("group", { name: "ARES balance: 7 credits" });
    who = "bob";
    screen.getByRole("button", { name: "Refresh balance" }).click();
    await screen.findByRole("group", { name: "ARES balance: 20 credits" });
    await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    expect(screen.queryByText("ada's report")).toBeNull();
    expect(simulator.charges).toHaveLength(1);
  });

  test("never calls an unread balance 0", async () => {
    const page = openPage(<CreditBalance />, { account: "reconnect" });
    await screen.findByText("ARES connection ended");
    expect(page.container.textContent).not.toContain("0");
  });
});

describe("outside of a provider", () => {
  test.each<[string, () => unknown]>([
    ["useAresUser", () => useAresUser()],
    ["useAresUsage", () => useAresUsage({ usage: "x" })],
    ["useAresGate", () => useAresGate({ usage: "x" })],
  ])("%s says what to do", (_, use) => {
    const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(() => renderHook(use)).toThrow(/Wrap this part of the app in <AresProvider>/);
    quiet.mockRestore();
  });
});

test("rendering on a server asks nothing, charges nothing and touches no storage", () => {
  const { fetch, simulator } = world();
  const storage = vi.spyOn(Storage.prototype, "getItem");
  const html = renderToString(
    <AresProvider endpoint="/api/ares" fetch={fetch}>
      <CreditBalance />
      <AresGate usage="export-pdf" resource="e-1" trigger="mount">
        secret
      </AresGate>
    </AresProvider>,
  );
  expect(html).toContain('data-status="loading"');
  expect(html).not.toContain("secret");
  expect(fetch).not.toHaveBeenCalled();
  expect(storage).not.toHaveBeenCalled();
  expect(simulator.charges).toHaveLength(0);
  storage.mockRestore();
});
