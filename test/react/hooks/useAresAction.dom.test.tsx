import { act, fireEvent, render, renderHook, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ActionArgument, AresErrorNotice, useAresAction } from "../../../src/react";
import { lost, type Meddler, openApp, until } from "./actionPage";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const instead =
  (answer: () => Response): Meddler =>
  async (forward) => {
    await forward();
    return answer();
  };
const unsent =
  (answer: () => Response): Meddler =>
  async () =>
    answer();
const json = (status: number, body: unknown) => () => Response.json(body, { status });
const html = (status: number) => () =>
  new Response("<h1>Sign in</h1>", { status, headers: { "Content-Type": "text/html" } });
const broken = () =>
  new Response(
    new ReadableStream({
      pull(controller) {
        controller.error(new TypeError("network"));
      },
    }),
    { headers: { "Idempotency-Replayed": "false" } },
  );

test("a call pays once, gives its result, and the next press is a charge of its own", async () => {
  const app = openApp();
  const { result } = app.open();
  const first = await act(() => result.current.runAsync("a lighthouse"));
  expect(await first.text()).toBe("drawn");
  await until(() => result.current.status === "done");
  await act(() => result.current.run("a lighthouse"));

  expect(app.deductions()).toHaveLength(2);
  expect(new Set(app.keys).size).toBe(2);
  expect(result.current).toMatchObject({ status: "done", price: 4 });
  expect(localStorage.length).toBeLessThanOrEqual(2);
});

const replaced: [string, Meddler][] = [
  ["nothing at all", lost],
  ...[401, 403, 404, 429, 500, 502, 503, 504].map((status): [string, Meddler] => [
    `a gateway's ${status}`,
    instead(json(status, { code: "gateway" })),
  ]),
  ["a gateway's 200 of a sign-in page", instead(html(200))],
  ["a body that breaks off", instead(broken)],
  ["an error of the app with a code of its own", instead(json(422, { code: "render_failed" }))],
];

describe.each(replaced)("a call that was charged, and whose answer is %s", (_, meddler) => {
  test("is told as paid, and the next press gets the work for nothing", async () => {
    const app = openApp();
    app.strike(meddler);
    const { result } = app.open();
    await act(() => result.current.run("a"));
    await until(() => result.current.status === "failed");
    expect(result.current).toMatchObject({ paid: true });

    await act(() => result.current.retry?.());

    await until(() => result.current.status === "done");
    expect(app.deductions()).toEqual([{ userId: "user_1", credits: 4 }]);
    expect(new Set(app.keys).size).toBe(1);
  });

  test.each([401, 429, 503, 404])(
    "keeps its key in another page too, whose press meets %s",
    async (status) => {
      const app = openApp();
      app.strike(meddler);
      const before = app.open();
      await act(() => before.result.current.run("a"));
      await until(() => before.result.current.status === "failed");
      before.unmount();

      app.strike(unsent(json(status, {})));
      const { result } = app.open();
      await act(() => result.current.run("a"));
      await until(() => result.current.status === "failed");
      await act(() => result.current.run("a"));

      await until(() => result.current.status === "done");
      expect(app.deductions()).toHaveLength(1);
    },
  );
});

