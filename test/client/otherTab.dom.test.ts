import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AresChannel, chargesOf, createAresClient } from "../../src/client";
import { createTestServer } from "../../src/testing";
import { pass, wireOf } from "../flows/page";

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A browser with several tabs of one user, in front of the kit's real server. */
function openBrowser() {
  const { fetch, server, simulator } = createTestServer();
  const wire = wireOf(fetch);
  const lines = new Set<AresChannel>();
  function openChannel(): AresChannel {
    const channel: AresChannel = {
      onmessage: null,
      postMessage(data) {
        for (const line of lines)
          if (line !== channel) line.onmessage?.(new MessageEvent("message", { data }));
      },
      close: () => void lines.delete(channel),
    };
    lines.add(channel);
    return channel;
  }
  function openTab() {
    const client = createAresClient({
      endpoint: "/api/ares",
      userKey: "ada",
      fetch: wire.fetch,
      openChannel,
    });
    const close = client.connect();
    const handle = chargesOf(client).open({ usage: "export-pdf" });
    const leave = handle.subscribe(() => {});
    return { ...handle, leave, close };
  }
  return { openTab, openChannel, server, simulator, wire };
}

test("a tab that gave up looking at a key hears how it ended from the tab that looked again", async () => {
  const { openTab, server, simulator, wire } = openBrowser();
  simulator.fail("drop-after-charge", { on: "usage" });
  const first = openTab();
  void first.charge(1);
  await pass(2000);
  const second = openTab();
  await pass(120_000);
  expect([first.get(), second.get()]).toMatchObject([
    { status: "unknown", checking: false },
    { status: "unknown", checking: false },
  ]);

  const [row] = await server.charges.list();
  await server.charges.resolve(row?.id ?? "", "charged", "ARES's books have it.");
  void first.check();
  await pass(1000);

  expect([first.get().status, second.get().status]).toEqual(["charged", "charged"]);
  expect(wire.posts()).toHaveLength(1);
});

test("a client reads nothing more once its user has left", async () => {
  const { openTab, wire } = openBrowser();
  const tab = openTab();
  wire.losePost("before");
  void tab.charge(1);
  await pass(3000);
  expect(wire.reads().length).toBeGreaterThan(0);

  tab.leave();
  tab.close();
  const before = wire.log.length;
  await pass(120_000);

  expect(wire.log).toHaveLength(before);
});

test.each([undefined, null, 7, "text", {}, { usage: 7, resource: {}, key: [] }])(
  "a message that is %o makes no tab look",
  async (message) => {
    const { openTab, openChannel, wire } = openBrowser();
    const tab = openTab();
    const before = wire.log.length;

    openChannel().postMessage(message);
    await pass(1000);

    expect(tab.get().status).toBe("idle");
    expect(wire.log).toHaveLength(before);
  },
);
