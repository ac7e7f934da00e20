import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test } from "vitest";
import { AresProvider, useAresAction } from "../../../src/react";
import { createTestServer } from "../../../src/testing";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

/** A page in front of a server action that charges, and of an endpoint behind `withCharge`. `lose` loses the next answers. */
function openPage() {
  const { server, simulator, fetch } = createTestServer();
  const keys: string[] = [];
  let losses = 0;
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={fetch}>
      {children}
    </AresProvider>
  );
  const lost = () => losses-- > 0;
  const headers = () => new Headers({ Host: "app.example", Origin: "http://app.example" });
  /** What Next runs on the server. */
  async function exportFile(key: string, file: string) {
    keys.push(key);
    const { credits } = await server.charge(headers(), { usage: "export-pdf", key });
    if (lost()) throw new TypeError("Failed to fetch");
    return { file, credits };
  }
  const endpoint = server.withCharge({ usage: "image" }, () => new Response("drawn"));
  async function draw(key: string) {
    keys.push(key);
    const answer = await endpoint(
      new Request("https://app.example/draw", {
        method: "POST",
        headers: { "Idempotency-Key": key, Authorization: "Bearer s" },
      }),
    );
    if (lost()) return new Response(null, { status: 502 });
    return answer;
  }
  return {
    simulator,
    keys,
    lose: (times: number) => {
      losses = times;
    },
    action: () =>
      renderHook(
        () => useAresAction("export-pdf", (key: string, file: string) => exportFile(key, file)),
        { wrapper },
      ).result,
    drawing: () => renderHook(() => useAresAction("image", draw), { wrapper }).result,
  };
}

test("a server action whose answer is lost is repeated under its key, also after a reload, and charges once", async () => {
  const page = openPage();
  page.lose(2);
  const first = page.action();
  await expect(act(() => first.current("a.md"))).rejects.toThrow("Failed to fetch");
  await expect(act(() => first.current("a.md"))).rejects.toThrow("Failed to fetch");

  const reloaded = page.action();
  expect(await act(() => reloaded.current("a.md"))).toEqual({ file: "a.md", credits: 1 });

  expect(new Set(page.keys).size).toBe(1);
  expect(page.simulator.charges).toHaveLength(1);
});

test("each known answer ends its key: the next call is an intent of its own, and so are other arguments", async () => {
  const page = openPage();
  const exportOnce = page.action();
  for (const file of ["a.md", "a.md", "b.md"]) await act(() => exportOnce.current(file));

  expect(new Set(page.keys).size).toBe(3);
  expect(page.simulator.charges).toHaveLength(3);
  expect(sessionStorage).toHaveLength(0);
});

test("calls with the same arguments join while one is on its way", async () => {
  const page = openPage();
  const exportOnce = page.action();

  const [first, second] = await act(() =>
    Promise.all([exportOnce.current("a.md"), exportOnce.current("a.md")]),
  );

  expect(second).toBe(first);
  expect(page.keys).toHaveLength(1);
});

test("an endpoint behind withCharge that answers 502 is called again under its key", async () => {
  const page = openPage();
  page.lose(1);
  const draw = page.drawing();
  expect((await act(() => draw.current())).status).toBe(502);

  expect(await (await act(() => draw.current())).text()).toBe("drawn");
  expect(new Set(page.keys).size).toBe(1);
  expect(page.simulator.charges).toHaveLength(1);
});

test("the function keeps its identity, and calls what the last render gave it", async () => {
  const { fetch } = createTestServer();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" fetch={fetch}>
      {children}
    </AresProvider>
  );
  const { result, rerender } = renderHook(
    ({ answer }) => useAresAction("image", async () => answer),
    {
      wrapper,
      initialProps: { answer: 1 },
    },
  );
  const first = result.current;
  rerender({ answer: 2 });

  expect(result.current).toBe(first);
  expect(await act(() => first())).toBe(2);
});
