import { act, render, screen, waitFor } from "@testing-library/react";
import { type ReactNode, Suspense, use } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import {
  AresProvider,
  CreditBalance,
  type OutcomeListeners,
  type UseAresUsageResult,
  useAresUsage,
  useAresUser,
} from "../../../src/react";
import { createTestServer } from "../../../src/testing";
import { wireOf } from "../../flows/page";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const contract = { headers: { "Ares-Contract": "1" } };
const tick = (ms = 20) => act(() => new Promise((next) => setTimeout(next, ms)));

/** A page with one hook, whose listeners write down what they hear. */
function openPage(
  fetch: typeof globalThis.fetch = createTestServer().fetch,
  more: OutcomeListeners = {},
  input?: object,
) {
  const heard: string[] = [];
  const wire = wireOf(fetch);
  const now: { usage?: UseAresUsageResult } = {};
  function Use({ resource }: { resource?: string | undefined }): ReactNode {
    now.usage = useAresUsage({
      usage: "report",
      resource,
      input,
      onCharged: (receipt) => heard.push(`charged ${receipt.resource}`),
      onRefused: ({ code }, target) => heard.push(`refused ${target.resource} ${code}`),
    });
    return (
      <i>
        {now.usage.status} {now.usage.price}
      </i>
    );
  }
  const ui = (userKey: string, resource?: string) => (
    <AresProvider endpoint="/api/ares" userKey={userKey} fetch={wire.fetch} {...more}>
      <Use resource={resource} />
    </AresProvider>
  );
  const view = render(ui("ada"));
  const usage = () => {
    if (now.usage) return now.usage;
    throw new Error("The hook was not rendered.");
  };
  return {
    heard,
    wire,
    usage,
    show: (userKey: string, resource?: string) => view.rerender(ui(userKey, resource)),
  };
}

test("each press of each item of a list is told, also while the item before is on its way", async () => {
  const { heard, wire, usage } = openPage();
  await screen.findByText("idle 3");
  const free = wire.holdPost();
  await act(async () => void usage().charge({ resource: "a" }));
  await waitFor(() => expect(wire.posts()).toHaveLength(1));
  await act(async () => void usage().charge({ resource: "b" }));
  free();

  await waitFor(() => expect(heard.sort()).toEqual(["charged a", "charged b"]));
});

test("a double press joins its own charge, whatever the hook showed before", async () => {
  const { wire, usage } = openPage();
  await screen.findByText("idle 3");
  await act(() => usage().charge({ resource: "a" }));
  const before = wire.posts().length;
  const free = wire.holdPost();

  // Both presses come before React renders the first.
  const [first, second] = [usage().charge(), usage().charge()];
  await tick();
  expect(usage().status).toBe("charging");
  free();
  await act(() => Promise.all([first, second]));

  expect(wire.posts()).toHaveLength(before + 1);
});

test("the next user's page is told nothing of the first user's charge", async () => {
  const onCharged = vi.fn();
  const { wire, usage, show } = openPage(undefined, { onCharged });
  await screen.findByText("idle 3");
  const free = wire.holdPost();
  await act(async () => void usage().charge());
  await waitFor(() => expect(wire.posts()).toHaveLength(1));
  show("bob");
  free();
  await tick(200);

  expect(onCharged).not.toHaveBeenCalled();
});

test.each([
  ["listed", undefined],
  ["quoted", { pages: 2 }],
])(
  "a press before a %s price was read waits ten seconds for it, and is then refused with nothing sent",
  async (_, input) => {
    vi.useFakeTimers();
    const answers: (() => void)[] = [];
    const { heard, wire, usage } = openPage(
      () => new Promise((end) => answers.push(() => end(Response.error()))),
      {},
      input,
    );
    await act(async () => void usage().charge());
    await act(() => vi.advanceTimersByTimeAsync(9_999));
    expect([usage().status, heard]).toEqual(["charging", []]);

    await act(() => vi.advanceTimersByTimeAsync(2));

    expect(usage()).toMatchObject({ status: "not_charged", error: { code: "network_error" } });
    expect(heard).toEqual(["refused undefined network_error"]);
    expect(wire.posts()).toEqual([]);
    // A later test waits for all requests that are under way.
    for (const end of answers) end();
  },
);

test("each press that is refused offline is told", async () => {
  const { heard, usage } = openPage();
  await screen.findByText("idle 3");
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  for (let n = 0; n < 2; n++) await act(() => usage().charge());
  await tick();

  expect(heard).toEqual(["refused undefined network_error", "refused undefined network_error"]);
});

