import { beforeEach, expect, test } from "vitest";
import { createAresClient } from "../../src/client";
import { createTestServer } from "../../src/testing";
import { wireOf } from "../flows/page";

beforeEach(() => localStorage.clear());

test.each([
  ["first", [0, 1]],
  ["last", [1, 0]],
])("a balance read from before a charge is no evidence for the next one, also when it arrives %s", async (_, order) => {
  const wire = wireOf(createTestServer().fetch);
  const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch: wire.fetch });
  const charge = () => {
    const handle = client.open({ usage: "export-pdf" });
    handle.subscribe(() => {});
    return handle.charge(1);
  };
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
});
