import { act, render, screen } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { AresGate, AresProvider, useAresPrice, useAresUsage } from "../../../src/react";
import { type AskedLookUp, answersTo, lookUpsOf } from "../../client/lookUps";

const headers = { "Ares-Contract": "1" };

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

/** A server that computes 0.1 credits for each page, and knows one user with 100 credits. */
function serve() {
  const quoted: number[] = [];
  const posts: { input?: unknown; credits?: number }[] = [];
  let trouble: object | undefined;
  const fetch: typeof globalThis.fetch = async (to, init) => {
    if (init?.method === "POST") {
      const body = JSON.parse(String(init.body));
      posts.push(body);
      return Response.json(
        {
          message: "Success",
          status: "charged",
          charge: { status: "charged", credits: body.credits },
        },
        { headers },
      );
    }
    const asked = lookUpsOf(String(to));
    if (!asked.length)
      return Response.json({ user: { credits: 100 }, prices: { report: 3 } }, { headers });
    if (trouble) return Response.json(trouble, { status: 503, headers });
    const pagesOf = ({ input }: AskedLookUp) => Number(Object(input).pages);
    quoted.push(...asked.map(pagesOf));
    return Response.json(
      answersTo(String(to), (each) => ({ credits: pagesOf(each) / 10 })),
      { headers },
    );
  };
  return {
    fetch,
    quoted,
    posts,
    break: (answer?: object) => {
      trouble = answer;
    },
  };
}

/** Lets time pass in two steps: React renders at the end of each. */
async function pass(ms: number) {
  await act(() => vi.advanceTimersByTimeAsync(ms - 10));
  await act(() => vi.advanceTimersByTimeAsync(10));
}

function Price({ pages, usage = "render" }: { pages?: number; usage?: string }) {
  const { status, price, error } = useAresPrice({
    usage,
    input: pages === undefined ? undefined : { pages },
  });
  return <output>{[status, price, error?.code].join(" ")}</output>;
}

function show(server: ReturnType<typeof serve>, ui: React.ReactNode) {
  const page = (ui: React.ReactNode) => (
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={server.fetch}>
      {ui}
    </AresProvider>
  );
  const view = render(page(ui));
  return { ...view, show: (ui: React.ReactNode) => view.rerender(page(ui)) };
}
const shown = () => screen.getByRole("status").textContent;

describe("the price of a usage", () => {
  test("is the listed price without an input", async () => {
    show(serve(), <Price usage="report" />);
    expect(shown()).toBe("loading  ");
    await pass(50);
    expect(shown()).toBe("ready 3 ");
  });

  test("is an error for a usage without a price", async () => {
    show(serve(), <Price usage="no-such-usage" />);
    await pass(50);
    expect(shown()).toBe("error  unknown_usage");
  });

  test("is computed from its input at once", async () => {
    const server = serve();
    show(server, <Price pages={12} />);
    await pass(50);
    expect(shown()).toBe("ready 1.2 ");
    expect(server.quoted).toEqual([12]);
  });

  test("is asked for once the user has stopped typing, and never shown for another input", async () => {
    const server = serve();
    const page = show(server, <Price pages={1} />);
    await pass(50);
    for (let pages = 2; pages <= 40; pages++) {
      page.show(<Price pages={pages} />);
      expect(shown()).toBe("loading  ");
      await pass(50);
    }
    await pass(400);
    expect(shown()).toBe("ready 4 ");
    expect(server.quoted).toEqual([1, 40]);
  });

  test("is not asked for before a session is there, and then at once", async () => {
    const server = serve();
    const page = (session: "loading" | "signed_out" | "signed_in") => (
      <AresProvider endpoint="/api/ares" userKey="ada" session={session} fetch={server.fetch}>
        <Price pages={12} />
      </AresProvider>
    );
    const view = render(page("loading"));
    await pass(50);
    view.rerender(page("signed_out"));
    await pass(50);
    expect([shown(), server.quoted]).toEqual(["loading  ", []]);
    view.rerender(page("signed_in"));
    await pass(50);
    expect(shown()).toBe("ready 1.2 ");
  });

  test("is read to its end while a charge beside it tells a balance", async () => {
    const server = serve();
    let answer = () => {};
    const held = new Promise<void>((done) => {
      answer = done;
    });
    const fetch: typeof globalThis.fetch = async (to, init) => {
      if (init?.method === "POST")
        return Response.json({ status: "charged", charge: {}, user: { credits: 97 } }, { headers });
      if (String(to).includes("input=")) await held;
      return server.fetch(to, init);
    };
    show(
      { ...server, fetch },
      <>
        <AresGate usage="report" label="Report" />
        <Price pages={12} />
      </>,
    );
    await pass(50);
    await act(async () =>
      screen.getByRole("button", { name: "Unlock Report · 3 credits" }).click(),
    );
    await pass(50);
    answer();
    await pass(50);
    expect(document.querySelector("output")?.textContent).toBe("ready 1.2 ");
  });

  test("is asked for again after a refusal that passes", async () => {
    const server = serve();
    server.break({ code: "price_unavailable", retryable: true });
    show(server, <Price pages={12} />);
    await pass(50);
    expect(shown()).toBe("error  price_unavailable");
    server.break();
    await pass(6_000);
    expect(shown()).toBe("ready 1.2 ");
  });
});

