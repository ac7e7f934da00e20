import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  AresGate,
  AresProvider,
  type AresProviderProps,
  ChargeReceipt,
  CreditBalance,
} from "../../../src/react";
import type { AresSnapshot } from "../../../src/server";
import { createAresSimulator, createTestServer, type SimulatedAccount } from "../../../src/testing";
import { lookUpsOf } from "../../client/lookUps";
import { wireOf } from "../../flows/page";

const ends: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => {
  for (const end of ends.splice(0)) end();
  cleanup();
  document.body.innerHTML = "";
  vi.useRealTimers();
});

const DAY = 24 * 3_600_000;
const prices = { "export-pdf": 1, report: 3, day: { credits: 2, keepMs: DAY } };
const page = new Request("https://app.example/", {
  headers: { Authorization: "Bearer simulated-session" },
});

/** A server in front of which Ada has paid for `r-1` and for a day. `who` says who is signed in. */
async function paidServer() {
  const who = { user: "ada", account: "connected" as SimulatedAccount };
  const simulator = createAresSimulator({ users: { ada: 698.5, bob: 50 } });
  const test = createTestServer({
    simulator,
    prices,
    user: () => who.user,
    account: () => who.account,
  });
  for (const [usage, resource] of [
    ["report", "r-1"],
    ["day", "d-1"],
  ] as const)
    await test.server.charge(page, { usage, resource });
  const wire = wireOf(test.fetch);
  const snapshot = (more: Partial<AresSnapshot> = {}) =>
    test.server
      .snapshot(page, {
        charges: ["r-1", "r-2"]
          .map((resource) => ({ usage: "report", resource }))
          .concat({ usage: "day", resource: "d-1" }),
      })
      .then((made) => ({ ...made, ...more }));
  return { ...test, who, wire, snapshot };
}
type Server = Awaited<ReturnType<typeof paidServer>>;

const gates = (
  <>
    <CreditBalance />
    <AresGate usage="report" resource="r-1" label="One">
      <p>The first report</p>
    </AresGate>
    <AresGate usage="report" resource="r-2" label="Two">
      <p>The second report</p>
    </AresGate>
  </>
);

