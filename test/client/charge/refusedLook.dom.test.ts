import { beforeEach, describe, expect, it, vi } from "vitest";
import { createAresClient } from "../../../src/client";

const contract = { headers: { "Ares-Contract": "1" } };
const paid = () => Response.json({ charge: { status: "charged", id: "row-1" } }, contract);
const limited = (seconds?: number) =>
  Response.json({ code: "rate_limited", retryable: true, retryAfterSeconds: seconds }, { ...contract, status: 429 });
const lost = () => {
  throw new TypeError("Failed to fetch");
};

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => {
    vi.useRealTimers();
    Reflect.deleteProperty(document, "visibilityState");
  };
});

/** A page that shows a resource, in front of an endpoint that answers its looks. */
async function openPage(answer: (look: number) => Response) {
  let looks = 0;
  const client = createAresClient({
    endpoint: "/api/ares",
    async fetch() {
      looks += 1;
      return answer(looks);
    },
  });
  const stop = client.connect();
  const handle = client.open({ usage: "report", resource: "r-1" });
  const leave = handle.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(10);
  return { handle, leave, stop, looks: () => looks };
}

describe("a look that is refused", () => {
  it.each([
    ["by a limit", () => limited()],
    ["by the network", lost],
    ["by a server in trouble", () => new Response("", { status: 503 })],
  ])("%s is repeated, and says so meanwhile", async (_, refuse) => {
    const { handle, looks } = await openPage((look) => (look < 3 ? refuse() : paid()));
    expect(handle.get()).toMatchObject({ status: "idle", asking: true, unread: { name: "AresError" } });

    await vi.advanceTimersByTimeAsync(2_100);

    expect(handle.get()).toMatchObject({ status: "charged", receipt: { restored: true } });
    expect(looks()).toBe(3);
  });

  it("is not repeated before its Retry-After", async () => {
    const { handle, looks } = await openPage((look) => (look === 1 ? limited(20) : paid()));

    await vi.advanceTimersByTimeAsync(19_000);
    dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(500);
    expect(looks()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(handle.get().status).toBe("charged");
  });

  it("is repeated for about a minute, then at a check", async () => {
    const { handle, looks } = await openPage((look) => (look < 9 ? lost() : paid()));
    await vi.advanceTimersByTimeAsync(50_000);
    expect(handle.get()).toMatchObject({ asking: true });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(handle.get()).toMatchObject({ status: "idle", asking: undefined, unread: { code: "network_error" } });
    expect(looks()).toBe(8);

    const checked = handle.check();
    await vi.advanceTimersByTimeAsync(10);
    expect((await checked).status).toBe("charged");
  });

  it("ends at once when its Retry-After is longer than the minute", async () => {
    const { handle, looks } = await openPage(() => limited(3600));
    await vi.advanceTimersByTimeAsync(300_000);

    expect(handle.get()).toMatchObject({ status: "idle", unread: { code: "rate_limited" } });
    expect(looks()).toBe(1);
  });

  it("waits until its page is seen", async () => {
    const { handle, looks } = await openPage((look) => (look === 1 ? limited() : paid()));
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks()).toBe(1);

    Reflect.deleteProperty(document, "visibilityState");
    dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(10);
    expect(handle.get().status).toBe("charged");
  });

  it("is not repeated for a gate that is gone, and the next gate looks anew", async () => {
    const { handle, leave, looks } = await openPage((look) => (look === 1 ? limited() : paid()));
    leave();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks()).toBe(1);

    handle.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10);
    expect(handle.get().status).toBe("charged");
  });

  it("leaves a press free, and the press ends the looking", async () => {
    const { handle, looks } = await openPage((look) =>
      look === 1 ? limited() : Response.json({ message: "Success", status: "charged", charge: { status: "charged" } }, contract),
    );
    expect((await handle.charge(1)).status).toBe("charged");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks()).toBe(2);
  });

  it("that a server can't answer is not repeated", async () => {
    const { handle, looks } = await openPage(() => new Response("", { status: 404 }));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(handle.get()).toEqual({ status: "idle" });
    expect(looks()).toBe(1);
  });
});
