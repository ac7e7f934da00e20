import { beforeEach, describe, expect, test, vi } from "vitest";
import { type AresChannel, chargesOf, createAresClient } from "../../../src/client";
import type { AresSnapshot } from "../../../src/contract";
import { lookUpsOf } from "../lookUps";

const DAY = { usage: "day", resource: "d-1" };
const AT = 1_700_000_000_000;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: AT });
  return () => void vi.useRealTimers();
});

/** A page whose snapshot tells that a day is paid for the next hour. */
function openPage() {
  const asked: string[] = [];
  const channels: AresChannel[] = [];
  const receipt = {
    ...DAY,
    credits: 2,
    balance: undefined,
    id: "c-1",
    key: undefined,
    at: AT,
    restored: true,
  } as const;
  const initial: AresSnapshot = {
    version: 1,
    at: AT,
    locale: "en",
    session: "signed_in",
    connection: "connected",
    owner: "ada",
    prices: {},
    charges: [{ ...DAY, status: "charged", paidUntil: AT + 3_600_000, receipt }],
  };
  const client = createAresClient({
    endpoint: "/api/ares",
    initial,
    async fetch(url) {
      asked.push(...lookUpsOf(String(url)).map(({ resource }) => resource ?? ""));
      return new Promise(() => {});
    },
    openChannel() {
      const channel: AresChannel = { postMessage: () => {}, onmessage: null, close: () => {} };
      channels.push(channel);
      return channel;
    },
  });
  const leave = client.connect();
  return {
    client,
    asked,
    leave,
    /** Another tab's message. */
    say: (data: unknown) => channels.at(-1)?.onmessage?.(new MessageEvent("message", { data })),
    /** Mounts a gate of the day, and gives what it shows first and after a moment. */
    async mountGate() {
      const handle = chargesOf(client).open(DAY);
      const first = handle.get().status;
      handle.subscribe(() => {});
      await vi.advanceTimersByTimeAsync(1);
      return [first, handle.get().status];
    },
  };
}

const show = (persisted: boolean) =>
  dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));

test("one user has one machine, and another user another", () => {
  const [ada, bob] = [openPage().client, openPage().client];

  expect(chargesOf(ada)).toBe(chargesOf(ada));
  expect(chargesOf(bob)).not.toBe(chargesOf(ada));
});

describe("a machine that a later gate makes", () => {
  test("opens the gate by the young snapshot, and asks for nothing", async () => {
    const { mountGate, asked } = openPage();
    show(false);

    expect(await mountGate()).toEqual(["charged", "charged"]);
    expect(asked).toEqual([]);
  });

  test("reads again when the page has come out of the browser's memory meanwhile", async () => {
    const { mountGate, asked } = openPage();
    show(true);

    expect(await mountGate()).toEqual(["charged", "charged"]);
    expect(asked).toEqual(["d-1"]);
  });

  test("reads again when another tab has settled a charge meanwhile", async () => {
    const { mountGate, asked, say } = openPage();
    say({ owner: "ada", ...DAY, key: "k-1" });

    await mountGate();
    expect(asked).toEqual(["d-1"]);
  });

  test("reads again when the page was left and shown again meanwhile", async () => {
    const { client, leave, mountGate, asked } = openPage();
    leave();
    await vi.advanceTimersByTimeAsync(1);
    client.connect();

    await mountGate();
    expect(asked).toEqual(["d-1"]);
  });

  test("never shows what was paid for a time that has ended meanwhile", async () => {
    const { mountGate, asked } = openPage();
    await vi.advanceTimersByTimeAsync(3_600_000);

    expect(await mountGate()).toEqual(["idle", "idle"]);
    expect(asked).toEqual(["d-1"]);
  });

  test("hears what the page hears", async () => {
    const { mountGate, asked } = openPage();
    await mountGate();
    show(true);
    await vi.advanceTimersByTimeAsync(1);

    expect(asked).toEqual(["d-1"]);
  });
});