/** Renders the page on a server, and brings the HTML to life in a browser. */
function hydrate(
  server: Server,
  provider: Partial<AresProviderProps>,
  children: ReactNode = gates,
) {
  const tree = (more: Partial<AresProviderProps> = {}) => (
    <StrictMode>
      <AresProvider endpoint="/api/ares" fetch={server.wire.fetch} {...provider} {...more}>
        {children}
      </AresProvider>
    </StrictMode>
  );
  const complaints = vi.spyOn(console, "error").mockImplementation(() => {});
  ends.push(() => complaints.mockRestore());
  const html = renderToString(tree());
  const container = document.createElement("div");
  container.innerHTML = html;
  document.body.append(container);
  const texts = [container.textContent];
  new MutationObserver(() => texts.push(container.textContent)).observe(container, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  let root: ReturnType<typeof hydrateRoot> | undefined;
  act(() => {
    root = hydrateRoot(container, tree(), { onRecoverableError: (error) => complaints(error) });
  });
  ends.push(() => act(() => root?.unmount()));
  return {
    html,
    complaints,
    /** What the page has shown, from the first HTML on. */
    texts,
    show: (more: Partial<AresProviderProps>) => act(() => root?.render(tree(more))),
  };
}

const settle = () => act(async () => new Promise((done) => setTimeout(done)));
const first = () => screen.queryByText("The first report");
const locked = (name: string) => screen.findByRole("button", { name });

describe("the first HTML of a page with a snapshot", () => {
  test("holds the balance, the children of a paid gate and the price of another, and its browser asks for nothing", async () => {
    const server = await paidServer();
    const { html, complaints, texts } = hydrate(server, { initial: await server.snapshot() });

    expect(html).toContain("693.5 credits");
    expect(html).toContain("The first report");
    expect(html).not.toContain("The second report");
    expect(html).toContain("3 credits");
    await settle();
    expect(complaints).not.toHaveBeenCalled();
    expect(new Set(texts).size).toBe(1);
    expect(server.wire.log).toEqual([]);
  });

  test("of a server that pretends says so without a request, in a production build too", async () => {
    const server = await paidServer();
    vi.stubEnv("NODE_ENV", "production");
    ends.push(
      () => vi.unstubAllEnvs(),
      () => document.getElementById("ares-pretend")?.remove(),
    );
    hydrate(server, { initial: await server.snapshot({ pretend: true }) });

    await screen.findByText("Pretend ARES: no real credits move.");
    expect(server.wire.log).toEqual([]);
  });

  test("needs no request before a press: the press is the first", async () => {
    const server = await paidServer();
    hydrate(server, { initial: await server.snapshot() });

    fireEvent.click(await locked("Unlock Two · 3 credits"));

    await screen.findByText("The second report");
    expect(server.wire.log[0]).toMatchObject({
      method: "POST",
      body: { usage: "report", resource: "r-2", credits: 3 },
    });
    expect(server.wire.posts()).toHaveLength(1);
    await screen.findByText("690.5 credits");
  });

  test("writes numbers in the browser's language on the server too, and moments without the server's time zone", async () => {
    const server = await paidServer();
    const receipt = (
      <>
        <CreditBalance />
        <AresGate usage="report" resource="r-1">
          {(paid) => paid && <ChargeReceipt receipt={paid} />}
        </AresGate>
      </>
    );
    const { html, complaints } = hydrate(
      server,
      { initial: await server.snapshot({ locale: "de" }) },
      receipt,
    );

    expect(html).toContain("693,5");
    expect(html).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    await waitFor(() => expect(document.querySelector("time")?.textContent).not.toContain("UTC"));
    expect(complaints).not.toHaveBeenCalled();
  });

  test("leaves a gate that the snapshot does not name loading, until the browser has read its state", async () => {
    const server = await paidServer();
    const { html, texts } = hydrate(server, { initial: await server.snapshot({ charges: [] }) });

    expect(html).not.toContain("Unlock");
    await screen.findByText("The first report");
    expect(texts.some((text) => text?.includes("Unlock One"))).toBe(false);
  });

  test("shows the paid gate where ARES did not answer, and reads the balance", async () => {
    const server = await paidServer();
    const { html } = hydrate(server, {
      initial: await server.snapshot({ user: undefined, connection: "unknown" }),
    });

    expect(html).toContain("The first report");
    expect(html).not.toContain("693.5");
    await screen.findByText("693.5 credits");
  });

  test("says that nobody is signed in, and its browser asks for nothing, until the user comes back from signing in", async () => {
    const server = await paidServer();
    server.who.account = "signed_out";
    const { html, complaints, texts } = hydrate(server, { initial: await server.snapshot() });

    expect(html).toContain("Not signed in");
    await settle();
    expect(server.wire.log).toEqual([]);
    await act(
      async () => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true })),
    );
    await waitFor(() => expect(server.wire.log).toHaveLength(1));
    await settle();
    expect(new Set(texts).size).toBe(1);
    expect(server.wire.log).toHaveLength(1);
    expect(complaints).not.toHaveBeenCalled();

    server.who.account = "connected";
    await act(
      async () => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true })),
    );
    await screen.findByText("693.5 credits");
    await screen.findByText("The first report");
  });

  test("says that ARES is not connected, reads behind the page, and flashes nothing", async () => {
    const server = await paidServer();
    server.who.account = "not_connected";
    const { html, texts, complaints } = hydrate(
      server,
      { initial: await server.snapshot() },
      <CreditBalance />,
    );

    expect(html).toContain("ARES is not connected");
    await waitFor(() => expect(server.wire.reads().length).toBeGreaterThan(0));
    await settle();
    expect(new Set(texts).size).toBe(1);
    expect(complaints).not.toHaveBeenCalled();
  });

  test("puts nothing of a user into a cache that the server shares", async () => {
    const server = await paidServer();
    const queryClient = new QueryClient();
    const html = renderToString(
      <QueryClientProvider client={queryClient}>
        <AresProvider endpoint="/api/ares" initial={await server.snapshot()}>
          <CreditBalance />
        </AresProvider>
      </QueryClientProvider>,
    );

    expect(html).toContain("693.5 credits");
    expect(
      queryClient
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.data),
    ).toEqual([undefined]);
  });

  test("of a gate that charges on mount holds no charge, and the charge is the first request", async () => {
    const server = await paidServer();
    const gate = (
      <AresGate usage="report" resource="r-2" trigger="mount">
        <p>The second report</p>
      </AresGate>
    );
    const before = server.simulator.charges.length;
    hydrate(server, { initial: await server.snapshot() }, gate);

    await screen.findByText("The second report");
    expect(server.wire.log[0]?.method).toBe("POST");
    expect(server.simulator.charges).toHaveLength(before + 1);
  });
});

