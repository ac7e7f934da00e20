import { beforeEach, expect, it, vi } from "vitest";
import { chargesOf, createAresClient, type PageLocks } from "../../../src/client";
import { lookedUp } from "../lookUps";

const contract = { headers: { "Ares-Contract": "1" } };

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

it.each([500, 1_500, 2_900])(
  "a press in a second tab that gets its turn %i ms later finds the key that was paid meanwhile",
  async (ms) => {
    const keys = new Set<string>();
    const fetch = async (url: unknown, init?: RequestInit) => {
      if (init?.method !== "POST") return lookedUp(url, { status: "charged", credits: 1 });
      keys.add(new Headers(init.headers).get("Idempotency-Key") ?? "");
      return Response.json(
        { message: "Success", status: "charged", charge: { status: "charged", credits: 1 } },
        contract,
      );
    };
    const after = (wait: number): PageLocks => ({
      request: async (_name, work) => {
        await new Promise((done) => setTimeout(done, wait));
        return work();
      },
    });
    const tab = (wait: number) => {
      const handle = chargesOf(
        createAresClient({ endpoint: "/api/ares", fetch, locks: after(wait) }),
      ).open({
        usage: "export",
      });
      handle.subscribe(() => {});
      return handle;
    };
    const [first, second] = [tab(0), tab(ms)];

    void first.charge(1);
    void second.charge(1);
    await vi.advanceTimersByTimeAsync(10_000);

    expect([first.get().status, second.get().status]).toEqual(["charged", "charged"]);
    expect(keys.size).toBe(1);
  },
);