test.each([
  ["throws", () => Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" }))],
  ["answers 422", async () => Response.json({ code: "render_failed" }, { status: 422 })],
  ["answers 404", async () => new Response(null, { status: 404 })],
  ["answers 500", async () => new Response(null, { status: 500 })],
])("work that %s after its charge is done again for nothing", async (_, fail) => {
  const app = openApp();
  app.doWork(fail);
  const { result } = app.open();
  await act(() => result.current.run("a"));
  await until(() => result.current.status === "failed");
  expect(result.current).toMatchObject({ paid: true });

  app.doWork(async () => new Response("drawn"));
  await act(() => result.current.run("a"));

  await until(() => result.current.status === "done");
  expect(app.deductions()).toHaveLength(1);
});

test("a request that never came to the server is not charged, and its key is kept", async () => {
  const app = openApp();
  app.strike(
    unsent(() => {
      throw new TypeError("Failed to fetch");
    }),
  );
  const { result } = app.open();
  await act(() => result.current.run("a"));
  expect(result.current.status).toBe("unknown");
  await until(() => result.current.status === "failed");
  expect(result.current).toMatchObject({ paid: false });

  await act(() => result.current.run("a"));
  await until(() => result.current.status === "done");
  expect(new Set(app.keys).size).toBe(1);
  expect(app.deductions()).toHaveLength(1);
});

test("a press at an old price takes nothing, and the next one is a charge at the new price", async () => {
  const app = openApp();
  const { result } = app.open();
  await until(() => result.current.price === 4);
  app.deploy({ prices: { image: 9 } });
  await act(() => result.current.run("a"));
  await until(() => result.current.status === "refused");
  expect(result.current).toMatchObject({ error: { code: "price_changed" } });
  expect(app.deductions()).toEqual([]);
  await until(() => result.current.price === 9);

  await act(() => result.current.run("a"));
  await until(() => result.current.status === "done");
  expect(app.deductions()).toEqual([{ userId: "user_1", credits: 9 }]);
});

test("another user who has signed in elsewhere does not pay for a press on the old page", async () => {
  const app = openApp();
  app.simulator.addUser("bob", { credits: 100 });
  const { result } = app.open();
  await until(() => result.current.price === 4);
  app.signIn("bob");

  await act(() => result.current.run("a").then(() => {}));
  await act(() => vi.advanceTimersByTimeAsync(5000));

  expect(app.deductions()).toEqual([]);
  expect(app.runs).toEqual([]);
});

test("a double click is one call, and both callers can read the answer", async () => {
  const app = openApp();
  const { result } = app.open();
  await until(() => result.current.price === 4);

  const read = async () => (await result.current.runAsync("a")).text();
  const texts = await act(() => Promise.all([read(), read()]));

  expect(texts).toEqual(["drawn", "drawn"]);
  expect(app.keys).toHaveLength(1);
  expect(app.deductions()).toHaveLength(1);
});

test("other arguments are another call, and a charge of their own", async () => {
  const app = openApp();
  const { result } = app.open();
  await act(() => Promise.all([result.current.run("a"), result.current.run("b")]));

  await until(() => result.current.status === "done");
  expect(new Set(app.keys).size).toBe(2);
  expect(app.deductions()).toHaveLength(2);
});

test("too few credits are a refusal, and after a top-up the next press has a key of its own", async () => {
  const app = openApp();
  app.simulator.setBalance("user_1", 0);
  const { result } = app.open();
  await act(() => result.current.run("a"));
  await until(() => result.current.status === "refused");
  expect(result.current).toMatchObject({ error: { code: "insufficient_credits" } });

  app.simulator.topUp("user_1", 100);
  await act(() => result.current.run("a"));

  await until(() => result.current.status === "done");
  expect(app.deductions()).toHaveLength(1);
});

test("an operator's no ends the key: the next press is a new charge", async () => {
  const app = openApp();
  app.simulator.fail("drop-before-charge");
  const { result } = app.open();
  await act(() => result.current.run("a"));
  await until(() => result.current.status === "unknown");
  const [row] = await app.server.charges.list({ status: "unknown" });
  await app.server.charges.resolve(row?.id ?? "", "not_charged", "Not in ARES's book.");

  await act(() => result.current.check());
  await until(() => result.current.status === "refused");
  expect(result.current).toMatchObject({ error: { code: "declined" } });
  await act(() => result.current.run("a"));

  await until(() => result.current.status === "done");
  expect(new Set(app.keys).size).toBe(2);
});

test("a new ledger after a lost answer: the user may start over", async () => {
  const app = openApp();
  app.strike(lost);
  const { result } = app.open();
  await act(() => result.current.run("a"));
  await until(() => result.current.status === "failed");
  await act(() => vi.advanceTimersByTimeAsync(5000));
  app.deploy({ server: {} });
  await act(() => vi.advanceTimersByTimeAsync(5000));

  await act(() => result.current.run("a"));
  await until(() => result.current.status === "unknown" && !result.current.checking);
  act(() => result.current.reset());
  await act(() => result.current.run("a"));

  await until(() => result.current.status === "done");
  expect(app.deductions()).toHaveLength(2);
});

test("another body under the key of a lost call was paid and served: the next press is a new charge", async () => {
  const app = openApp();
  let time = 0;
  app.strike(lost);
  const { result } = renderHook(
    () => useAresAction({ usage: "image" }, (key: string) => app.draw(key, `at ${time++}`)),
    { wrapper: app.wrapper },
  );
  await act(() => result.current.run());
  await until(() => result.current.status === "failed");
  await act(() => result.current.run());
  await until(() => result.current.status === "refused");
  expect(result.current).toMatchObject({ error: { code: "used_up" } });

  await act(() => result.current.run());
  await until(() => result.current.status === "done");
  expect(app.deductions()).toHaveLength(2);
});

test.each([
  ["Next", Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;push;/done" })],
  ["a thrown Response", Response.redirect("https://app.example/done", 303)],
])("a navigation of %s is thrown on, and the charge behind it ends the key", async (_, by) => {
  const app = openApp();
  const keys: string[] = [];
  const { result } = renderHook(
    () =>
      useAresAction({ usage: "export-pdf" }, async (key: string) => {
        keys.push(key);
        await app.server.charge(headers(), { usage: "export-pdf", key });
        throw by;
      }),
    { wrapper: app.wrapper },
  );

  await expect(act(() => result.current.run())).rejects.toBe(by);
  await until(() => result.current.status === "done");
  await expect(act(() => result.current.runAsync())).rejects.toBe(by);

  await until(() => app.deductions().length === 2);
  expect(new Set(keys).size).toBe(2);
});

const headers = () => new Headers({ Host: "app.example", Origin: "http://app.example" });

/** A server action that charges by itself. `answers` meddle with what it gives, oldest first. */
function openAction(
  app: ReturnType<typeof openApp>,
  answers: ((value: unknown) => unknown)[] = [],
) {
  const keys: string[] = [];
  async function exportFile(key: string): Promise<unknown> {
    keys.push(key);
    const { id } = await app.server.charge(headers(), { usage: "export-pdf", key });
    const meddle = answers.shift();
    return meddle ? meddle(id) : id;
  }
  const open = () =>
    renderHook(() => useAresAction({ usage: "export-pdf" }, exportFile), { wrapper: app.wrapper })
      .result;
  return { keys, open };
}

test("a server action's value is confirmed by a look, and its answer that got lost is asked for again", async () => {
  const app = openApp();
  const lose = () => {
    throw new TypeError("Failed to fetch");
  };
  const action = openAction(app, [lose, lose]);
  const first = action.open();
  await act(() => first.current.run());
  await until(() => first.current.status === "failed");
  expect(first.current).toMatchObject({ paid: true });
  await act(() => first.current.run());
  await until(() => first.current.status === "failed");

  const reloaded = action.open();
  const id = await act(() => reloaded.current.runAsync());

  expect(id).toEqual(expect.any(String));
  await until(() => reloaded.current.status === "done");
  expect(new Set(action.keys).size).toBe(1);
  expect(app.deductions()).toHaveLength(1);
});

test.each(["rate_limited", "not_signed_in", "ledger_unavailable", "auth_unavailable"])(
  "a lost charge, then %s, then a press is one deduction",
  async (code) => {
    const app = openApp();
    const lose = () => {
      throw new TypeError("Failed to fetch");
    };
    const action = openAction(app, [lose, () => ({ code })]);
    const page = action.open();
    await act(() => page.current.run());
    await until(() => page.current.status === "failed");
    await act(() => page.current.run());
    await until(() => page.current.status === "failed");
    await act(() => page.current.run());

    await until(() => page.current.status === "done");
    expect(app.deductions()).toHaveLength(1);
  },
);

test("an action that does not charge is done, and its developer hears of it", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const app = openApp();
  const { result } = renderHook(
    () => useAresAction({ usage: "image", name: "forgetful" }, async (_key: string) => 7),
    { wrapper: app.wrapper },
  );

  expect(await act(() => result.current.runAsync())).toBe(7);
  await until(() => result.current.status === "done");
  expect(warn.mock.calls.flat().join()).toContain('"forgetful" gave its result, and no charge');
});

test("an event of React is no argument", async () => {
  const app = openApp();
  const given: unknown[][] = [];
  const { result } = renderHook(
    () =>
      useAresAction({ usage: "image" }, (key: string, ...args: string[]) => {
        given.push(args);
        return app.draw(key);
      }),
    { wrapper: app.wrapper },
  );
  const press: unknown = result.current.run;
  await act(async () => typeof press === "function" && press({ nativeEvent: new Event("click") }));

  expect(given).toEqual([[]]);
});

test("an argument that has no text is refused before anything is sent", async () => {
  const app = openApp();
  const { result } = renderHook(
    () => useAresAction({ usage: "image" }, (key: string) => app.draw(key)),
    { wrapper: app.wrapper },
  );
  const run: unknown = result.current.run;
  const circular: unknown[] = [];
  circular.push(circular);
  for (const bad of [Number.NaN, () => {}, 1n, circular, new Date()]) {
    await act(async () => typeof run === "function" && run(bad));
    expect(result.current).toMatchObject({ status: "refused", error: { code: "invalid_request" } });
  }
  expect(app.keys).toEqual([]);
});

describe("what makes two calls the same call", () => {
  /** A page whose calls take anything, as plain JavaScript may pass it. */
  function openAny(app: ReturnType<typeof openApp>) {
    const open = () =>
      renderHook(
        () =>
          useAresAction({ usage: "image" }, (key: string, ..._args: readonly ActionArgument[]) =>
            app.draw(key),
          ),
        { wrapper: app.wrapper },
      );
    return open;
  }
  const file = (size: number) => new File(["x".repeat(size)], "a.png", { lastModified: 5 });
  const form = (name: string) => {
    const made = new FormData();
    made.set("name", name);
    made.set("file", file(3));
    return made;
  };

  test.each<[string, () => ActionArgument, () => ActionArgument, number]>([
    ["the order of members", () => ({ a: 1, b: 2 }), () => ({ b: 2, a: 1 }), 1],
    ["another member", () => ({ a: 1, b: 2 }), () => ({ a: 1, b: 3 }), 2],
    ["equal forms", () => form("ann"), () => form("ann"), 1],
    ["another field of a form", () => form("ann"), () => form("bob"), 2],
    ["the same file", () => file(3), () => file(3), 1],
    ["another file", () => [file(3)], () => [file(4)], 2],
    ["bytes", () => new Blob(["x"]), () => new Blob(["x"]), 2],
    ["undefined and null", () => undefined, () => null, 1],
  ])("%s", async (_, first, second, calls) => {
    const app = openApp();
    const { result } = openAny(app)();
    await until(() => result.current.price === 4);
    await act(() => Promise.all([result.current.run(first()), result.current.run(second())]));

    expect(app.keys).toHaveLength(calls);
    expect(app.deductions()).toHaveLength(calls);
  });

  test("after a reload a page shows that a call with bytes was paid, and its next run takes the key", async () => {
    const app = openApp();
    app.strike(lost);
    const before = openAny(app)();
    await act(() => before.result.current.run(new Blob(["x"])));
    await until(() => before.result.current.status === "failed");
    before.unmount();

    const { result } = openAny(app)();
    await until(() => result.current.status === "failed");
    expect(result.current).toMatchObject({ paid: true, retry: undefined });
    await act(() => result.current.run(new Blob(["x"])));

    await until(() => result.current.status === "done");
    expect(app.deductions()).toHaveLength(1);
  });
});

test("a stream arrives as it comes, and its end ends the key", async () => {
  const app = openApp();
  let send: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = controller;
    },
  });
  app.doWork(async () => new Response(body));
  const { result } = app.open();
  await until(() => result.current.price === 4);
  let answer: Response | undefined;
  act(() => {
    void result.current.runAsync("a").then((response) => {
      answer = response;
    });
  });
  await until(() => answer !== undefined);
  const reader = answer?.body?.getReader();
  send?.enqueue(new TextEncoder().encode("one"));
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("one");
  expect(result.current.status).toBe("running");

  send?.close();

  await until(() => result.current.status === "done");
});