describe("a snapshot of the user of this page", () => {
  test("older than 30 seconds is read again behind the page, and what is paid stays on screen", async () => {
    const server = await paidServer();
    const { at } = await server.snapshot();
    const { texts, complaints } = hydrate(server, {
      initial: await server.snapshot({ at: at - 31_000 }),
    });

    const asked = () =>
      server.wire.reads().map(({ url }) => lookUpsOf(url).map(({ resource }) => resource));
    await waitFor(() => expect(asked()).toEqual(expect.arrayContaining([[], ["r-1", "r-2"]])));
    await settle();
    expect(new Set(texts).size).toBe(1);
    expect(complaints).not.toHaveBeenCalled();
  });

  test("older than 30 seconds and wrong by now closes its gate, once it was read", async () => {
    const server = await paidServer();
    const initial = await server.snapshot();
    const charges = initial.charges.map((charge) => ({
      ...charge,
      resource: charge.resource === "r-1" ? "r-9" : charge.resource,
    }));
    const stale = (
      <AresGate usage="report" resource="r-9" label="Nine">
        <p>The ninth report</p>
      </AresGate>
    );
    hydrate(server, { initial: { ...initial, charges, at: initial.at - 31_000 } }, stale);

    expect(screen.getByText("The ninth report")).toBeTruthy();
    await locked("Unlock Nine · 3 credits");
    expect(screen.queryByText("The ninth report")).toBeNull();
  });

  test("is older than a refusal of the page, also where the browser's clock is behind the server's", async () => {
    const server = await paidServer();
    const { at } = await server.snapshot();
    const refused = () =>
      Response.json(
        { code: "insufficient_credits" },
        { status: 402, headers: { "Ares-Contract": "1" } },
      );
    server.wire.meddle(async ({ method }, send) => (method === "POST" ? refused() : send()));
    hydrate(server, { initial: await server.snapshot({ at: at + 20_000 }) });

    fireEvent.click(await locked("Unlock Two · 3 credits"));

    await waitFor(() => expect(document.querySelector("[data-status=insufficient]")).toBeTruthy());
  });

  test("is read again when the page comes out of the browser's memory", async () => {
    const server = await paidServer();
    hydrate(server, { initial: await server.snapshot() });
    const show = (persisted: boolean) =>
      act(async () => void dispatchEvent(Object.assign(new Event("pageshow"), { persisted })));

    await show(false);
    await settle();
    expect(server.wire.log).toEqual([]);
    await show(true);

    await waitFor(() =>
      expect(server.wire.reads().map(({ url }) => url)).toEqual(
        expect.arrayContaining([expect.stringContaining("r-1")]),
      ),
    );
    expect(first()).toBeTruthy();
  });

  test("shows a paid gate until the paid time is over", async () => {
    const server = await paidServer();
    const initial = await server.snapshot();
    const day = (
      <AresGate usage="day" resource="d-1" label="Day">
        <p>Today</p>
      </AresGate>
    );
    const soon = initial.charges.map((charge) =>
      charge.usage === "day" ? { ...charge, paidUntil: initial.at + 400 } : charge,
    );
    server.wire.meddle(() => new Promise(() => {}));
    vi.useFakeTimers({ now: initial.at, toFake: ["Date", "setTimeout", "clearTimeout"] });
    hydrate(server, { initial: { ...initial, charges: soon } }, day);

    await act(() => vi.advanceTimersByTimeAsync(399));
    expect(screen.getByText("Today")).toBeTruthy();
    await act(() => vi.advanceTimersByTimeAsync(2));
    expect(screen.queryByText("Today")).toBeNull();
    expect(server.wire.reads()).toHaveLength(1);
  });

  test("keeps the page when the session and the account are known later, and asks for nothing", async () => {
    const server = await paidServer();
    const page = hydrate(server, { initial: await server.snapshot(), session: "loading" });
    const paid = first();

    page.show({ session: "signed_in", userKey: "ada", account: "account-1" });

    await settle();
    expect(first()).toBe(paid);
    expect(page.html).toContain("693.5 credits");
    expect(new Set(page.texts).size).toBe(1);
    expect(server.wire.log).toEqual([]);
    page.show({ session: "signed_in", userKey: "ada", account: "account-2" });
    await waitFor(() => expect(server.wire.reads()).toHaveLength(1));
  });

  test("never brings an older balance back when the account is known after a charge", async () => {
    const server = await paidServer();
    const page = hydrate(server, { initial: await server.snapshot(), session: "loading" });
    fireEvent.click(await locked("Unlock Two · 3 credits"));
    await screen.findByText("690.5 credits");
    page.texts.length = 0;

    page.show({ session: "signed_in", userKey: "ada", account: "account-1" });

    await settle();
    expect(screen.getByText("690.5 credits")).toBeTruthy();
    expect(page.texts.some((text) => text?.includes("693.5"))).toBe(false);
  });

  test("opens no gate that the user has closed", async () => {
    const server = await paidServer();
    const gate = (
      <AresGate
        usage="report"
        resource="r-1"
        label="One"
        slots={{
          unlocked: ({ reset }) => (
            <button type="button" onClick={reset}>
              Close
            </button>
          ),
        }}
      />
    );
    hydrate(server, { initial: await server.snapshot() }, gate);

    fireEvent.click(screen.getByRole("button", { name: "Close" }));

    await locked("Unlock One · 3 credits");
  });
});

