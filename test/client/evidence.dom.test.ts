import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ChargeState, chargesOf, createAresClient } from "../../src/client";
import { createTestServer } from "../../src/testing";
import { wireOf } from "../flows/page";

beforeEach(() => localStorage.clear());
afterEach(() => vi.useRealTimers());

test.each([
  ["first", [0, 1]],
  ["last", [1, 0]],
])(
  "a balance read from before a charge is no evidence for the next one, also when it arrives %s",
  async (_, order) => {
    const wire = wireOf(createTestServer().fetch);
    const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch: wire.fetch });
    const charge = () => {
      const handle = chargesOf(client).open({ usage: "export-pdf" });
      handle.subscribe(() => {});
      return handle.charge(1);
    };
    await client.readCharges();
    const arrivals: (() => void)[] = [];
    wire.meddle(async ({ method }, forward) => {
      const answer = await forward();
      if (method === "GET") await new Promise<void>((arrive) => arrivals.push(arrive));
      return answer;
    });

    const old = client.getUser();
    await expect.poll(() => arrivals).toHaveLength(1);
    expect((await charge()).status).toBe("charged");
    const fresh = client.getUser();
    await expect.poll(() => arrivals).toHaveLength(2);
    for (const index of order) {
      arrivals[index]?.();
      await [old, fresh][index];
    }
    expect([await old, await fresh]).toMatchObject([{ credits: 698 }, { credits: 697 }]);

    wire.losePost("after");
    expect(await charge()).toMatchObject({ status: "unknown", evidence: { before: 697 } });
  },
);

test("an unknown charge tells when it was sent, how often the page looked, and when the page looks next", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const wire = wireOf(createTestServer().fetch);
  const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch: wire.fetch });
  const handle = chargesOf(client).open({ usage: "export-pdf" });
  handle.subscribe(() => {});
  await client.readCharges();
  wire.meddle(async () => {
    throw new TypeError("Failed to fetch");
  });
  const pressedAt = Date.now();
  const { evidence, ...first } = unknown(await handle.charge(1));
  expect(first).toMatchObject({ checking: true, readable: true });
  expect(evidence).toMatchObject({ credits: 1, looks: 0, stored: true });
  expect(evidence.sentAt).toBeGreaterThanOrEqual(pressedAt);
  expect((evidence.nextAt ?? 0) - Date.now()).toBeGreaterThan(1000);

  await vi.advanceTimersByTimeAsync(4500);
  expect(unknown(handle.get()).evidence.looks).toBe(2);
  await vi.advanceTimersByTimeAsync(90_000);
  const last = unknown(handle.get());
  expect(last.checking).toBe(false);
  expect(last.evidence.looks).toBeGreaterThan(5);
  expect(last.evidence.nextAt).toBeUndefined();
});

test("a key that the browser could not store is told while its charge is on its way, and when its outcome is unknown", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const wire = wireOf(createTestServer().fetch);
  const storage = Object.assign(Object.create(localStorage), {
    setItem() {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  const client = createAresClient({
    endpoint: "/api/ares",
    userKey: "ada",
    fetch: wire.fetch,
    storage,
  });
  const handle = chargesOf(client).open({ usage: "export-pdf" });
  const seen: unknown[] = [];
  handle.subscribe(() => void seen.push(handle.get()));
  wire.losePost("before");
  const { evidence } = unknown(await handle.charge(1));
  expect(evidence.stored).toBe(false);
  expect(seen).toContainEqual({ status: "charging", credits: 1, stored: false });
});

test("a refusal tells what was agreed to, and a refusal for lack of credits has the balance read again", async () => {
  const server = createTestServer();
  const wire = wireOf(server.fetch);
  const told: unknown[] = [];
  const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch: wire.fetch });
  client.configure({ onCharged: (balance) => told.push(balance) });
  await client.getUser();
  server.simulator.setBalance("user_1", 0);
  const state = await chargesOf(client).open({ usage: "export-pdf" }).charge(1);
  expect(state).toMatchObject({
    status: "not_charged",
    error: { code: "insufficient_credits" },
    credits: 1,
    before: 698,
  });
  expect(told).toEqual([undefined]);
});

test("a press that agreed to no price names no 0 credits, while it is on its way and when its outcome is unknown", async () => {
  const wire = wireOf(createTestServer().fetch);
  const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch: wire.fetch });
  const handle = chargesOf(client).open({ usage: "export-pdf" });
  const seen: ChargeState[] = [];
  handle.subscribe(() => void seen.push(handle.get()));
  wire.losePost("before");
  const { evidence } = unknown(await handle.charge(0));
  expect(evidence.credits).toBeUndefined();
  expect(seen).toContainEqual({ status: "charging" });
});

function unknown(state: ChargeState) {
  if (state.status === "unknown") return state;
  throw new Error(`The charge is ${state.status}.`);
}