describe("a charge at a computed price", () => {
  function Export({ pages }: { pages: number }) {
    const usage = useAresUsage({ usage: "render", input: { pages } });
    return (
      <>
        <button type="button" onClick={() => usage.charge()}>
          {usage.status} {usage.price}
        </button>
        <button type="button" onClick={() => usage.charge({ input: { pages: 70 } })}>
          other
        </button>
      </>
    );
  }

  test("sends the price that was shown, and the input", async () => {
    const server = serve();
    show(server, <Export pages={12} />);
    await pass(50);
    act(() => screen.getByText("idle 1.2").click());
    await pass(50);
    expect(server.posts).toMatchObject([{ usage: "render", input: { pages: 12 }, credits: 1.2 }]);
  });

  test("waits for the price when the press comes first", async () => {
    const server = serve();
    show(server, <Export pages={12} />);
    act(() => screen.getByText(/^idle/).click());
    await pass(50);
    expect(server.posts).toMatchObject([{ input: { pages: 12 }, credits: 1.2 }]);
  });

  test("is refused with nothing sent when no price came", async () => {
    const server = serve();
    server.break({ code: "price_unavailable", retryable: true });
    show(server, <Export pages={12} />);
    act(() => screen.getByText(/^idle/).click());
    await pass(11_000);
    screen.getByText(/^not_charged/);
    expect(server.posts).toEqual([]);
  });

  test("of another input at the call is the shown price of that input", async () => {
    const server = serve();
    show(
      server,
      <>
        <Export pages={12} />
        <Price pages={70} />
      </>,
    );
    await pass(50);
    act(() => screen.getByText("other").click());
    await pass(50);
    expect(server.posts).toMatchObject([{ input: { pages: 70 }, credits: 7 }]);
  });

  test("stands on the gate's button before the press, and belongs to the input that is shown", async () => {
    const server = serve();
    const gate = (pages: number) => (
      <AresGate usage="render" input={{ pages }} label="film">
        <p>the film</p>
      </AresGate>
    );
    const page = show(server, gate(12));
    await pass(50);
    screen.getByRole("button", { name: /1\.20? credits/ });
    page.show(gate(30));
    expect(screen.queryByRole("button", { name: /credits/ })).toBeNull();
    await pass(400);
    act(() => screen.getByRole("button", { name: /3 credits/ }).click());
    await pass(50);
    screen.getByText("the film");
    expect(server.posts).toMatchObject([{ input: { pages: 30 }, credits: 3 }]);
  });
});
