import { expect, test } from "vitest";
import { createAresServer, definePrices, type Ledger, mintKey } from "../../src/server";
import { json, pretendAres } from "../server/world";
import { pause } from "./engines";

/** Checks the handler's answers about a charge whose retention has ended before the charge did. */
export function tellsOldCharges(open: () => Ledger) {
  test("tells a charge that an operator confirmed after its retention as charged, and lets it be used", async () => {
    const ledger = open();
    // A ledger refuses the keys of its own first moments. This server's clock is past them.
    const now = () => Date.now() + 60_000;
    const key = mintKey(now());
    let retainMs = 0;
    const ares = pretendAres();
    const server = createAresServer({
      clientId: "client-1",
      prices: definePrices({ image: 4 }),
      auth: async () => ({ userId: `late-${key}`, getAccessToken: async () => "token" }),
      ledger: { ...ledger, claim: (id, claim) => ledger.claim(id, { ...claim, retainMs }) },
      ares: { fetch: ares.fetch },
      now,
    });
    const headers = {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "Idempotency-Key": key,
    };
    const url = "https://app.example/api/ares";
    const told = async () =>
      (await (await server.handler(new Request(`${url}?charge=${key}`))).json()).charge.status;
    // Short enough to wait for, and long enough that a slow machine still finds the row.
    const before = Date.now();
    await told();
    retainMs = Math.max(800, 30 * (Date.now() - before));
    ares.next((deduct) => {
      deduct();
      return json(500, {});
    });
    await server.handler(
      new Request(url, { method: "POST", body: JSON.stringify({ usage: "image" }), headers }),
    );
    await pause(retainMs + 100);
    expect(await told()).toBe("unknown");

    const [row] = await server.charges.list({ userId: `late-${key}`, status: "unknown" });
    expect(await server.charges.resolve(row?.id ?? "", "charged", "in ARES's books")).toBe(true);

    expect(await told()).toBe("charged");
    const use = new Request("https://app.example/picture", {
      headers: { "Ares-Charge": key, "Idempotency-Key": "use-1" },
    });
    expect(await server.requirePaid(use, { usage: "image" })).toMatchObject({
      charge: { id: row?.id, usage: "image", credits: 4 },
    });
    expect(ares.book).toHaveLength(1);
  });
}
