import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresProvider, useAresAction, useAresUsage } from "../../../src/react";
import { createAresSimulator, createTestServer } from "../../../src/testing";
import { fetchFrom } from "../../../src/testing/server/createTestServer";
import { type Meddler, openApp, until } from "./actionPage";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An app without names for its users: the next user of the browser finds the keys of the one before. */
function openSharedBrowser() {
  const simulator = createAresSimulator();
  simulator.addUser("bob", { credits: 100 });
  let user = "user_1";
  let isDown = false;
  const { handler, server } = createTestServer({ simulator, user: () => user });
  const fetch = fetchFrom(async (request) => {
    if (isDown) return Response.json({ code: "not_signed_in" }, { status: 401 });
    const answer = await handler(request);
    if (request.method === "POST") throw new TypeError("Failed to fetch");
    return answer;
  });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" fetch={fetch}>
      {children}
    </AresProvider>
  );
  async function exportFile(key: string, _file?: Blob): Promise<unknown> {
    const request = new Headers({ Host: "app.example", Origin: "http://app.example" });
    await server.charge(request, { usage: "export-pdf", key });
    throw new TypeError("Failed to fetch");
  }
  return {
    simulator,
    usage: () => renderHook(() => useAresUsage({ usage: "export-pdf" }), { wrapper }),
    action: () => renderHook(() => useAresAction({ usage: "export-pdf" }, exportFile), { wrapper }),
    become(next: string) {
      user = next;
    },
    setDown(next: boolean) {
      isDown = next;
    },
  };
}

describe("a key of another user, whose looks were refused for a minute, charges nobody", () => {
  test("when a gate's hook looks again", async () => {
    const app = openSharedBrowser();
    const ada = app.usage();
    await until(() => ada.result.current.price === 1);
    await act(async () => void ada.result.current.charge());
    ada.unmount();

    app.become("bob");
    app.setDown(true);
    const { result } = app.usage();
    await until(() => result.current.status === "unknown" && !result.current.checking);
    app.setDown(false);
    await act(() => result.current.check());
    await until(() => result.current.status === "idle");

    expect(app.simulator.charges.map(({ userId }) => userId)).toEqual(["user_1"]);
  });

  test("when an action looks again", async () => {
    const app = openSharedBrowser();
    const ada = app.action();
    await until(() => ada.result.current.price === 1);
    await act(async () => void ada.result.current.run(new Blob(["a"])));
    ada.unmount();

    app.become("bob");
    app.setDown(true);
    const { result } = app.action();
    await until(() => result.current.status === "unknown" && !result.current.checking);
    app.setDown(false);
    await act(() => result.current.check());
    await until(() => result.current.status === "idle");

    expect(app.simulator.charges.map(({ userId }) => userId)).toEqual(["user_1"]);
  });
});

describe.each([
  ["read", async (response: Response) => void (await response.text())],
  ["begun to read", async ({ body }: Response) => void body?.getReader()],
])("an action that has %s the answer it returns", (_, read) => {
  function open(app: ReturnType<typeof openApp>) {
    const draw = async (key: string) => {
      const answer = await app.draw(key);
      await read(answer);
      return answer;
    };
    return renderHook(() => useAresAction({ usage: "image" }, draw), { wrapper: app.wrapper });
  }

  test("is done, and rejects nowhere", async () => {
    const app = openApp();
    const { result } = open(app);
    await act(() => result.current.run());
    await until(() => result.current.status === "done");
    expect(app.deductions()).toHaveLength(1);
  });

  test("is refused as any other", async () => {
    const app = openApp();
    app.simulator.setBalance("user_1", 0);
    const { result } = open(app);
    await act(() => result.current.run());
    await until(() => result.current.status === "refused");
    expect(result.current).toMatchObject({ error: { code: "insufficient_credits" } });
  });
});

describe("a press without a network sends nothing, and does not say that an earlier press took nothing", () => {
  const goOffline = () => vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const lost: Meddler = async (forward) => {
    await forward();
    throw new TypeError("Failed to fetch");
  };

  test("a paid call that failed stays paid", async () => {
    const app = openApp();
    app.strike(lost);
    const { result } = app.open();
    await act(() => result.current.run("a"));
    await until(() => result.current.status === "failed");

    goOffline();
    await act(() => result.current.run("a"));

    expect(result.current).toMatchObject({ status: "failed", paid: true });
    expect(app.keys).toHaveLength(1);
  });

  test("a call whose outcome is unknown stays unknown", async () => {
    const app = openApp();
    app.simulator.fail("drop-after-charge");
    const { result } = app.open();
    await act(() => result.current.run("a"));
    await until(() => result.current.status === "unknown" && !result.current.checking);

    goOffline();
    await act(() => result.current.run("a"));

    expect(result.current.status).toBe("unknown");
    expect(app.keys).toHaveLength(1);
  });

  test("a new call is refused, and charged once the network is back", async () => {
    const app = openApp();
    const { result } = app.open();
    await until(() => result.current.price === 4);
    const network = goOffline();
    await act(() => result.current.run("a"));
    expect(result.current).toMatchObject({ status: "refused", error: { code: "network_error" } });

    network.mockReturnValue(true);
    await act(() => result.current.run("a"));
    await until(() => result.current.status === "done");
    expect(app.deductions()).toHaveLength(1);
  });
});

test("a reset after a run that sent nothing gives up no charge behind it", async () => {
  const app = openApp();
  app.simulator.fail("drop-after-charge");
  const draw = (key: string, title: string | number) => app.draw(key, String(title));
  const { result } = renderHook(() => useAresAction({ usage: "image" }, draw), {
    wrapper: app.wrapper,
  });
  await act(() => result.current.run("a"));
  await until(() => result.current.status === "unknown" && !result.current.checking);
  await act(() => result.current.run(Number.NaN));
  expect(result.current).toMatchObject({ status: "refused", error: { code: "invalid_request" } });

  act(() => result.current.reset());
  expect(result.current.status).toBe("unknown");
  await act(() => result.current.run("a"));

  expect(new Set(app.keys).size).toBe(1);
});

test.each([1.005, Number.NaN, -1])("at the price of %s nothing is sent", async (credits) => {
  const app = openApp();
  const { result } = renderHook(
    () => useAresAction({ usage: "image", credits }, (key: string) => app.draw(key)),
    { wrapper: app.wrapper },
  );
  await act(() => result.current.run());
  expect(result.current).toMatchObject({ status: "refused", error: { code: "invalid_request" } });
  expect(app.keys).toEqual([]);
});
