import { afterEach, expect, test, vi } from "vitest";
import { createAresServer, definePrices, memoryLedger } from "../../src/server";
import { createPretendAres } from "./pretendAres.js";
import { promises } from "./promises.js";
import { walk } from "./walk.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

function open() {
  const ares = createPretendAres();
  const bodies: unknown[] = [];
  const server = createAresServer({
    clientId: "app",
    prices: definePrices({ "export-pdf": 1, "lost-answer": 2 }),
    auth: async () => ({ userId: "ann", getAccessToken: async () => "token" }),
    ledger: memoryLedger(),
    ares: {
      fetch(address, init) {
        if (init.method === "POST") bodies.push(init.body);
        return ares.fetch(address, init);
      },
    },
  });
  const ask = (init: RequestInit) => {
    const request = new Request("https://app.example/api/ares", init);
    request.headers.set("Origin", "https://app.example");
    return server.handler(request);
  };
  return { ask, bodies, seen: async () => ares.seen() };
}

// https://github.com/denoland/deno/issues/35610: Deno's fetch sends a POST again when the connection breaks before the
// answer.
test("on Deno a charge leaves as a stream, which its fetch can't send a second time", async () => {
  vi.stubGlobal("Deno", {});
  const { ask, bodies, seen } = open();

  const walked = await walk(ask, seen);

  expect(walked).toEqual(promises);
  expect(bodies).toEqual(Array(3).fill(expect.any(ReadableStream)));
});

test("elsewhere it leaves as text, with its length", async () => {
  const { ask, bodies, seen } = open();

  const walked = await walk(ask, seen);

  expect(walked).toEqual(promises);
  expect(bodies).toEqual(Array(3).fill(expect.any(String)));
});
