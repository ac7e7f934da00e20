import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { type Ledger, memoryLedger } from "../../../src/server";
import { createTestServer, type TestServerOptions } from "../../../src/testing";
import { pass, wireOf } from "../../flows/page";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => void vi.useRealTimers());

function openShop(options: TestServerOptions = {}) {
  const { fetch, simulator } = createTestServer(options);
  const wire = wireOf(fetch);
  const open = (usage: string, resource?: string) => {
    const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch: wire.fetch });
    client.connect();
    const handle = chargesOf(client).open({ usage, resource });
    handle.subscribe(() => {});
    return handle;
  };
  return { simulator, wire, open };
}

/** A ledger that a test can lose as a whole. */
function losable() {
  let book = memoryLedger();
  const ledger: Ledger = {
    claim: (...args) => book.claim(...args),
    begin: (...args) => book.begin(...args),
    settle: (...args) => book.settle(...args),
    find: (...args) => book.find(...args),
    redeem: (...args) => book.redeem(...args),
    list: (...args) => book.list(...args),
    resolve: (...args) => book.resolve(...args),
    health: () => book.health(),
  };
  return {
    ledger,
    lose: () => {
      book = memoryLedger();
    },
  };
}

describe("a charge whose answer was lost", () => {
  test.each([undefined, "r-1"])(
    "is not called not charged because the ledger was lost too (resource %s)",
    async (resource) => {
      const { ledger, lose } = losable();
      const { simulator, wire, open } = openShop({ server: { ledger } });
      const handle = open("report", resource);
      await pass(3000);
      wire.losePost("after");
      void handle.charge(3);
      await pass(500);
      expect(simulator.charges).toHaveLength(1);

      lose();
      await pass(120_000);

      expect(handle.get().status).toBe("unknown");
      await handle.charge(3);
      await handle.charge(3);
      expect(simulator.charges).toHaveLength(1);
    },
  );

  test("is not called not charged because what it paid for is over", async () => {
    const { simulator, wire, open } = openShop({ prices: { day: { credits: 2, keepMs: 60_000 } } });
    wire.losePost("after");
    void open("day", "r").charge(2);
    await pass(500);
    expect(simulator.charges).toHaveLength(1);

    // The laptop is closed, and opened again.
    vi.setSystemTime(Date.now() + 120_000);
    const again = open("day", "r");
    await pass(5000);

    expect(again.get()).toMatchObject({ status: "charged", receipt: { credits: 2 } });
  });

  test("hands out its receipt with its key when the answer comes after the user started over", async () => {
    const { simulator, wire, open } = openShop();
    let answer = () => {};
    wire.meddle(async ({ method }, forward) => {
      if (method !== "POST" && wire.posts().length) return new Response("{}", { status: 500 });
      const done = await forward();
      if (method !== "POST") return done;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return done;
    });
    const handle = open("export-pdf");
    void handle.charge(1);
    await pass(120_000);
    expect(handle.get()).toMatchObject({ status: "unknown", checking: false });

    handle.reset();
    answer();
    await pass(500);

    expect(simulator.charges).toHaveLength(1);
    expect(handle.get()).toMatchObject({
      status: "charged",
      receipt: { key: wire.posts()[0]?.key, restored: false },
    });
  });
});

describe("a key that the server no longer takes", () => {
  const answers = (code: string) =>
    Response.json({ code, retryable: false }, { status: 409, headers: { "Ares-Contract": "1" } });

  test.each(["ledger_reset", "idempotency_key_expired"])(
    "may have charged when it was sent before (%s)",
    async (code) => {
      const { wire, open } = openShop();
      const handle = open("export-pdf");
      wire.meddle(async ({ method }, forward) => {
        if (method !== "POST") return forward();
        const sent = wire.posts().length;
        return sent === 1
          ? Response.json(
              { code: "auth_unavailable", retryable: true },
              { status: 503, headers: { "Ares-Contract": "1" } },
            )
          : answers(code);
      });
      expect(await handle.charge(1)).toMatchObject({ status: "not_charged" });

      expect(await handle.charge(1)).toMatchObject({ status: "unknown" });
      expect(wire.posts().map(({ key }) => key)).toEqual([
        wire.posts()[0]?.key,
        wire.posts()[0]?.key,
      ]);
    },
  );

  test.each(["ledger_reset", "idempotency_key_expired"])(
    "has charged nothing when this was its first time (%s)",
    async (code) => {
      const { wire, open } = openShop();
      wire.meddle(async ({ method }, forward) => (method === "POST" ? answers(code) : forward()));

      expect(await open("export-pdf").charge(1)).toMatchObject({
        status: "not_charged",
        error: { code },
      });
    },
  );
});

describe("a key that is over", () => {
  test.each([undefined, "r-1"])(
    "does not hold a page that was left open for a day (resource %s)",
    async (resource) => {
      const { simulator, wire, open } = openShop();
      const handle = open("report", resource);
      await pass(2000);
      wire.losePost("before");
      void handle.charge(3);
      await pass(120_000);
      expect(handle.get().status).toBe("not_charged");

      vi.setSystemTime(Date.now() + 25 * 3_600_000);
      void handle.charge(3);
      await pass(120_000);
      void handle.charge(3);
      await pass(2000);

      expect(handle.get().status).toBe("charged");
      expect(simulator.charges).toHaveLength(1);
      expect(new Set(wire.posts().map(({ key }) => key)).size).toBe(2);
    },
  );

  test("is not kept when it was never sent: its user had left before the token came", async () => {
    const { wire } = openShop();
    let give = (_: string) => {};
    const slow = () =>
      new Promise<string>((resolve) => {
        give = resolve;
      });
    let getToken: () => string | Promise<string> = () => "token";
    const client = createAresClient({
      endpoint: "/api/ares",
      userKey: "ada",
      fetch: wire.fetch,
      getToken: () => getToken(),
    });
    const leave = client.connect();
    await client.getUser();
    getToken = slow;
    void chargesOf(client).open({ usage: "export-pdf" }).charge(1);
    await pass(500);
    expect(localStorage).toHaveLength(1);

    leave();
    give("token");
    await pass(500);

    expect(Object.values({ ...localStorage }).filter((text) => !text.includes("paidAt"))).toEqual(
      [],
    );
    expect(wire.posts()).toEqual([]);
  });

  test("opens nothing again when the answer to its POST comes after its unlock was used up", async () => {
    const { simulator, wire, open } = openShop();
    let answer = () => {};
    wire.meddle(async ({ method }, forward) => {
      const done = await forward();
      if (method !== "POST") return done;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return done;
    });
    const handle = open("export-pdf");
    void handle.charge(1);
    await pass(60_000);
    expect(handle.get().status).toBe("charged");
    handle.reset();

    answer();
    await pass(500);

    expect(handle.get().status).toBe("idle");
    expect(simulator.charges).toHaveLength(1);
  });
});
