import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chargesOf, createAresClient } from "../../src/client";
import { createTestServer, guideRoute } from "../../src/testing";
import { fetchFrom } from "../../src/testing/server/createTestServer";
import { pass, wireOf } from "../flows/page";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => void vi.useRealTimers());

const USAGE = "export-pdf";

/** A page that shows no balance and no price, in front of the kit's real server. */
function openApp({ guide = false } = {}) {
  const server = createTestServer();
  const { simulator } = server;
  const wire = wireOf(guide ? fetchFrom(guideRoute({ simulator })) : server.fetch);
  const openPage = () => {
    const clientId = guide ? "app" : undefined;
    const client = createAresClient({ endpoint: "/api/ares", clientId, fetch: wire.fetch });
    return chargesOf(client).open({ usage: USAGE }, false);
  };
  return { openPage, simulator, wire };
}

/** A gateway's own answer, in place of the handler's. */
const gateway = (status: number) => new Response("<html>Sign in</html>", { status });

describe("the first press of a page that has asked nothing", () => {
  test.each([401, 403, 404])(
    "is one deduction when a gateway's %i replaces the answer, and the user presses again",
    async (status) => {
      const { openPage, simulator, wire } = openApp();
      wire.meddle(async ({ method }, forward) => {
        const answer = await forward();
        if (method !== "POST") return answer;
        wire.meddle(undefined);
        return gateway(status);
      });
      const usage = openPage();
      usage.subscribe(() => {});
      void usage.charge(1);
      await pass(5000);
      expect(usage.get().status).toBe("charged");

      await usage.charge(1);
      expect(simulator.charges).toHaveLength(1);
    },
  );

  test("names the user in its key's request", async () => {
    const { openPage, wire } = openApp();
    const pressed = openPage().charge(1);
    await pass(1000);
    await pressed;

    expect(wire.log.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect(wire.posts()).toMatchObject([{ body: { owner: expect.any(String) } }]);
  });

  test("waits ten seconds, and is then refused with no key and nothing sent, then or later", async () => {
    const { openPage, wire } = openApp();
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    wire.meddle((_, forward) => held.then(forward));
    const usage = openPage();
    const pressed = usage.charge(1);
    await vi.advanceTimersByTimeAsync(9_900);
    expect([usage.get().status, wire.posts()]).toEqual(["charging", []]);
    await vi.advanceTimersByTimeAsync(200);

    expect(await pressed).toMatchObject({
      status: "not_charged",
      error: { code: "network_error" },
    });
    answer();
    await pass(1000);
    expect([wire.posts(), localStorage.length]).toEqual([[], 0]);
  });

  test("joins a second press during the wait", async () => {
    const { openPage, simulator, wire } = openApp();
    const usage = openPage();
    const pressed = Promise.all([usage.charge(1), usage.charge(1)]);
    await pass(1000);

    expect(await pressed).toMatchObject([{ status: "charged" }, { status: "charged" }]);
    expect([wire.reads().length, simulator.charges.length]).toEqual([1, 1]);
  });

  test.each([
    [() => gateway(200), "network_error"],
    [() => gateway(502), "network_error"],
    [() => gateway(401), "not_signed_in"],
    [() => Promise.reject(new TypeError("Failed to fetch")), "network_error"],
  ])("is refused when somebody else answers its question: %#", async (answer, code) => {
    const { openPage, simulator, wire } = openApp();
    wire.meddle(async () => answer());
    const usage = openPage();
    const first = usage.charge(1);
    await pass(1000);
    expect(await first).toMatchObject({ status: "not_charged", error: { code } });
    expect([wire.posts(), localStorage.length]).toEqual([[], 0]);

    wire.meddle(undefined);
    const second = usage.charge(1);
    await pass(1000);
    expect(await second).toMatchObject({ status: "charged" });
    expect(simulator.charges).toHaveLength(1);
  });

  test("is not called not charged while another tab's key may have charged", async () => {
    const { openPage, simulator, wire } = openApp();
    const other = openPage();
    other.subscribe(() => {});
    wire.meddle(async ({ method }, forward) => {
      const answer = await forward();
      if (method === "POST") throw new TypeError("Failed to fetch");
      return answer;
    });
    void openPage().charge(1);
    await pass(1000);
    wire.meddle(() => Promise.reject(new TypeError("Failed to fetch")));
    void other.charge(1);
    await pass(1000);
    expect(other.get().status).toBe("charging");

    wire.meddle(undefined);
    await pass(5000);
    expect(other.get().status).toBe("charged");
    expect(simulator.charges).toHaveLength(1);
  });

  test("does not wait for the balance: ARES may be slow, or tell none", async () => {
    const { simulator, fetch } = createTestServer();
    simulator.fail("503-before", { on: "user", times: 9 });
    const wire = wireOf(fetch);
    const client = createAresClient({ endpoint: "/api/ares", fetch: wire.fetch });
    await expect(client.getUser()).rejects.toMatchObject({ code: "ares_unreachable" });
    const pressed = chargesOf(client).open({ usage: USAGE }, false).charge(1);
    await pass(1000);

    expect((await pressed).status).toBe("charged");
    expect(wire.posts()).toMatchObject([{ body: { owner: expect.any(String) } }]);
  });

  test("of a page with the server's snapshot waits for nothing", async () => {
    const server = createTestServer();
    const wire = wireOf(server.fetch);
    const initial = await server.server.snapshot(new Request("http://app.example/"));
    const client = createAresClient({ endpoint: "/api/ares", fetch: wire.fetch, initial });
    const pressed = chargesOf(client).open({ usage: USAGE }, false).charge(1);
    await pass(1000);

    expect((await pressed).status).toBe("charged");
    expect(wire.log.map(({ method }) => method)).toEqual(["POST"]);
  });

  test("goes on with a key without an owner where the guide's route answers", async () => {
    const { openPage, simulator, wire } = openApp({ guide: true });
    const pressed = openPage().charge(1);
    await pass(1000);

    expect((await pressed).status).toBe("charged");
    expect(simulator.charges).toHaveLength(1);
    expect(wire.posts()).toEqual([
      expect.objectContaining({ body: { usage: USAGE, credits: 1, client_id: "app" } }),
    ]);
  });
});
