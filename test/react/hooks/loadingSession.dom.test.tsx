import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresProvider, useAresAction, useAresUsage } from "../../../src/react";
import { createTestServer } from "../../../src/testing";
import { wireOf } from "../../flows/page";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => void vi.useRealTimers());

type Session = { session: "loading" | "signed_in"; userKey?: string };
const loading: Session = { session: "loading" };
const ada: Session = { session: "signed_in", userKey: "ada" };

/** A page of an app that is told its session, with an export whose first `losses` answers are lost. */
function openApp({ losses = 0, begin = loading }: { losses?: number; begin?: Session } = {}) {
  const { fetch, server, simulator } = createTestServer();
  const wire = wireOf(fetch);
  const request = new Headers({ Host: "app.example", Origin: "http://app.example" });
  let now = begin;
  let calls = 0;
  async function exportFile(key: string): Promise<unknown> {
    calls += 1;
    const call = calls;
    const receipt = await server.charge(request, { usage: "export-pdf", key });
    if (call <= losses) throw new TypeError("Failed to fetch");
    return receipt;
  }
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" {...now} fetch={wire.fetch}>
      {children}
    </AresProvider>
  );
  return {
    openAction: () =>
      renderHook(() => useAresAction({ usage: "export-pdf" }, exportFile), { wrapper }),
    openUsage: () => renderHook(() => useAresUsage({ usage: "export-pdf" }), { wrapper }),
    simulator,
    wire,
    calls: () => calls,
    become: (next: Session) => {
      now = next;
    },
  };
}

describe("an action that is pressed while the session is loading", () => {
  test("waits for the user, so that a lost answer and the next press are one deduction", async () => {
    const app = openApp({ losses: 1 });
    const { result, rerender } = app.openAction();
    const pressed = result.current.run();
    await act(async () => {});
    expect(app.calls()).toBe(0);

    app.become(ada);
    rerender();
    await act(() => pressed);
    await waitFor(() => expect(result.current.status).toBe("failed"));
    await act(() => result.current.run());

    expect(app.calls()).toBe(2);
    expect(app.simulator.charges).toHaveLength(1);
  });

  test("finds the key of a call that was lost before a reload", async () => {
    const app = openApp({ losses: 1, begin: ada });
    const before = app.openAction();
    await act(() => before.result.current.run());
    await waitFor(() => expect(before.result.current.status).toBe("failed"));
    before.unmount();

    app.become(loading);
    const { result, rerender } = app.openAction();
    const pressed = result.current.run();
    app.become(ada);
    rerender();
    await act(() => pressed);

    expect(app.calls()).toBe(2);
    expect(app.simulator.charges).toHaveLength(1);
  });

  test("joins the same press, and both are one call", async () => {
    const app = openApp();
    const { result, rerender } = app.openAction();
    const both = Promise.all([result.current.run(), result.current.run()]);
    app.become(ada);
    rerender();
    await act(() => both);

    expect(app.calls()).toBe(1);
  });

  test("is refused after ten seconds, with nothing sent then or later", async () => {
    vi.useFakeTimers();
    const app = openApp();
    const { result, rerender } = app.openAction();
    const pressed = expect(result.current.runAsync()).rejects.toMatchObject({
      code: "network_error",
    });
    await act(() => vi.advanceTimersByTimeAsync(10_001));
    await pressed;

    app.become(ada);
    rerender();
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(app.calls()).toBe(0);
  });
});

describe("a charge that is pressed while the session is loading", () => {
  test("waits for the user, and a second press joins it: one POST, one deduction", async () => {
    const app = openApp();
    const { result, rerender } = app.openUsage();
    const first = result.current.charge();
    await act(async () => {});
    expect(app.wire.log).toEqual([]);

    app.become(ada);
    rerender();
    const second = result.current.charge();
    const states = await act(() => Promise.all([first, second]));

    expect(states.map(({ status }) => status)).toEqual(["charged", "charged"]);
    expect(result.current.status).toBe("charged");
    expect(app.wire.posts()).toHaveLength(1);
    expect(app.simulator.charges).toHaveLength(1);
  });

  test("keeps its lost key where the user's next page finds it", async () => {
    const app = openApp();
    const { result, rerender, unmount } = app.openUsage();
    app.wire.losePost("after");
    const pressed = result.current.charge();
    app.become(ada);
    rerender();
    await act(() => pressed);
    unmount();

    const next = app.openUsage();
    await act(() => next.result.current.charge());
    expect(app.simulator.charges).toHaveLength(1);
  });

  test("is refused after ten seconds, with nothing sent then or later", async () => {
    vi.useFakeTimers();
    const app = openApp();
    const { result, rerender } = app.openUsage();
    const pressed = result.current.charge();
    await act(() => vi.advanceTimersByTimeAsync(10_001));
    expect(await pressed).toMatchObject({
      status: "not_charged",
      error: { code: "network_error" },
    });
    expect(result.current.status).toBe("not_charged");

    app.become(ada);
    rerender();
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(app.wire.posts()).toEqual([]);
  });
});
