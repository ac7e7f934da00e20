import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AresProvider, useAresAction, useAresUsage } from "../../../src/react";
import { createTestServer } from "../../../src/testing";
import { openApp } from "./actionPage";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const headers = () => new Headers({ Host: "app.example", Origin: "http://app.example" });

/** A page whose session is loading, until `signIn`. */
function openLoadingApp() {
  const test = createTestServer({ prices: { "export-pdf": 1, image: 4 } });
  let session: { session: "loading" | "signed_in"; userKey?: string } = { session: "loading" };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" {...session} fetch={test.fetch}>
      {children}
    </AresProvider>
  );
  return {
    ...test,
    wrapper,
    signIn() {
      session = { session: "signed_in", userKey: "ada" };
    },
  };
}

test("a usage that is pressed while the session loads charges what was pressed, or nothing", async () => {
  const app = openLoadingApp();
  const { result, rerender } = renderHook((options) => useAresUsage(options), {
    wrapper: app.wrapper,
    initialProps: { usage: "export-pdf", credits: 1 },
  });
  act(() => void result.current.charge());
  app.signIn();
  rerender({ usage: "image", credits: 4 });
  await pass(3000);

  expect(app.simulator.charges).toEqual([]);
});

test("a usage that is pressed for one resource does not pay for the next one", async () => {
  const app = openLoadingApp();
  const { result, rerender } = renderHook(
    (resource) => useAresUsage({ usage: "image", resource }),
    {
      wrapper: app.wrapper,
      initialProps: "a",
    },
  );
  act(() => void result.current.charge());
  app.signIn();
  rerender("b");
  await pass(3000);

  const rows = await app.server.charges.list({});
  expect(rows.map(({ resource }) => resource)).toEqual(["a"]);
});

test("an action that is pressed while the session loads charges what was pressed, or nothing", async () => {
  const app = openLoadingApp();
  const { result, rerender } = renderHook(
    (options) =>
      useAresAction(options, (key: string) =>
        app.server.charge(headers(), { usage: options.usage, key }),
      ),
    { wrapper: app.wrapper, initialProps: { usage: "export-pdf", credits: 1 } },
  );
  act(() => void result.current.run());
  app.signIn();
  rerender({ usage: "image", credits: 4 });
  await pass(3000);

  expect(app.simulator.charges).toEqual([]);
});

test("an action sends what stood on the page at the press, not what a later render selected", async () => {
  const app = openApp();
  const sent: string[] = [];
  const { result, rerender } = renderHook(
    (selected) =>
      useAresAction({ usage: "image" }, (key: string) => {
        sent.push(selected);
        return app.draw(key, selected);
      }),
    { wrapper: app.wrapper, initialProps: "a" },
  );
  act(() => void result.current.run());
  rerender("b");
  await pass(3000);

  expect(sent).toEqual(["a"]);
});

test("a call that ends after another press of its key does not take that press's result", async () => {
  const app = openApp();
  let finishFirst = () => {};
  app.strike(async (forward) => {
    const answer = await forward();
    await new Promise<void>((go) => {
      finishFirst = go;
    });
    return answer;
  });
  const { result } = app.open();
  act(() => void result.current.run("a"));
  await pass(500);
  // The page comes back out of the browser's memory, which may have thrown the answer away.
  act(() => void dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true })));
  await pass(3000);
  expect(result.current.status).toBe("failed");

  let finishSecond = () => {};
  app.strike(async (forward) => {
    await new Promise<void>((go) => {
      finishSecond = go;
    });
    return forward();
  });
  const second = result.current.runAsync("a");
  await pass(500);
  await act(async () => finishFirst());
  await pass(500);
  await act(async () => finishSecond());
  await pass(500);

  expect(await (await second).text()).toBe("drawn");
  expect(app.deductions()).toHaveLength(1);
});