test("after price_changed the page shows the new price, and the next press agrees to it", async () => {
  const old = createTestServer({ prices: { report: 3 } });
  const raised = createTestServer({ prices: { report: 5 }, simulator: old.simulator });
  let current = old;
  const { usage } = openPage((...request) => current.fetch(...request));
  await screen.findByText("idle 3");
  current = raised;

  expect(await act(() => usage().charge())).toMatchObject({
    status: "not_charged",
    error: { code: "price_changed" },
  });
  await screen.findByText("not_charged 5");
  expect(await act(() => usage().charge())).toMatchObject({
    status: "charged",
    receipt: { credits: 5 },
  });
});

test("a double press before the price was read is one refusal, and no other resource or user shows it", async () => {
  let signedIn = false;
  const { fetch } = createTestServer();
  const { heard, usage, show } = openPage((...request) =>
    signedIn
      ? fetch(...request)
      : Promise.resolve(Response.json({ code: "not_signed_in" }, { ...contract, status: 401 })),
  );
  await act(() => Promise.all([usage().charge(), usage().charge()]));
  expect(heard).toEqual(["refused undefined not_signed_in"]);
  signedIn = true;

  show("ada", "b");
  expect(usage().status).toBe("idle");
  show("bob");
  expect(usage().status).toBe("idle");
});

test("reset ends the refusal that the user before had", async () => {
  let owner = "a";
  const { fetch } = createTestServer();
  const { usage } = openPage(async (input, init) => {
    if (init?.method === "POST") {
      owner = "b";
      return Response.json({ code: "other_user" }, { ...contract, status: 409 });
    }
    const body = await (await fetch(input, init)).json();
    return Response.json({ ...body, owner }, contract);
  });
  await screen.findByText("idle 3");
  await act(() => usage().charge());
  await waitFor(() =>
    expect(usage()).toMatchObject({ status: "not_charged", error: { code: "other_user" } }),
  );

  act(() => usage().reset());

  expect(usage().status).toBe("idle");
});

test("a press that meets another user's key goes on with a key of its own", async () => {
  let owner = "a";
  let lost = true;
  const keys: (string | null)[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    if (init?.method !== "POST")
      return Response.json({ user: { credits: 9 }, charge: { status: "absent" }, owner }, contract);
    keys.push(new Headers(init.headers).get("Idempotency-Key"));
    if (lost) return new Promise(() => {});
    return Response.json(
      { message: "Success", status: "charged", charge: { status: "charged" } },
      contract,
    );
  };
  const first = createAresClient({ endpoint: "/api/ares", fetch });
  await first.getUser();
  void chargesOf(first).open({ usage: "report" }).charge(3);
  await waitFor(() => expect(keys).toHaveLength(1));
  owner = "b";
  lost = false;

  const state = await chargesOf(createAresClient({ endpoint: "/api/ares", fetch }))
    .open({ usage: "report" }, false)
    .charge(3);

  expect([state.status, new Set(keys).size]).toEqual(["charged", 2]);
});

test("a page that was away while another user's answer came still learns of it", async () => {
  let owner = "a";
  const onOtherUser = vi.fn();
  const fetch = async () => Response.json({ user: { id: "1", credits: 1 }, owner }, contract);
  const client = createAresClient({ endpoint: "/api/ares", fetch, onOtherUser });
  const leave = client.connect();
  await client.getUser();
  leave();
  owner = "b";
  await client.getUser().catch(() => {});
  client.connect();
  await client.getUser().catch(() => {});

  expect(onOtherUser).toHaveBeenCalledTimes(1);
});

test("a boundary that hydrates after the balance was read begins with what the server showed", async () => {
  const { fetch } = createTestServer();
  let arrive = () => {};
  const chunk = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let server = true;
  function Late() {
    if (!server) use(chunk);
    const { credits, status } = useAresUser();
    return (
      <b>
        {status} {credits}
      </b>
    );
  }
  const page = (
    <AresProvider endpoint="/api/ares" fetch={fetch}>
      <CreditBalance />
      <Suspense fallback={<i>…</i>}>
        <Late />
      </Suspense>
    </AresProvider>
  );
  const html = renderToString(page);
  server = false;
  const root = document.body.appendChild(document.createElement("div"));
  root.innerHTML = html;
  const errors: unknown[] = [];
  const app = await act(async () =>
    hydrateRoot(root, page, { onRecoverableError: (error) => errors.push(error) }),
  );
  await tick(100);
  await act(async () => arrive());
  await tick(100);

  expect(errors).toEqual([]);
  expect(root.textContent).toContain("ready 698");
  act(() => app.unmount());
  root.remove();
});
