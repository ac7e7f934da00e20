import { createAresSimulator, createTestServer } from "ares-react/testing";
import { expect, it } from "vitest";
import { charge } from "../simulator/ask";

it("works with the AbortSignal of jsdom, which is of another realm than Node's Request", async () => {
  const simulator = createAresSimulator({ users: { ada: 10 } });
  const controller = new AbortController();
  simulator.fail("hang-after-charge");
  const pending = charge(simulator, "ada", {}, {}, { signal: controller.signal });

  setTimeout(() => controller.abort(), 10);

  await expect(pending).rejects.toMatchObject({ name: "AbortError" });
  expect(simulator.balanceOf("ada")).toBe(9);
});

it("lets the kit's server give up on a body that never ends", async () => {
  const { simulator, server } = createTestServer({ timeoutMs: 50 });
  simulator.fail("stall-body-after");

  const charging = server.charge(new Request("https://app.example/api/ares"), { usage: "image" });

  await expect(charging).rejects.toMatchObject({ code: "outcome_unknown" });
  expect(simulator.charges).toHaveLength(1);
});

it("serves a page without a network, at relative addresses, and lets callers go", async () => {
  const { simulator, fetch } = createTestServer();
  const controller = new AbortController();
  expect(await (await fetch("/api/ares", { signal: controller.signal })).json()).toMatchObject({
    user: { credits: 698 },
  });

  simulator.set({ latencyMs: 1000 });
  const pending = fetch("/api/ares", { signal: controller.signal });
  controller.abort();

  await expect(pending).rejects.toMatchObject({ name: "AbortError" });
});
