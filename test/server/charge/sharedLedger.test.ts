import { describe, expect, it } from "vitest";
import type { AresError } from "../../../src/contract";
import { world } from "../world";

/** Two apps that got one ledger by mistake, and a user of both who has paid in the first. */
async function twoApps(resource?: string) {
  const first = world({ clientId: "first" });
  const second = world({ clientId: "second", ledger: first.ledger });
  const key = first.key();
  await first.post({ usage: "image", resource }, { "Idempotency-Key": key });
  expect(first.ares.book).toMatchObject([{ credits: 4, clientId: "first" }]);
  return { first, second, key };
}

describe("two apps that share one ledger by mistake", () => {
  it.each([[undefined], ["r-1"]])(
    "never see each other's charge, by key or by resource: %s",
    async (resource) => {
      const { first, second, key } = await twoApps(resource);
      const read = async ({ get }: typeof first, query: string) =>
        (await (await get(query)).json()).charge;

      for (const query of [
        `?charge=${key}`,
        ...(resource === undefined ? [] : [`?usage=image&resource=${resource}`]),
      ]) {
        expect(await read(first, query)).toMatchObject({ status: "charged", credits: 4 });
        expect(await read(second, query)).toEqual({ status: "absent" });
      }
    },
  );

  it("never list each other's charges, and never take the other's press for their own", async () => {
    const { first, second } = await twoApps();
    const recent = async ({ get }: typeof first) =>
      (await (await get("?charges=recent")).json()).charges;

    expect([(await recent(first)).length, await recent(second)]).toEqual([1, []]);
    expect((await first.press({ usage: "export-pdf" })).status).toBe(200);
    second.clock.ms += 2_000;
    expect((await second.press({ usage: "export-pdf" })).status).toBe(200);
    expect(second.ares.book).toHaveLength(1);
  });

  it("never accept each other's charge for their own work", async () => {
    const { first, second, key } = await twoApps();
    const use = () =>
      new Request("https://app.example/picture", {
        headers: { "Ares-Charge": key, "Idempotency-Key": "use-1" },
      });

    const refused = await second.server
      .requirePaid(use(), { usage: "image" })
      .catch((refusal: AresError) => ({ code: refusal.code, ...refusal.details }));

    expect(refused).toMatchObject({ code: "payment_required", credits: 4 });
    expect(await first.server.requirePaid(use(), { usage: "image" })).toMatchObject({
      charge: { credits: 4 },
    });
  });

  it("never replay each other's charge: its key is another intent's, and a new one is charged on its own app", async () => {
    const { second, key } = await twoApps();

    const refused = await second.post({ usage: "image" }, { "Idempotency-Key": key });

    expect((await refused.json()).code).toBe("idempotency_key_reused");
    expect(second.ares.posts()).toBe(0);
    expect((await second.post({ usage: "image" })).status).toBe(200);
    expect(second.ares.book).toMatchObject([{ credits: 4, clientId: "second" }]);
  });
});
