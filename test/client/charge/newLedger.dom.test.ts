import { beforeEach, expect, test, vi } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { lookedUp } from "../lookUps";

const contract = { headers: { "Ares-Contract": "1" } };
const charged = () =>
  Response.json({ message: "Success", status: "charged", charge: { status: "charged" } }, contract);
const tooOld = (retryAfterSeconds: number) => () =>
  Response.json(
    { code: "ledger_reset", retryable: false, retryAfterSeconds },
    { ...contract, status: 409 },
  );

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

/** A page in front of a server that gives these answers to its POSTs, and knows no charge. */
function openPage(...answers: (() => Response)[]) {
  const posts: { key: string | null; at: number; stored: boolean }[] = [];
  const fetch = async (url: unknown, init?: RequestInit) => {
    if (init?.method !== "POST") return lookedUp(url, { status: "absent" });
    const key = new Headers(init.headers).get("Idempotency-Key");
    posts.push({
      key,
      at: Date.now(),
      stored: Object.keys(localStorage).some((name) => name.endsWith(key ?? "?")),
    });
    return answers.shift()?.() ?? charged();
  };
  return {
    handle: chargesOf(createAresClient({ endpoint: "/api/ares", fetch })).open({ usage: "export" }),
    posts,
  };
}

test("a first key that is older than the ledger is replaced once, when the ledger takes new keys, under the same press", async () => {
  const { handle, posts } = openPage(tooOld(2));
  const charging = handle.charge(1);
  await vi.advanceTimersByTimeAsync(1900);
  expect(posts).toHaveLength(1);
  expect(handle.get().status).toBe("charging");

  await vi.advanceTimersByTimeAsync(200);

  expect(await charging).toMatchObject({ status: "charged", receipt: { key: posts[1]?.key } });
  expect(new Set(posts.map(({ key }) => key)).size).toBe(2);
  expect(posts.map(({ stored }) => stored)).toEqual([true, true]);
});

test("no press waits longer than five seconds for a ledger", async () => {
  const { handle, posts } = openPage(tooOld(3600));
  void handle.charge(1);
  await vi.advanceTimersByTimeAsync(5100);

  expect(posts).toHaveLength(2);
});

test("a second key that is refused too ends the press: nothing was charged", async () => {
  const { handle, posts } = openPage(tooOld(2), tooOld(2), tooOld(2));
  const charging = handle.charge(1);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(await charging).toMatchObject({ status: "not_charged", error: { code: "ledger_reset" } });
  expect(posts).toHaveLength(2);
});

test("a key that was sent before is never replaced: the lost ledger may have held its charge", async () => {
  const { handle, posts } = openPage(
    () =>
      Response.json({ code: "ledger_unavailable", retryable: true }, { ...contract, status: 503 }),
    tooOld(2),
  );
  expect((await handle.charge(1)).status).toBe("not_charged");
  void handle.charge(1);
  await vi.advanceTimersByTimeAsync(10_000);

  expect(handle.get().status).toBe("unknown");
  expect(new Set(posts.map(({ key }) => key)).size).toBe(1);
});
