import { beforeEach, expect, it } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { createTestServer } from "../../../src/testing";

beforeEach(() => localStorage.clear());

/** Two devices of one user: each with its own storage, in front of the kit's real server. */
function devices() {
  const { fetch, simulator } = createTestServer();
  const storage = () => {
    const kept = new Map<string, string>();
    return {
      get length() {
        return kept.size;
      },
      key: (index: number) => [...kept.keys()][index] ?? null,
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
      removeItem: (name: string) => void kept.delete(name),
      clear: () => kept.clear(),
    };
  };
  const open = () =>
    chargesOf(createAresClient({ endpoint: "/api/ares", fetch, storage: storage() })).open({
      usage: "report",
      resource: "r",
    });
  return { open, simulator };
}

it("a resource that another device paid for is restored here, and the paying device says that it paid", async () => {
  const { open, simulator } = devices();

  const first = await open().charge(3);
  const second = await open().charge(3);

  expect(first).toMatchObject({ status: "charged", receipt: { restored: false } });
  expect(second).toMatchObject({ status: "charged", receipt: { restored: true } });
  expect(simulator.charges).toHaveLength(1);
});

it("an answer that lost its headers is still known as the kit's: a paid resource opens after a reload", async () => {
  const { fetch } = createTestServer();
  const bridge: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    return Response.json(await answer.json(), { status: answer.status });
  };
  const page = () =>
    chargesOf(createAresClient({ endpoint: "/api/ares", fetch: bridge })).open({
      usage: "report",
      resource: "r",
    });
  expect((await page().charge(3)).status).toBe("charged");

  const reloaded = page();
  reloaded.subscribe(() => {});

  expect((await reloaded.check()).status).toBe("charged");
});
