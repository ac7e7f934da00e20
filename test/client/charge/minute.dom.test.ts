import { beforeEach, expect, it, vi } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { lookedUp } from "../lookUps";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

/** A page whose POST was lost; each look takes `ms` and says that nobody knows. */
async function lostCharge(ms: number) {
  const fetch = async (url: unknown, init?: RequestInit) => {
    if (init?.method === "POST") throw new TypeError("Failed to fetch");
    if (String(url).includes("charges=recent")) return Response.json({ charges: [] });
    await new Promise((done) => setTimeout(done, ms));
    return lookedUp(url, { status: "unknown" });
  };
  const client = createAresClient({ endpoint: "/api/ares", fetch });
  const stop = client.connect();
  await client.readCharges();
  const handle = chargesOf(client).open({ usage: "export" });
  handle.subscribe(() => {});
  void handle.charge(1);
  await vi.advanceTimersByTimeAsync(100);
  return { handle, stop };
}

it("three returns to the page do not end the minute of reading", async () => {
  const { handle, stop } = await lostCharge(50);
  for (let n = 0; n < 3; n++) {
    dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(handle.get()).toMatchObject({ status: "unknown", checking: true });
  await vi.advanceTimersByTimeAsync(40_000);
  expect(handle.get()).toMatchObject({ checking: true });
  await vi.advanceTimersByTimeAsync(40_000);
  expect(handle.get()).toMatchObject({ status: "unknown", checking: false });
  stop();
});

it("reads that hang do not stretch the minute to three", async () => {
  const { handle, stop } = await lostCharge(20_000);
  await vi.advanceTimersByTimeAsync(95_000);
  expect(handle.get()).toMatchObject({ status: "unknown", checking: false });
  stop();
});

it("a page that is offline can't look, so the minute goes on when it is back", async () => {
  const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(true);
  const { handle, stop } = await lostCharge(50);
  onLine.mockReturnValue(false);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(handle.get()).toMatchObject({ status: "unknown", checking: true });
  onLine.mockRestore();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(handle.get()).toMatchObject({ status: "unknown", checking: false });
  stop();
});

it("works where a page has wrapped setTimeout and hands on no arguments", async () => {
  const real = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (run: () => void, ms?: number) => real(() => run(), ms));
  const { handle, stop } = await lostCharge(50);
  await vi.advanceTimersByTimeAsync(90_000);
  expect(handle.get()).toMatchObject({ status: "unknown", checking: false });
  stop();
  vi.unstubAllGlobals();
});
