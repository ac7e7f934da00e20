import { notifyManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { AresGate, AresProvider, CreditBalance, useAresGate, useAresUser } from "ares-react";
import { createTestServer } from "ares-react/testing";
import { type ReactNode, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

/** What one run measured, for `scripts/bench/page.mjs`. Times are medians, in milliseconds. */
export interface PageReport {
  renders: { what: string; count: number; goal?: string }[];
  times: { what: string; plain: number; ares: number; goal?: string }[];
}

const READERS = 1000;
const GATES = 50;
const RUNS = 40;
const WARM_UPS = 10;
/** Changes of one measurement. */
const CHANGES = 5;

// react-query tells its observers in the next timer. The timer is a wait and no work, and only work is measured.
notifyManager.setScheduler(queueMicrotask);

const counts: Record<string, number> = {};
const count = (name: string) => {
  counts[name] = (counts[name] ?? 0) + 1;
};
const many = (times: number, draw: (index: number) => ReactNode) =>
  Array.from({ length: times }, (_, index) => draw(index));

/** The plain external store that the kit is measured against. */
function createPlainStore(credits: number) {
  const listeners = new Set<() => void>();
  return {
    get: () => credits,
    set(next: number) {
      credits = next;
      for (const tell of listeners) tell();
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const store = createPlainStore(698);

function PlainReader() {
  count("plain reader");
  return <i>{useSyncExternalStore(store.subscribe, store.get)}</i>;
}
function PlainBalance() {
  return <span>{useSyncExternalStore(store.subscribe, store.get)} credits</span>;
}
function Reader() {
  count("reader");
  return <i>{useAresUser().credits}</i>;
}
function Picker() {
  count("pick");
  return <b>{useAresUser({ select: ({ status }) => status })}</b>;
}
function HeadlessGate() {
  count("headless gate");
  const gate = useAresGate({ usage: "export-pdf" });
  return <u>{gate.status}</u>;
}
/** A gate calls its slot at each of its renders. */
const countedGate = (name: string, index: number) => {
  const slot = (state: object) => {
    count(name);
    const unlock =
      "unlock" in state && typeof state.unlock === "function" ? state.unlock : undefined;
    return (
      <button type="button" onClick={() => unlock?.()}>
        {name}
      </button>
    );
  };
  const slots = { locked: slot, charging: slot, unlocked: slot };
  return <AresGate key={index} usage="export-pdf" resource={`${name} ${index}`} slots={slots} />;
};

/** A page of an app. Its functions and texts are inline, so each render of the parent makes new ones. */
function openPage(wireMs = 0) {
  const { fetch: serve, server, simulator } = createTestServer();
  let initial: Awaited<ReturnType<typeof server.snapshot>> | undefined;
  let requests = 0;
  const fetch: typeof serve = async (...asked) => {
    requests += 1;
    if (wireMs) await pause(wireMs);
    return serve(...asked);
  };
  const queryClient = new QueryClient();
  const box = document.body.appendChild(document.createElement("main"));
  const root = createRoot(box);
  let children: ReactNode = null;
  const render = (next = children) => {
    children = next;
    flushSync(() =>
      root.render(
        <QueryClientProvider client={queryClient}>
          <AresProvider
            endpoint="/api/ares"
            userKey={initial?.userKey ?? "ada"}
            fetch={fetch}
            initial={initial}
            signIn={() => {}}
            connect={() => {}}
            messages={{ unlock: "Open" }}
          >
            {children}
          </AresProvider>
        </QueryClientProvider>,
      ),
    );
  };
  const query = () => queryClient.getQueryCache().getAll()[0]?.queryKey ?? [];
  return {
    box,
    /** Gives the page the server's snapshot, before its first render. */
    async begin() {
      initial = await server.snapshot(new Request("http://localhost/"));
    },
    simulator,
    queryClient,
    requests: () => requests,
    render,
    read: () => queryClient.refetchQueries({ queryKey: query() }),
    setCredits: (credits: number) =>
      queryClient.setQueryData(query(), (old: object) => ({ ...old, credits })),
    close: () => root.unmount(),
  };
}

function openPlain() {
  const box = document.body.appendChild(document.createElement("main"));
  const root = createRoot(box);
  return {
    box,
    render: (children: ReactNode) => flushSync(() => root.render(children)),
    close: () => root.unmount(),
  };
}

const pause = (ms = 20) => new Promise((next) => setTimeout(next, ms));
/** Waits until the page shows something, to the millisecond. */
async function when(holds: () => boolean) {
  for (let tries = 0; tries < 10_000 && !holds(); tries++) await pause(1);
  if (!holds()) throw new Error("The page never showed what was measured.");
}

async function until(holds: () => boolean, what: string) {
  for (let tries = 0; tries < 500 && !holds(); tries++) await pause();
  if (!holds()) throw new Error(`The page never showed this: ${what}.`);
  await pause(100);
}

/** Counts the renders of `act`, and of everything that follows from it. */
async function rendersOf(act: () => unknown) {
  const before = { ...counts };
  await act();
  await pause(200);
  const after = { ...counts };
  return (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
}

const middle = (times: number[]) =>
  times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Measures the two by turns, so that a busy machine slows both. */
async function compare(
  what: string,
  plain: (run: number) => Promise<number>,
  ares: (run: number) => Promise<number>,
  goal = "",
) {
  const taken = { plain: [0].slice(1), ares: [0].slice(1) };
  for (let run = -WARM_UPS; run < RUNS; run++) {
    const times = { plain: await plain(run + 100), ares: await ares(run + 100) };
    if (run < 0) continue;
    taken.plain.push(times.plain);
    taken.ares.push(times.ares);
    await pause(1);
  }
  return { what, plain: middle(taken.plain), ares: middle(taken.ares), goal };
}

/** Milliseconds from a change until the last element shows it, as the mean of several: the browser's clock is coarse. */
async function changed(box: Element, run: number, change: (credits: number) => unknown) {
  const last = [...box.querySelectorAll("i, span")].at(-1);
  const shows = (credits: number) => last?.textContent?.startsWith(String(credits));
  const begin = performance.now();
  for (let credits = run * CHANGES; credits < (run + 1) * CHANGES; credits++) {
    change(credits);
    for (let turns = 0; turns < 10_000 && !shows(credits); turns++) await null;
    if (!shows(credits)) throw new Error("The page never showed the changed balance.");
  }
  return (performance.now() - begin) / CHANGES;
}

async function mounted(render: (children: ReactNode) => void, children: ReactNode) {
  render(null);
  await pause(1);
  const begin = performance.now();
  render(children);
  return performance.now() - begin;
}

async function rendersOnParents() {
  const page = openPage();
  page.render([
    ...many(GATES, (index) => <HeadlessGate key={`h${index}`} />),
    ...many(GATES, (index) => countedGate("gate", index)),
    ...many(GATES, (index) => <Reader key={`r${index}`} />),
  ]);
  await until(
    () =>
      page.box.textContent?.includes("698") === true && !page.box.textContent.includes("loading"),
    "a read balance",
  );
  const of = await rendersOf(() => page.render());
  page.close();
  return ["headless gate", "gate", "reader"].map((name) => ({
    what: `a render of the parent with inline signIn, connect and messages: ${GATES} of ${name}`,
    count: of(name),
    goal: "0",
  }));
}

async function readers() {
  const page = openPage();
  const plain = openPlain();
  page.render(many(READERS, (index) => <Reader key={index} />));
  plain.render(many(READERS, (index) => <PlainReader key={index} />));
  await until(() => page.box.textContent?.includes("698") === true, "a read balance");
  const identical = await rendersOf(page.read);
  const unrelated = await rendersOf(() =>
    page.queryClient.fetchQuery({ queryKey: ["other"], queryFn: () => 1 }),
  );
  const change = await compare(
    `a balance change, ${READERS} useAresUser readers`,
    (run) => changed(plain.box, run, store.set),
    (run) => changed(page.box, run, page.setCredits),
    "≤ 2",
  );
  page.close();
  plain.close();
  const renders = [
    { what: `an identical read, ${READERS} readers`, count: identical("reader"), goal: "0" },
    { what: `an unrelated read, ${READERS} readers`, count: unrelated("reader"), goal: "0" },
  ];
  return { renders, times: [change] };
}

async function balances() {
  const page = openPage();
  const plain = openPlain();
  const ours = many(READERS, (index) => <CreditBalance key={index} />);
  const spans = many(READERS, (index) => <PlainBalance key={index} />);
  page.render(ours);
  plain.render(spans);
  await until(() => page.box.textContent?.includes("698") === true, "a read balance");
  const change = await compare(
    `a balance change, ${READERS} \`<CreditBalance>\``,
    (run) => changed(plain.box, run, store.set),
    (run) => changed(page.box, run, page.setCredits),
    "≤ 5",
  );
  const mount = await compare(
    `the mount of ${READERS} \`<CreditBalance>\``,
    () => mounted(plain.render, spans),
    () => mounted(page.render, ours),
  );
  page.close();
  plain.close();
  return [change, mount];
}

async function oneGatesPress() {
  const page = openPage();
  page.render([
    countedGate("pressed", 0),
    ...many(GATES, (index) => countedGate("other gate", index)),
    ...many(GATES, (index) => <Picker key={`p${index}`} />),
    ...many(GATES, (index) => <Reader key={`r${index}`} />),
  ]);
  const showsAll = () =>
    page.box.querySelectorAll("button").length === GATES + 1 &&
    page.box.textContent?.includes("698") === true;
  await until(showsAll, "locked gates");
  const of = await rendersOf(async () => {
    page.box.querySelector("button")?.click();
    await until(() => !page.box.textContent?.includes("698"), "the balance after the charge");
  });
  page.close();
  return [
    {
      what: `one gate's press: ${GATES} readers that show no balance`,
      count: of("pick"),
      goal: "0",
    },
    { what: `one gate's press: ${GATES} readers that show the balance`, count: of("reader") },
    {
      what: `one gate's press: ${GATES} other gates, which show the balance`,
      count: of("other gate"),
    },
    { what: "one gate's press: the pressed gate", count: of("pressed") },
  ];
}

/** The requests of a page of gates, and the time of one gate in a page of many. */
async function lists() {
  const open = async (gates: number) => {
    const page = openPage();
    const begin = performance.now();
    page.render(
      many(gates, (index) => <AresGate key={index} usage="report" resource={`r-${index}`} />),
    );
    await when(() => page.box.querySelectorAll("button").length === gates);
    const ms = (performance.now() - begin) / gates;
    const requests = page.requests();
    page.close();
    return { ms, requests };
  };
  await open(100);
  const few = await open(100);
  const lots = await open(1000);
  return {
    counts: [
      { what: "requests of a page of 100 gates", count: few.requests, goal: "≤ 3" },
      { what: "requests of a page of 1,000 gates", count: lots.requests, goal: "≤ 15" },
    ],
    times: [
      {
        what: "a gate of 1,000 until its state is known, against a gate of 100",
        plain: few.ms,
        ares: lots.ms,
        goal: "about 1",
      },
    ],
  };
}

const WIRE_MS = 100;
const paidOnMount = (
  <AresGate key="gate" usage="report" resource="r-mount" trigger="mount">
    the paid report
  </AresGate>
);

/** What a page knows when its gate charges on mount: its user, what the server's snapshot told, or nothing. */
type Known = "user" | "snapshot" | "nothing";

async function chargeOnMount(known: Known) {
  const page = openPage(WIRE_MS);
  if (known === "snapshot") await page.begin();
  if (known === "user") {
    page.render(<Reader />);
    await until(() => page.box.textContent?.includes("698") === true, "a read balance");
  }
  const begin = performance.now();
  page.render([<Reader key="reader" />, paidOnMount]);
  await when(() => page.box.textContent?.includes("the paid report") === true);
  const ms = performance.now() - begin;
  page.close();
  return ms;
}

async function chargesOnMount() {
  const taken: Record<Known, number[]> = { user: [], snapshot: [], nothing: [] };
  for (let run = 0; run < 5; run++) {
    taken.user.push(await chargeOnMount("user"));
    taken.snapshot.push(await chargeOnMount("snapshot"));
    taken.nothing.push(await chargeOnMount("nothing"));
  }
  const what = '`trigger="mount"` until its children, against one round trip';
  const row = (where: string, known: Known, goal: string) => ({
    what: `${what}, ${where}`,
    plain: WIRE_MS,
    ares: middle(taken[known]),
    goal,
  });
  return [
    row("on a page that knows its user", "user", "≤ 1.2"),
    row("on a cold page with the server's snapshot", "snapshot", "≤ 1.2"),
    row("on a cold page without one", "nothing", "≤ 2.5"),
  ];
}

/** All measurements, one after the other. */
export async function bench(): Promise<PageReport> {
  const parents = await rendersOnParents();
  const { renders, times } = await readers();
  const shown = await balances();
  const press = await oneGatesPress();
  const listed = await lists();
  const mounts = await chargesOnMount();
  return {
    renders: [...parents, ...renders, ...press, ...listed.counts],
    times: [...times, ...shown, ...listed.times, ...mounts],
  };
}