test("a body that nobody reads ends the key too, and a joined caller gets a copy after the headers", async () => {
  const app = openApp();
  const { result } = app.open();
  await until(() => result.current.price === 4);
  await act(() => result.current.runAsync("a"));
  await until(() => result.current.status === "done");
  const other = app.open();
  const [first, second] = await act(() =>
    Promise.all([result.current.runAsync("a"), other.result.current.runAsync("a")]),
  );

  expect([await first?.text(), await second?.text()]).toEqual(["drawn", "drawn"]);
  expect(app.deductions()).toHaveLength(2);
});

test("a work that runs elsewhere is watched until it has ended", async () => {
  const app = openApp();
  let finish = (_: Response) => {};
  app.doWork(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  const first = app.open();
  act(() => void first.result.current.run("a"));
  await until(() => app.runs.length === 1);
  // Another tab presses the same call while the work runs.
  const second = app.open();
  first.unmount();
  act(() => void second.result.current.run("a"));
  await act(() => vi.advanceTimersByTimeAsync(5000));
  expect(second.result.current.status).toBe("running");

  finish(new Response("drawn"));

  await until(() => second.result.current.status !== "running");
  expect(app.deductions()).toHaveLength(1);
});

describe("the notice of an action", () => {
  function Page({ app }: { app: ReturnType<typeof openApp> }) {
    const draw = useAresAction({ usage: "image" }, (key: string) => app.draw(key));
    return (
      <>
        <button type="button" onClick={draw.run}>
          Draw for {draw.price}
        </button>
        <p>{draw.status}</p>
        <AresErrorNotice
          charge={draw}
          onRetry={draw.retry}
          onCheck={draw.check}
          onReset={draw.reset}
        />
      </>
    );
  }
  const open = async (app: ReturnType<typeof openApp>) => {
    render(<Page app={app} />, { wrapper: app.wrapper });
    fireEvent.click(await screen.findByRole("button", { name: "Draw for 4" }));
  };

  test("says that a failed call is paid, and its retry costs nothing", async () => {
    const app = openApp();
    app.doWork(async () => new Response(null, { status: 500 }));
    await open(app);
    await screen.findByText(/costs nothing/);
    expect(screen.getByRole("alert").textContent).toContain("You paid for this");

    app.doWork(async () => new Response("drawn"));
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));

    await screen.findByText("done");
    expect(app.deductions()).toHaveLength(1);
  });

  test("never says that nothing was charged, when another body under the key was paid and served", async () => {
    const app = openApp();
    app.strike(lost);
    let time = 0;
    function Clocked() {
      const draw = useAresAction({ usage: "image" }, (key: string) => app.draw(key, `${time++}`));
      return (
        <>
          <button type="button" onClick={draw.run}>
            Draw for {draw.price}
          </button>
          <p>{draw.status}</p>
          <AresErrorNotice charge={draw} />
        </>
      );
    }
    render(<Clocked />, { wrapper: app.wrapper });
    fireEvent.click(await screen.findByRole("button", { name: "Draw for 4" }));
    await screen.findByText("failed");
    fireEvent.click(screen.getByRole("button", { name: "Draw for 4" }));
    await screen.findByText("refused");

    expect(screen.getByRole("alert").textContent).toBe(
      "What you paid for is used up. Nothing was charged just now.",
    );
  });

  test("leads to the shop when there are too few credits", async () => {
    const app = openApp();
    app.simulator.setBalance("user_1", 0);
    await open(app);

    expect((await screen.findByRole("link")).getAttribute("href")).toContain("joinares.com");
    expect(screen.getByRole("alert").textContent).toContain("not charged");
  });

  test("says that a charge may have been made, and looks again", async () => {
    const app = openApp();
    app.simulator.fail("drop-after-charge");
    await open(app);

    await screen.findByText(/Payment not confirmed/);
    expect(screen.getByRole("button", { name: /Check/ })).toBeDefined();
  });
});
