import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { json, world } from "./world";

// Only the timers are faked, so each request ends by itself, and none of its timers runs.
beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"],
    }),
);
afterEach(() => void vi.useRealTimers());

const quiet = { onError: () => {} };
const image = { usage: "image" } as const;
const broken = () => Promise.reject(new TypeError("fetch failed"));

/** A request to an endpoint of the app, with a body in one piece or in several. */
function call(key: string, body: BodyInit = "{}") {
  const headers = {
    "Content-Type": "application/json",
    "Sec-Fetch-Site": "same-origin",
    "Idempotency-Key": key,
  };
  const init = { method: "POST", body, headers, duplex: "half" };
  return new Request("https://app.example/api/draw", init);
}

function inPieces(...pieces: readonly string[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
}

describe("a request leaves no timer behind:", () => {
  it.each<[string, number, () => Promise<Response>]>([
    ["a read", 200, () => world().get()],
    [
      "a read that ARES does not answer",
      503,
      () => world({ ...quiet, ares: { fetch: broken } }).get(),
    ],
    ["a charge", 200, () => world().post(image)],
    ["a charge that ARES refuses", 402, () => world({ balance: 0 }).post(image)],
    [
      "a charge whose answer is lost",
      409,
      () => world({ ...quiet, ares: { fetch: broken } }).post(image),
    ],
    ["a charge with a body that is no JSON", 400, () => world().post("{")],
    [
      "a charge with a body in pieces",
      200,
      () => {
        const { server, key } = world();
        return server.handler(call(key(), inPieces('{"usage":', '"image"}')));
      },
    ],
    ["a look-up", 200, () => world().get("?usage=report&resource=r-1")],
    [
      "a paid endpoint with a body that has a digest",
      200,
      () => {
        const { server, key } = world();
        return server.withCharge(image, () => json(200, {}))(call(key()));
      },
    ],
    [
      "a snapshot",
      200,
      async () =>
        Response.json(
          await world().server.snapshot(call("none"), {
            charges: [{ usage: "report", resource: "r-1" }],
          }),
        ),
    ],
  ])("%s", async (_, status, send) => {
    const set = vi.spyOn(globalThis, "setTimeout");

    const answer = await send();
    expect(answer.status).toBe(status);
    // Work that streams its answer has ended once the answer was read.
    await answer.text();

    expect(set).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    set.mockRestore();
  });
});
