import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ChargeHandle, chargesOf, createAresClient } from "../../../src/client";
import { lookedUp } from "../lookUps";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A report that another device is paying for. The first answer says so. */
function openReport(first: string): ChargeHandle {
  const answers = [first, "sending", "sending", "charged"];
  const fetch = async (url: unknown, init?: RequestInit) => {
    expect(init?.method).toBeUndefined();
    return lookedUp(url, { status: answers.shift() });
  };
  return chargesOf(createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch })).open({
    usage: "report",
    resource: "r-1",
  });
}

test("a gate opens when another device has paid for its resource, and sends nothing", async () => {
  const handle = openReport("sending");
  handle.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10);
  expect(handle.get().status).toBe("charging");

  await vi.advanceTimersByTimeAsync(10_000);

  expect(handle.get().status).toBe("charged");
});

test("a check that finds another device paying goes on looking until it is known", async () => {
  const handle = openReport("absent");
  handle.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10);
  expect(handle.get().status).toBe("idle");

  const checked = handle.check();
  await vi.advanceTimersByTimeAsync(10_000);

  expect((await checked).status).toBe("charged");
});
