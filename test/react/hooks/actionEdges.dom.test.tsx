import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresProvider, useAresAction, useAresUsage } from "../../../src/react";
import { createAresSimulator, createTestServer } from "../../../src/testing";
import { fetchFrom } from "../../../src/testing/server/createTestServer";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Waits until a condition of the page holds, while faked time passes. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++)
    await act(() => vi.advanceTimersByTimeAsync(250));
  expect(holds()).toBe(true);
}

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
