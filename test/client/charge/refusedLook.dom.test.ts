import { beforeEach, describe, expect, it, vi } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { lookedUp } from "../lookUps";

const contract = { headers: { "Ares-Contract": "1" } };
const paid = (url: string) => lookedUp(url, { status: "charged", id: "row-1" });
const limited = (seconds?: number) =>
  Response.json(
    { code: "rate_limited", retryable: true, retryAfterSeconds: seconds },
    { ...contract, status: 429 },
  );
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
async function openPage(answer: (look: number, url: string) => Response) {
  let looks = 0;
  const client = createAresClient({
    endpoint: "/api/ares",
    async fetch(url) {
      looks += 1;
      return answer(looks, String(url));
    },
  });
  const stop = client.connect();
  const handle = chargesOf(client).open({ usage: "report", resource: "r-1" });
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
    const { handle, looks } = await openPage((look, url) => (look < 3 ? refuse() : paid(url)));
    expect(handle.get()).toMatchObject({
      status: "idle",
      asking: true,
      unread: { name: "AresError" },
    });

    await vi.advanceTimersByTimeAsync(2_100);

    expect(handle.get()).toMatchObject({ status: "charged", receipt: { restored: true } });
    expect(looks()).toBe(3);
  });

  it("is not repeated before its Retry-After", async () => {
    const { handle, looks } = await openPage((look, url) => (look === 1 ? limited(20) : paid(url)));

    await vi.advanceTimersByTimeAsync(19_000);
    dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(500);
    expect(looks()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(handle.get().status).toBe("charged");
  });

  it("is repeated for about a minute, then at a check", async () => {
    const { handle, looks } = await openPage((look, url) => (look < 9 ? lost() : paid(url)));
    await vi.advanceTimersByTimeAsync(50_000);
    expect(handle.get()).toMatchObject({ asking: true });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(handle.get()).toMatchObject({
      status: "idle",
      asking: undefined,
      unread: { code: "network_error" },
    });
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
    const { handle, looks } = await openPage((look, url) => (look === 1 ? limited() : paid(url)));
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks()).toBe(1);

    Reflect.deleteProperty(document, "visibilityState");
    dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(10);
    expect(handle.get().status).toBe("charged");
  });

  it("is not repeated for a gate that is gone, and the next gate looks anew", async () => {
    const { handle, leave, looks } = await openPage((look, url) =>
      look === 1 ? limited() : paid(url),
    );
    leave();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks()).toBe(1);

    handle.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10);
    expect(handle.get().status).toBe("charged");
  });

  it("leaves a press free, and the press ends the looking", async () => {
    // The first answer after the refusal tells who is signed in. Only then the press sends its POST.
    const { handle, looks } = await openPage((look) =>
      look === 1
        ? limited()
        : Response.json(
            { message: "Success", status: "charged", charge: { status: "charged" } },
            contract,
          ),
    );
    expect((await handle.charge(1)).status).toBe("charged");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(looks()).toBe(3);
  });

  it.each([400, 404, 422])(
    "with %i is not repeated, and is never called not paid",
    async (status) => {
      const { handle, looks } = await openPage(() => new Response("", { status }));
      await vi.advanceTimersByTimeAsync(30_000);
      expect(handle.get()).toMatchObject({ status: "idle", unread: { name: "AresError" } });
      expect(looks()).toBe(1);
    },
  );

  it.each([401, 403])("with %i is repeated: the user may sign in meanwhile", async (status) => {
    const { handle } = await openPage((look, url) =>
      look < 3 ? new Response("", { status }) : paid(url),
    );
    await vi.advanceTimersByTimeAsync(2_100);
    expect(handle.get().status).toBe("charged");
  });

  it("is no look of a server that can't look: its gate is locked, and doubts nothing", async () => {
    const { handle, looks } = await openPage(() =>
      Response.json({ message: "Success", user: { credits: 5 } }),
    );
    await vi.advanceTimersByTimeAsync(30_000);
    expect(handle.get()).toEqual({ status: "idle" });
    expect(looks()).toBe(1);
  });
});
