import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chargesOf, createAresClient, type PageLocks } from "../../src/client";
import { createTabLock } from "../../src/client/tabs";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** How long another tab may not yet see the keys that this tab stored. */
const UNSEEN_MS = 100;

/** The locks of one browser. One request holds a name at a time, and names are granted in the order of the requests. */
function createLocks() {
  const last = new Map<string, Promise<unknown>>();
  const log: string[] = [];
  const locks: PageLocks = {
    request(name, work) {
      log.push(`asked ${name}`);
      const held = (last.get(name) ?? Promise.resolve()).then(() => {
        log.push(`granted ${name}`);
        return work();
      });
      const released = held.catch(() => {}).then(() => log.push(`released ${name}`));
      last.set(name, released);
      return held;
    },
  };
  return { locks, log };
}

describe("the lock between tabs", () => {
  test("is taken once for all the work of one page in one tick, and for each name apart", async () => {
    const { locks, log } = createLocks();
    const withTabLock = createTabLock("", () => locks);
    const done: string[] = [];

    for (const name of ["a", "a", "b", "a"]) withTabLock(name, () => done.push(name));
    await vi.advanceTimersByTimeAsync(0);

    expect(done).toHaveLength(4);
    expect(log).toEqual(["asked a", "asked b", "granted a", "granted b"]);
  });

  test("is joined by work that comes while the page holds it, and held until other tabs see what that stored", async () => {
    const { locks, log } = createLocks();
    const [here, there] = [createTabLock("", () => locks), createTabLock("", () => locks)];
    const done: string[] = [];
    here("a", () => done.push("first"));
    await vi.advanceTimersByTimeAsync(UNSEEN_MS - 1);

    there("a", () => done.push("other tab"));
    here("a", () => done.push("second"));
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toEqual(["first", "second"]);
    await vi.advanceTimersByTimeAsync(UNSEEN_MS);
    // This press is too late to join: the lock's work is done, and the lock only waits until others see the stored
    // keys.
    here("a", () => done.push("third"));
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toEqual(["first", "second"]);
    await vi.advanceTimersByTimeAsync(1 + UNSEEN_MS);

    expect(done).toEqual(["first", "second", "other tab", "third"]);
    expect(log.filter((line) => line.startsWith("asked"))).toHaveLength(3);
  });

  test("is given up to another tab by a page that never stops storing", async () => {
    const { locks } = createLocks();
    const [here, there] = [createTabLock("", () => locks), createTabLock("", () => locks)];
    const other = vi.fn();
    const storing = setInterval(() => here("a", () => {}), 10);
    await vi.advanceTimersByTimeAsync(50);

    there("a", other);
    await vi.advanceTimersByTimeAsync(UNSEEN_MS * 2);
    clearInterval(storing);

    expect(other).toHaveBeenCalledOnce();
  });

  test("is waited for no longer than 3 seconds where a frozen tab holds it", async () => {
    const { locks } = createLocks();
    void locks.request("a", () => new Promise(() => {}));
    const withTabLock = createTabLock("", () => locks);
    const work = vi.fn();

    withTabLock("a", work);
    await vi.advanceTimersByTimeAsync(2999);
    expect(work).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);

    expect(work).toHaveBeenCalledOnce();
  });

  test.each([
    ["where the browser has none", undefined],
    [
      "where the browser refuses it",
      { request: () => Promise.reject(new DOMException("An opaque origin.", "SecurityError")) },
    ],
  ])("keeps no work back %s", async (_, locks) => {
    const withTabLock = createTabLock("", () => locks);
    const work = vi.fn();

    withTabLock("a", work);
    withTabLock("a", work);
    await vi.advanceTimersByTimeAsync(0);

    expect(work).toHaveBeenCalledTimes(2);
  });
});

test("ten charges pressed at once ask one question, take one lock and wait for no timer: as long as one charge", async () => {
  const { locks, log } = createLocks();
  const posts: string[] = [];
  let reads = 0;
  const client = createAresClient({
    endpoint: "/api/ares",
    locks,
    async fetch(_, init) {
      if (init?.method !== "POST") {
        reads += 1;
        return Response.json({ owner: "ada" }, { headers: { "Ares-Contract": "1" } });
      }
      posts.push(new Headers(init?.headers).get("Idempotency-Key") ?? "");
      const body = { message: "Success", status: "charged", charge: { status: "charged" } };
      return Response.json(body, { headers: { "Ares-Contract": "1" } });
    },
  });

  const presses = Array.from({ length: 10 }, () =>
    chargesOf(client).open({ usage: "export-pdf" }).charge(1),
  );
  await vi.advanceTimersByTimeAsync(0);

  expect((await Promise.all(presses)).map(({ status }) => status)).toEqual(
    Array(10).fill("charged"),
  );
  expect([reads, new Set(posts).size]).toEqual([1, 10]);
  expect(log.map((line) => line.split(" ")[0])).toEqual(["asked", "granted"]);
});
