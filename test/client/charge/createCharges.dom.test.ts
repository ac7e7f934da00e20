import { beforeEach, describe, expect, test, vi } from "vitest";
import { createCharges } from "../../../src/client/charge/createCharges";
import { createSession } from "../../../src/client/charge/session";
import type { Slots } from "../../../src/client/charge/slots";
import { createAresClient } from "../../../src/client/createAresClient";
import { PAID_KEY_MS } from "../../../src/client/pendingKeys";
import { shortHash } from "../../../src/client/shortHash";

const contract = { headers: { "Ares-Contract": "1" } };
const charged = () =>
  Response.json({ message: "Success", status: "charged", charge: { status: "charged" } }, contract);
const declined = () =>
  Response.json({ code: "insufficient_credits" }, { ...contract, status: 402 });
const absent = () => Response.json({ charge: { status: "absent" } }, contract);

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

const sizes = ({ all, free, holding }: Slots) => [all.size, free.size, holding.size];
const nothing = [0, 0, 0];
const prefix = `ares:${shortHash("/api/ares")}:`;

/** The charges of one page, whose slots can be counted. */
function openPage(answer: () => Response = charged) {
  let minted = 0;
  const posts: string[] = [];
  const client = createAresClient({
    endpoint: "/api/ares",
    async fetch(_, init) {
      if (init?.method !== "POST") return absent();
      posts.push(new Headers(init.headers).get("Idempotency-Key") ?? "");
      return answer();
    },
    newKey: () => `key-${++minted}`,
  });
  const session = { ...createSession(client), firstAnswer: () => undefined };
  const slots: Slots = { all: new Set(), free: new Map(), holding: new Map() };
  return { ...createCharges(session, slots), slots, posts };
}

const targets = [{ usage: "export-pdf" }, { usage: "report", resource: "r-1" }];

describe.each(targets)("a handle of %o that charges and never subscribes", (target) => {
  test("leaves no slot behind once its charge is charged", async () => {
    const { open, slots } = openPage();
    const charging = open(target).charge(1);
    expect(slots.all.size).toBe(1);

    expect((await charging).status).toBe("charged");
    await vi.advanceTimersByTimeAsync(PAID_KEY_MS);

    expect(sizes(slots)).toEqual(nothing);
    expect(Object.values({ ...localStorage }).filter((text) => !text.includes("paidAt"))).toEqual(
      [],
    );
  });

  test("leaves no slot behind once its receipt is taken", async () => {
    const { open, slots } = openPage();
    const handle = open(target, false);

    await handle.charge(1);
    await vi.advanceTimersByTimeAsync(PAID_KEY_MS * 2);
    expect(slots.all.size, "nobody has the receipt yet").toBe(1);
    handle.take();
    await vi.advanceTimersByTimeAsync(PAID_KEY_MS);

    expect(sizes(slots)).toEqual(nothing);
    expect(handle.get().status).toBe("charged");
  });

  test("leaves no slot behind once its charge is refused for good", async () => {
    const { open, slots } = openPage(declined);
    const handle = open(target);

    expect((await handle.charge(1)).status).toBe("not_charged");
    expect(sizes(slots)).toEqual(nothing);
    expect(handle.get().status, "its own handle still tells").toBe("not_charged");
  });

  test("charges again with each press, from a slot that is found again", async () => {
    const { open, slots, posts } = openPage();
    const handle = open(target);

    for (let presses = 0; presses < 3; presses++) {
      await handle.charge(1);
      handle.reset();
      await vi.advanceTimersByTimeAsync(PAID_KEY_MS);
    }

    expect(new Set(posts).size).toBe(3);
    expect(sizes(slots)).toEqual(nothing);
  });
});

test("a slot whose key is not delivered stays, for the next gate", async () => {
  const { open, slots } = openPage();
  const leave = open({ usage: "export-pdf" }).subscribe(() => {});
  void open({ usage: "export-pdf" }, false).charge(1);
  leave();
  await vi.advanceTimersByTimeAsync(PAID_KEY_MS * 2);
  expect(slots.all.size).toBe(1);

  const next = open({ usage: "export-pdf" });
  next.subscribe(() => {});

  expect(next.get().status).toBe("charged");
});

describe("a thousand gates", () => {
  const reads = () => vi.mocked(Storage.prototype.getItem).mock.calls.length;
  const many = Array.from({ length: 1000 }, (_, index) => index);

  beforeEach(() => {
    // Faked timers search a list of all timers, and this test sets thousands.
    vi.useRealTimers();
    vi.spyOn(Storage.prototype, "getItem");
    return () => void vi.restoreAllMocks();
  });

  test.each([
    ["of one usage", () => ({ usage: "export-pdf" })],
    ["of a resource each", (index: number) => ({ usage: "report", resource: `r-${index}` })],
  ])("%s that mount in one tick read each stored key once", async (_, targetOf) => {
    for (const index of many)
      localStorage.setItem(
        `${prefix}k-${index}`,
        JSON.stringify({ key: `k-${index}`, usage: "other", at: Date.now() }),
      );
    const { open, slots } = openPage();

    for (const index of many) open(targetOf(index)).subscribe(() => {});

    expect(slots.all.size).toBe(1000);
    expect(reads()).toBe(1000);
  });

  test("that are pressed in one tick read their own key alone when they are answered, and each mints a key of its own", async () => {
    const { open, posts } = openPage();
    const handles = many.map(() => open({ usage: "export-pdf" }));
    for (const handle of handles) handle.subscribe(() => {});

    await Promise.all(handles.map((handle) => handle.charge(1)));

    expect(new Set(posts).size).toBe(1000);
    expect(reads()).toBe(1000);
  });
});

test("a paid charge that is given up says that it was paid, until the next press", async () => {
  const handle = openPage().open({ usage: "export-pdf" });
  const leave = handle.subscribe(() => {});
  await handle.charge(1);

  handle.reset();
  handle.reset();
  expect(handle.get()).toEqual({ status: "idle", usedUp: true });
  expect((await handle.charge(1)).status).toBe("charged");
  leave();
});
