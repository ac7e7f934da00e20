import { act, fireEvent, render, renderHook, screen, waitFor } from "@testing-library/react";
import { memo } from "react";
import { beforeEach, expect, test } from "vitest";
import {
  AresGate,
  AresProvider,
  CreditBalance,
  useAresGate,
  useAresUser,
} from "../../../src/react";
import { balanceTexts } from "../../../src/react/messages/en";
import { createTexts, useMessages } from "../../../src/react/provider/useMessages";
import { createTestServer } from "../../../src/testing";

beforeEach(() => localStorage.clear());

/** A page whose provider gets new functions and new texts at each render, as apps write them inline. */
function openPage(children: React.ReactNode) {
  const { fetch, simulator } = createTestServer();
  const page = () => (
    <AresProvider
      endpoint="/api/ares"
      userKey="ada"
      fetch={fetch}
      signIn={() => {}}
      connect={() => {}}
      reconnect={() => {}}
      onConnectError={() => {}}
      onCharged={() => {}}
      messages={{ unlock: "Open" }}
    >
      {children}
    </AresProvider>
  );
  const view = render(page());
  return { simulator, renderParent: () => view.rerender(page()) };
}

/** Counts the renders of what it is used in. */
function counted() {
  const counts: Record<string, number> = {};
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const Reader = memo(function Reader({ name = "reader" }: { name?: string }) {
    count(name);
    return <i>{useAresUser().credits}</i>;
  });
  const Picker = memo(function Picker() {
    count("picker");
    return <b>{useAresUser({ select: ({ credits = 0 }) => credits > 100 }) ? "rich" : "poor"}</b>;
  });
  const Gate = memo(function Gate({ usage, name = "gate" }: { usage: string; name?: string }) {
    count(name);
    const gate = useAresGate({ usage });
    return (
      <button type="button" onClick={() => gate.status === "locked" && gate.unlock()}>
        {name} {gate.status}
      </button>
    );
  });
  const Refetch = memo(function Refetch() {
    const { refetch } = useAresUser();
    return (
      <button type="button" onClick={() => void refetch()}>
        Read
      </button>
    );
  });
  return { counts, Reader, Picker, Gate, Refetch };
}

const settled = async () => {
  for (let n = 0; n < 3; n++) await act(() => new Promise((next) => setTimeout(next, 20)));
};

test("a render of the parent with new inline functions and texts renders no gate and no reader", async () => {
  const { counts, Reader, Gate } = counted();
  const { renderParent } = openPage([<Reader key="r" />, <Gate key="g" usage="export-pdf" />]);
  await screen.findByText("gate locked");
  await settled();
  const before = { ...counts };

  renderParent();
  renderParent();

  expect(counts).toEqual(before);
});

test("a read that changes nothing renders no reader; a changed balance renders each reader once, and a pick not at all", async () => {
  const { counts, Reader, Picker, Refetch } = counted();
  const { simulator } = openPage([<Reader key="r" />, <Picker key="p" />, <Refetch key="f" />]);
  await screen.findByText("698");
  await settled();
  const before = { ...counts };

  fireEvent.click(screen.getByText("Read"));
  await settled();
  expect(counts).toEqual(before);

  simulator.spendElsewhere("user_1", 1);
  fireEvent.click(screen.getByText("Read"));
  await screen.findByText("697");
  await settled();
  expect(counts).toEqual({ ...before, reader: (before.reader ?? 0) + 1 });
});

test("a reader that shows that a read is under way is told of its beginning and its end", async () => {
  openPage([<CreditBalance key="b" refresh />]);
  const refresh = await screen.findByRole("button", { name: "Refresh balance" });
  await waitFor(() => expect(refresh.getAttribute("aria-busy")).toBe("false"));

  fireEvent.click(refresh);

  await waitFor(() => expect(refresh.getAttribute("aria-busy")).toBe("true"));
  await waitFor(() => expect(refresh.getAttribute("aria-busy")).toBe("false"));
});

test("a press of one gate renders no other reader that shows no balance", async () => {
  const { counts, Picker, Gate } = counted();
  openPage([<Picker key="p" />, <Gate key="a" usage="export-pdf" name="first" />]);
  fireEvent.click(await screen.findByText("first locked"));
  const before = { ...counts };
  await screen.findByText("first unlocked");
  await settled();

  expect(counts.picker).toBe(before.picker);
});

test("a gate that is mounted later reads again when the balance is old, and shares a young one", async () => {
  const { fetch } = createTestServer();
  let reads = 0;
  let now = Date.now();
  const clock = Date.now;
  Date.now = () => now;
  const counting: typeof fetch = (input, init) => {
    if (init?.method !== "POST") reads += 1;
    return fetch(input, init);
  };
  const page = (more: boolean) => (
    <AresProvider endpoint="/api/ares" userKey="ada" fetch={counting}>
      <CreditBalance />
      {more && <AresGate usage="export-pdf">paid</AresGate>}
    </AresProvider>
  );
  const view = render(page(false));
  await screen.findByText("698 credits");
  view.rerender(page(true));
  await settled();
  expect(reads).toBe(1);

  view.rerender(page(false));
  now += 6000;
  view.rerender(page(true));

  await waitFor(() => expect(reads).toBe(2));
  Date.now = clock;
});