describe("a snapshot of another user", () => {
  test("than the provider's userKey is never shown, and the developer is told", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    ends.push(() => warned.mockRestore());
    const server = await paidServer();
    const initial = await server.snapshot();
    server.who.user = "bob";
    const { html } = hydrate(server, { initial, userKey: "bob" });

    expect(html).not.toContain("693.5");
    expect(html).not.toContain("The first report");
    await screen.findByText("50 credits");
    await locked("Unlock One · 3 credits");
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("another user"));
  });

  test.each<[string, Partial<AresProviderProps>]>([
    ["signs out", { session: "signed_out" }],
    ["is replaced by another user", { session: "signed_in", userKey: "bob" }],
  ])("closes its gates at once when its user %s", async (_, next) => {
    const server = await paidServer();
    const page = hydrate(server, { initial: await server.snapshot(), session: "loading" });
    expect(first()).toBeTruthy();
    server.who.user = "bob";

    page.show(next);

    expect(first()).toBeNull();
    expect(screen.queryByText("693.5 credits")).toBeNull();
  });

  test.each<[string, Partial<AresProviderProps>]>([
    ["has signed out", { session: "signed_out" }],
    ["was replaced by another user", { session: "signed_in", userKey: "bob" }],
  ])(
    "shows nothing any more while the next session is loading, once its user %s",
    async (_, between) => {
      const server = await paidServer();
      const page = hydrate(server, {
        initial: await server.snapshot(),
        session: "signed_in",
        userKey: "ada",
      });
      server.wire.meddle(() => new Promise(() => {}));
      page.show({ ...between, userKey: between.userKey });

      page.show({ session: "loading", userKey: undefined });

      expect(first()).toBeNull();
      expect(screen.queryByText("693.5 credits")).toBeNull();
    },
  );

  test("is dropped by the next answer, which closes its gates", async () => {
    const server = await paidServer();
    const { at } = await server.snapshot();
    const initial = await server.snapshot({ at: at - 31_000 });
    server.who.user = "bob";
    hydrate(server, { initial });

    expect(first()).toBeTruthy();
    await screen.findByText("50 credits");
    expect(first()).toBeNull();
    await locked("Unlock One · 3 credits");
  });

  test("charges nobody: the press names the user who was shown", async () => {
    const server = await paidServer();
    const initial = await server.snapshot();
    server.who.user = "bob";
    const before = server.simulator.charges.length;
    hydrate(server, { initial });

    fireEvent.click(await locked("Unlock Two · 3 credits"));

    await screen.findByText("50 credits");
    expect(server.simulator.charges).toHaveLength(before);
    expect(first()).toBeNull();
  });
});

