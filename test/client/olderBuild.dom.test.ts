import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AresChannel, createAresClient, type PageLocks } from "../../src/client";

/**
 * What the build of commit 5680cd1 stores, locks and tells, written down from that build. A browser may hold such keys, and
 * another tab may still run that build.
 */
const NOW = 1_764_300_000_000;
const name = "ares:tiadjv1bwxqkp:";
const key = "019ac000-0000-7000-8000-000000000000";
const minted = `{"key":"${key}","usage":"export-pdf","credits":1,"before":10,"at":1764300000000}`;
const sent = `{"key":"${key}","usage":"export-pdf","credits":1,"before":10,"at":1764300000000,"sent":true}`;
const over = `{"key":"${key}","usage":"export-pdf","credits":1,"before":10,"at":1764300000000,"sent":true,"over":true}`;
const paid = `{"key":"${key}","usage":"export-pdf","credits":1,"before":10,"at":1764300000000,"sent":true,"paidAt":1764300000000}`;
const ofResource = `{"key":"${key}","usage":"report","resource":"r-1","credits":3,"before":10,"at":1764300000000,"sent":true}`;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => void vi.useRealTimers());

/** A page of this build. `row`: what the server says of each charge that is asked for. */
function openPage(row: () => string = () => "absent") {
  const log: unknown[][] = [];
  const lines: AresChannel[] = [];
  const locks: PageLocks = {
    async request(lock, work) {
      log.push(["lock", lock]);
      await work();
    },
  };
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(function (this: Storage, entry, text) {
    log.push(["set", entry, text]);
    Reflect.set(this, entry, text);
  });
  const client = createAresClient({
    endpoint: "/api/ares",
    userKey: "ada",
    locks,
    newKey: () => key,
    openChannel(channel) {
      log.push(["channel", channel]);
      const line: AresChannel = { onmessage: null, close: () => {}, postMessage: (message) => log.push(["message", message]) };
      lines.push(line);
      return line;
    },
    async fetch(url, init) {
      const headers = { "Ares-Contract": "1" };
      if (init?.method !== "POST") {
        log.push(["GET", String(url)]);
        return Response.json({ user: { credits: 10 }, charge: { status: row() } }, { headers });
      }
      log.push(["POST", new Headers(init.headers).get("Idempotency-Key")]);
      return Response.json({ message: "Success", status: "charged", charge: { status: "charged" } }, { headers });
    },
  });
  client.connect();
  const open = (usage: string, resource?: string) => {
    const handle = client.open({ usage, resource });
    handle.subscribe(() => {});
    return handle;
  };
  const tell = (data: unknown) => lines[0]?.onmessage?.(new MessageEvent("message", { data }));
  const of = (what: string) => log.filter(([kind]) => kind === what).map(([, ...rest]) => rest);
  return { client, open, tell, of };
}

afterEach(() => void vi.restoreAllMocks());

describe("a key that an older build stored", () => {
  test.each([
    ["minted", minted],
    ["sent", sent],
    ["no longer taken by the server", over],
  ])("and left %s is looked at by the next gate, and sent by nobody", async (_, text) => {
    localStorage.setItem(name + key, text);
    const page = openPage(() => "charged");

    const gate = page.open("export-pdf");
    // Nobody agreed to a price on this page.
    expect(gate.get()).toEqual({ status: "charging", credits: undefined });
    await vi.advanceTimersByTimeAsync(0);

    expect(gate.get()).toMatchObject({ status: "charged", receipt: { key, restored: false } });
    expect(page.of("GET")).toEqual([[`/api/ares?charge=${key}`]]);
    expect(page.of("POST")).toEqual([]);
  });

  test("for a resource is found by a gate of that resource alone", async () => {
    localStorage.setItem(name + key, ofResource);
    const page = openPage(() => "sending");

    expect(page.open("report").get().status).toBe("idle");
    expect(page.open("report", "r-1").get().status).toBe("charging");
  });

  test("and paid is shown by nobody, and gone half a minute later", async () => {
    localStorage.setItem(name + key, paid);
    const page = openPage();

    expect(page.open("export-pdf").get().status).toBe("idle");
    await vi.advanceTimersByTimeAsync(30_001);
    page.open("export-pdf");

    expect(Object.values({ ...localStorage }).filter((text) => !text.includes("paidAt"))).toEqual([]);
  });

  test("is adopted by a press that comes while the older tab still waits for its token", async () => {
    const page = openPage(() => "charged");
    const gate = page.open("export-pdf");
    localStorage.setItem(name + key, minted);

    void gate.charge(1);
    await vi.advanceTimersByTimeAsync(0);

    expect(gate.get().status).toBe("charged");
    expect(page.of("POST")).toEqual([]);
  });
});

describe("what an older build tells", () => {
  test("of a key makes the gate that holds it look", async () => {
    localStorage.setItem(name + key, sent);
    let row = "sending";
    const page = openPage(() => row);
    const gate = page.open("export-pdf");
    await vi.advanceTimersByTimeAsync(0);

    row = "charged";
    page.tell({ usage: "export-pdf", resource: undefined, key });
    await vi.advanceTimersByTimeAsync(0);

    expect(gate.get().status).toBe("charged");
  });

  test("of a resource makes its gates look", async () => {
    let row = "absent";
    const page = openPage(() => row);
    const [gate, other] = [page.open("report", "r-1"), page.open("report", "r-2")];
    await vi.advanceTimersByTimeAsync(0);

    row = "charged";
    page.tell({ usage: "report", resource: "r-1", key });
    await vi.advanceTimersByTimeAsync(0);

    expect([gate.get().status, other.get().status]).toEqual(["charged", "idle"]);
  });

  test.each([undefined, null, 7, "text", {}, { usage: 7, resource: {}, key: [] }])(
    "is no word of a charge when it is %o",
    async (message) => {
      const page = openPage();
      const gate = page.open("report", "r-1");
      await vi.advanceTimersByTimeAsync(0);

      page.tell(message);
      await vi.advanceTimersByTimeAsync(0);

      expect(gate.get().status).toBe("idle");
    },
  );
});

test("an older build finds this build's keys, locks and words where it left its own", async () => {
  const page = openPage();
  await page.client.getUser();

  await page.client.open({ usage: "export-pdf" }).charge(1);
  await page.client.open({ usage: "report", resource: "r-1" }).charge(3);

  expect(page.of("channel")).toEqual([[name]]);
  expect(page.of("lock")).toEqual([[`${name}export-pdf `], [`${name}report r-1`]]);
  expect(page.of("message")).toEqual([[{ usage: "export-pdf", resource: undefined, key }], [{ usage: "report", resource: "r-1", key }]]);
  const stored = page.of("set").map(([entry, text]) => [entry, JSON.parse(String(text))]);
  expect(stored.slice(0, 4)).toEqual([
    [name + key, JSON.parse(minted)],
    [name + key, JSON.parse(sent)],
    [name + key, JSON.parse(paid)],
    [name + key, { key, usage: "report", resource: "r-1", credits: 3, at: NOW }],
  ]);
});
