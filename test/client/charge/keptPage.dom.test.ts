import { beforeEach, describe, expect, test } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { lookedUp } from "../lookUps";

beforeEach(() => localStorage.clear());

/** An endpoint whose rows a test writes, and whose answers to a POST never arrive: the browser put the page away. */
function openPage(target: { usage: string; resource?: string }) {
  const keys: string[] = [];
  const server = { paid: false, reads: 0 };
  const client = createAresClient({
    endpoint: "/api/ares",
    async fetch(url, init) {
      if (init?.method !== "POST") {
        server.reads += 1;
        const charge = server.paid ? { status: "charged", credits: 3 } : { status: "absent" };
        return lookedUp(url, charge);
      }
      keys.push(new Headers(init.headers).get("Idempotency-Key") ?? "");
      server.paid = true;
      return new Promise(() => {});
    },
  });
  const close = client.connect();
  const handle = chargesOf(client).open(target);
  handle.subscribe(() => {});
  const comeBack = (persisted: boolean) =>
    dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
  return { close, handle, server, keys, comeBack };
}

describe("a page that the browser kept and shows again", () => {
  test("opens a gate whose resource was paid meanwhile", async () => {
    const { close, handle, server, comeBack } = openPage({ usage: "report", resource: "r-1" });
    await expect.poll(() => server.reads).toBe(1);
    server.paid = true;

    comeBack(false);
    expect(handle.get().status).toBe("idle");
    comeBack(true);

    await expect.poll(() => handle.get().status).toBe("charged");
    expect(server.reads).toBe(2);
    close();
  });

  test("looks at once for a charge whose answer went to nobody, and sends nothing again", async () => {
    const { close, handle, keys, comeBack } = openPage({ usage: "export-pdf" });
    void handle.charge(3);
    await expect.poll(() => keys).toHaveLength(1);

    comeBack(true);

    await expect
      .poll(() => handle.get(), { timeout: 1500 })
      .toMatchObject({ status: "charged", receipt: { key: keys[0] } });
    expect(keys).toHaveLength(1);
    close();
  });

  test("reads the balance again once the outcome is in doubt, as a page does that was never put away", async () => {
    const balances: (number | undefined)[] = [];
    const client = createAresClient({
      endpoint: "/api/ares",
      onCharged: (balance) => void balances.push(balance),
      async fetch(url, init) {
        if (init?.method === "POST") return new Promise(() => {});
        return lookedUp(url, { status: "unknown" });
      },
    });
    const close = client.connect();
    const handle = chargesOf(client).open({ usage: "export-pdf" });
    handle.subscribe(() => {});
    void handle.charge(3);
    await expect.poll(() => localStorage.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 0));

    dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));

    await expect.poll(() => handle.get().status).toBe("unknown");
    expect(balances).toEqual([undefined]);
    close();
  });
});
