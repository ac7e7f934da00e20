import { act, render, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { AresProvider, useAresAction, useAresUser } from "../../../src/react";
import { createTestServer } from "../../../src/testing";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

const page =
  (fetch: typeof globalThis.fetch) =>
  ({ children }: { children: ReactNode }) => (
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={fetch}>
      {children}
    </AresProvider>
  );
const headers = () => new Headers({ Host: "app.example", Origin: "http://app.example" });
const refusals: [string, () => unknown][] = [
  ...["rate_limited", "not_signed_in", "ledger_unavailable", "auth_unavailable"].map(
    (code): [string, () => unknown] => [code, () => ({ code })],
  ),
  ["404", () => new Response(null, { status: 404 })],
  ["403", () => new Response(null, { status: 403 })],
];

test.each(refusals)("a lost charge, then %s, then a press is one deduction", async (_, refusal) => {
  const { fetch, server, simulator } = createTestServer();
  let call = 0;
  async function exportFile(key: string): Promise<unknown> {
    call += 1;
    if (call === 2) return refusal();
    const receipt = await server.charge(headers(), { usage: "export-pdf", key });
    if (call === 1) throw new TypeError("Failed to fetch");
    return receipt;
  }
  const { result } = renderHook(() => useAresAction("export", exportFile), {
    wrapper: page(fetch),
  });

  await expect(act(() => result.current())).rejects.toThrow("Failed to fetch");
  await act(() => result.current());
  await act(() => result.current());

  expect(simulator.charges).toHaveLength(1);
});

test("a first refusal that speaks of the key ends it: after a top-up the next call has a key of its own", async () => {
  const { fetch, server, simulator } = createTestServer();
  simulator.setBalance("user_1", 0);
  const exportFile = (key: string) => server.charge(headers(), { usage: "export-pdf", key });
  const { result } = renderHook(() => useAresAction("export", exportFile), {
    wrapper: page(fetch),
  });

  await expect(act(() => result.current())).rejects.toMatchObject({ code: "insufficient_credits" });
  simulator.topUp("user_1", 100);

  expect(await act(() => result.current())).toMatchObject({ credits: 1 });
});

describe.each([
  ["an hour slow, in front of a new ledger", 3_600_000],
  ["ten minutes fast", -600_000],
])("on a device whose clock is %s", (_, ahead) => {
  test("a call is served: its key is minted on the server's clock", async () => {
    const { server, fetch } = createTestServer({ server: { now: () => Date.now() + ahead } });
    const endpoint = server.withCharge({ usage: "image" }, () => new Response("drawn"));
    const draw = (key: string) =>
      endpoint(
        new Request("https://app.example/draw", {
          method: "POST",
          headers: { "Idempotency-Key": key, Authorization: "Bearer s" },
        }),
      );
    const { result } = renderHook(() => [useAresUser(), useAresAction("draw", draw)] as const, {
      wrapper: page(fetch),
    });
    await act(() => new Promise((next) => setTimeout(next, 50)));

    await act(() => result.current[1]());

    expect((await act(() => result.current[1]())).status).toBe(200);
  });
});

/** A page on which one user follows another. `answers` ends the calls, oldest first. */
function openPage() {
  const { fetch } = createTestServer();
  const keys: string[] = [];
  const answers: ((value: string) => void)[] = [];
  let call = async (): Promise<string> => "";
  function Draw() {
    call = useAresAction("draw", (key: string) => {
      keys.push(key);
      return new Promise<string>((resolve, reject) =>
        answers.push((value) => (value ? resolve(value) : reject(new Error("lost")))),
      );
    });
    return null;
  }
  const ui = (userKey: string) => (
    <AresProvider endpoint="/api/ares" userKey={userKey} fetch={fetch}>
      <Draw />
    </AresProvider>
  );
  const view = render(ui("ada"));
  return {
    keys,
    answer: (value: string) => answers.shift()?.(value),
    call: () => call(),
    show: (userKey: string) => view.rerender(ui(userKey)),
  };
}

test("the next user gets the next user's result", async () => {
  const { answer, call, show } = openPage();
  const first = call();
  show("bob");
  const second = call();
  answer("ada's picture");
  answer("bob's picture");

  expect(await act(() => Promise.all([first, second]))).toEqual(["ada's picture", "bob's picture"]);
});

test("the next user's success does not end the first user's open key", async () => {
  const { keys, answer, call, show } = openPage();
  const lost = expect(call()).rejects.toThrow("lost");
  answer("");
  await act(() => lost);
  show("bob");
  const served = call();
  answer("bob's picture");
  await act(() => served);
  show("ada");
  const again = call();
  answer("ada's picture");
  await act(() => again);

  expect([keys[2] === keys[0], keys[1] === keys[0]]).toEqual([true, false]);
});

test("an argument that is no plain JSON is refused before anything is sent", async () => {
  const { fetch } = createTestServer();
  const keys: string[] = [];
  const { result } = renderHook(
    () => useAresAction("draw", async (key: string, _size: { width: number }) => keys.push(key)),
    {
      wrapper: page(fetch),
    },
  );
  const form = Object.assign(new FormData(), { width: 1 });

  await expect(act(() => result.current(form))).rejects.toMatchObject({ code: "invalid_request" });
  expect(keys).toEqual([]);
});