describe("an initial that comes later, as after a sign-in that loads no page", () => {
  /** Snapshots of one server for whoever is signed in at the moment. */
  async function world() {
    const server = await paidServer();
    const of = (user: string, account: SimulatedAccount = "connected") => {
      server.who.user = user;
      server.who.account = account;
      return server.snapshot();
    };
    return { ...server, of };
  }
  const says = () => document.body.textContent ?? "";

  test.each([
    ["of another user", "bob", "connected", "50 credits"],
    ["of nobody", "bob", "signed_out", "Not signed in"],
  ] as const)(
    "%s forgets the last user at once, balance and paid text",
    async (_, user, account, said) => {
      const server = await world();
      const page = hydrate(server, { initial: await server.of("ada") });
      expect(first()).toBeTruthy();

      page.show({ initial: await server.of(user, account) });

      expect(first()).toBeNull();
      expect(says()).not.toContain("693.5");
      await screen.findByText(said);
      await settle();
      expect(first()).toBeNull();
      expect(server.wire.log).toEqual([]);
    },
  );

  test("of somebody brings a page to life that was signed out", async () => {
    const server = await world();
    const page = hydrate(server, { initial: await server.of("ada", "signed_out") });
    expect(says()).toContain("Not signed in");

    page.show({ initial: await server.of("ada") });

    await screen.findByText("693.5 credits");
    expect(first()).toBeTruthy();
    fireEvent.click(await locked("Unlock Two · 3 credits"));
    await screen.findByText("690.5 credits");
  });

  test("of the same user brings a page to life whose session had ended: the user has signed in again", async () => {
    const server = await world();
    const page = hydrate(server, { initial: await server.of("ada") });
    const open = await locked("Unlock Two · 3 credits");
    server.who.account = "signed_out";
    fireEvent.click(open);
    await screen.findByText(/Sign in to use this/, { selector: "[role=status]" });

    page.show({ initial: await server.of("ada") });

    await screen.findByText("693.5 credits");
    fireEvent.click(await locked("Unlock Two · 3 credits"));
    await screen.findByText("690.5 credits");
  });

  test("is shown as it is at the user's second visit, and not as at the first", async () => {
    const server = await world();
    const shown = hydrate(server, { initial: await server.of("ada") });
    shown.show({ initial: await server.of("bob") });
    await screen.findByText("50 credits");
    server.who.user = "ada";
    await server.server.charge(page, { usage: "report", resource: "r-2" });

    shown.show({ initial: await server.of("ada") });

    await screen.findByText("690.5 credits");
    expect(screen.getByText("The second report")).toBeTruthy();
  });

  test("of the same user changes nothing: the page knows better", async () => {
    const server = await world();
    const early = await server.of("ada");
    const page = hydrate(server, { initial: await server.of("ada") });
    const paid = first();
    fireEvent.click(await locked("Unlock Two · 3 credits"));
    await screen.findByText("690.5 credits");
    page.texts.length = 0;

    page.show({ initial: early });
    page.show({
      initial: {
        ...early,
        session: "loading",
        userKey: undefined,
        owner: undefined,
        user: undefined,
        charges: [],
      },
    });
    page.show({ initial: undefined });

    await settle();
    expect(first()).toBe(paid);
    expect(page.texts.some((text) => text?.includes("693.5"))).toBe(false);
    expect(server.wire.posts()).toHaveLength(1);
  });

  test("charges the new user only, for a press of the new user", async () => {
    const server = await world();
    const page = hydrate(server, { initial: await server.of("ada") });
    const before = server.simulator.charges.length;
    page.show({ initial: await server.of("bob") });

    fireEvent.click(await locked("Unlock Two · 3 credits"));

    await screen.findByText("The second report");
    await screen.findByText("47 credits");
    expect(server.simulator.charges.slice(before).map(({ userId }) => userId)).toEqual(["bob"]);
  });

  test("is not believed after an answer has told of another user than the snapshot before: the page reads", async () => {
    const server = await world();
    const ada = await server.of("ada");
    const late = await server.of("ada");
    const page = hydrate(server, { initial: ada });
    server.who.user = "bob";
    await act(async () => void dispatchEvent(new Event("online")));
    await screen.findByText("50 credits");
    page.texts.length = 0;

    page.show({ initial: late });

    await screen.findByText("50 credits");
    expect(page.texts.some((text) => /693|The first report/.test(text ?? ""))).toBe(false);
  });

  test.each<[string, Partial<AresProviderProps>]>([
    ["before its userKey", { userKey: "ada" }],
    ["before its session", { userKey: "ada", session: "signed_in" }],
  ])("of another user, that comes %s, shows nothing of the last user", async (_, last) => {
    const server = await world();
    const page = hydrate(server, { initial: await server.of("ada"), ...last });
    const bob = await server.of("bob");

    page.show({ initial: bob, ...last });
    expect(first()).toBeNull();
    expect(says()).not.toContain("693.5");
    page.show({ initial: bob, ...last, userKey: "bob" });

    await screen.findByText("50 credits");
    expect(first()).toBeNull();
  });
});