test("a copy of the user has every member, and its reader is told of a read under way", async () => {
  function Copier() {
    const copy = { ...useAresUser() };
    return (
      <button type="button" onClick={() => void copy.refetch()}>
        {copy.credits} {copy.isFetching ? "reading" : "quiet"} {copy.updatedAt > 0 && "dated"}
      </button>
    );
  }
  openPage(<Copier />);
  fireEvent.click(await screen.findByText("698 quiet dated"));

  await screen.findByText("698 reading dated");
  await screen.findByText("698 quiet dated");
});

test("a thousand balances make one object of each kind of Intl, and the next balance makes none", async () => {
  let made = 0;
  const { NumberFormat, PluralRules } = Intl;
  const counting = <T extends typeof NumberFormat | typeof PluralRules>(kind: T) =>
    new Proxy(kind, {
      construct(target, args) {
        made += 1;
        return Reflect.construct(target, args);
      },
    });
  Object.assign(Intl, { NumberFormat: counting(NumberFormat), PluralRules: counting(PluralRules) });
  try {
    const { fetch, simulator } = createTestServer();
    const { Refetch } = counted();
    const { container } = render(
      <AresProvider endpoint="/api/ares" userKey="ada" fetch={fetch} locale="en-NZ">
        <Refetch />
        {Array.from({ length: 1000 }, (_, index) => `balance ${index}`).map((key) => (
          <CreditBalance key={key} />
        ))}
      </AresProvider>,
    );
    await waitFor(() => expect(container.textContent?.split("698 credits")).toHaveLength(1001));
    expect(made).toBe(2);

    simulator.spendElsewhere("user_1", 1);
    fireEvent.click(screen.getByText("Read"));
    await waitFor(() => expect(container.textContent?.split("697 credits")).toHaveLength(1001));
    expect(made).toBe(2);
  } finally {
    Object.assign(Intl, { NumberFormat, PluralRules });
  }
});

test("the texts are merged once for the provider's messages, not once for each component or render", async () => {
  const seen = { gate: new Set<object>(), balance: new Set<object>() };
  const useTexts = createTexts(balanceTexts);
  function Texts() {
    seen.gate.add(useMessages());
    seen.balance.add(useTexts());
    return <p>{useMessages().unlock}</p>;
  }
  const { renderParent } = openPage([<Texts key="a" />, <Texts key="b" />]);
  renderParent();

  expect(screen.getAllByText("Open")).toHaveLength(2);
  expect([seen.gate.size, seen.balance.size]).toEqual([1, 1]);
});

test("a press of one gate renders another gate once, for the balance that the other gate shows", async () => {
  const counts = { pressed: 0, other: 0 };
  const gate = (name: "pressed" | "other") => (
    <AresGate
      key={name}
      usage="export-pdf"
      resource={name}
      label={name}
      slots={{
        locked(_, defaults) {
          counts[name] += 1;
          return defaults;
        },
        charging(_, defaults) {
          counts[name] += 1;
          return defaults;
        },
        unlocked(_, defaults) {
          counts[name] += 1;
          return defaults;
        },
      }}
    >
      paid
    </AresGate>
  );
  openPage([gate("pressed"), gate("other")]);
  const [button] = await screen.findAllByRole("button", { name: /^Open/ });
  await settled();
  const before = { ...counts };
  if (button) fireEvent.click(button);
  await screen.findByText("paid");
  await screen.findAllByText(/695|697/);
  await settled();

  // The pressed gate renders twice more to keep the balance that was read after its charge.
  expect({ pressed: counts.pressed - before.pressed, other: counts.other - before.other }).toEqual({
    pressed: 5,
    other: 1,
  });
});

test("a render that changes nothing gives a gate's reader the same state, with the same actions", async () => {
  const { fetch, simulator } = createTestServer();
  const wrapper = ({ children }: { children: React.ReactNode }) => (
    <AresProvider
      endpoint="/api/ares"
      userKey="ada"
      fetch={fetch}
      signIn={() => {}}
      connect={() => {}}
      labels={{ report: "Report" }}
    >
      {children}
    </AresProvider>
  );
  const { result, rerender } = renderHook(
    () => useAresGate({ usage: "report", confirmation: 10 }),
    { wrapper },
  );
  const expectSame = () => {
    const state = result.current;
    rerender();
    expect(result.current).toBe(state);
    return state;
  };
  await waitFor(() => expect(result.current.status).toBe("locked"));
  const locked = expectSame();
  act(() => locked.status === "locked" && locked.unlock());
  await waitFor(() => expect(result.current.status).toBe("unlocked"));
  expectSame();
  expect(simulator.charges).toHaveLength(1);
});
