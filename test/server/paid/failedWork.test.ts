import { afterEach, describe, expect, it, vi } from "vitest";
import { memoryLedger } from "../../../src/server";
import { world } from "../world";

afterEach(() => vi.useRealTimers());

const ask = (key: string, body = "{}") =>
  new Request("https://app.example/api/paid", {
    method: "POST",
    body,
    headers: {
      "Sec-Fetch-Site": "same-origin",
      "Idempotency-Key": key,
      "Content-Type": "application/json",
    },
  });
const told = async (answer: Response | Promise<Response>) => {
  const response = await answer;
  return response.ok ? response.text() : ((await response.json()).code ?? response.status);
};
/** Work that ends when a test says so. */
function openWork() {
  let end = (_: Response) => {};
  const work = vi.fn(() => new Promise<Response>((resolve) => (end = resolve)));
  return { work, end: (response = new Response("late")) => end(response) };
}

describe("work under way", () => {
  it("lets no repeat begin, and is one work", async () => {
    const { server, key, ares } = world();
    const { work, end } = openWork();
    const endpoint = server.withCharge({ usage: "image" }, work);
    const k = key();
    const first = endpoint(ask(k));
    await expect.poll(() => work).toHaveBeenCalled();

    const repeat = await endpoint(ask(k));
    expect([repeat.status, repeat.headers.get("Retry-After"), (await repeat.json()).code]).toEqual([
      409,
      "1",
      "charge_in_progress",
    ]);
    end();
    expect(await told(first)).toBe("late");
    expect([work.mock.calls.length, ares.book.length]).toEqual([1, 1]);
  });

  it("renews its lease for ten minutes at most; then the same key is served", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { server, key, clock } = world();
    const { work } = openWork();
    const endpoint = server.withCharge({ usage: "image" }, work);
    const other = server.withCharge({ usage: "image" }, async () => new Response("picture"));
    const k = key();
    void endpoint(ask(k));
    await expect.poll(() => work).toHaveBeenCalled();

    const codes = [];
    for (let seconds = 0; seconds < 600; seconds += 10) {
      clock.ms += 10_000;
      await vi.advanceTimersByTimeAsync(10_000);
      if (seconds % 60 === 0 && seconds < 590) codes.push(await told(other(ask(k))));
    }

    expect(codes).toEqual(Array(10).fill("charge_in_progress"));
    expect(await told(other(ask(k)))).toBe("picture");
  });

  it("serves the same key as long as the row lives when its process died", async () => {
    for (const later of [60_000, 11 * 60_000, 70 * 60 * 60_000]) {
      const { server, key, clock, ares } = world();
      const { work } = openWork();
      const k = key();
      void server.withCharge({ usage: "image" }, work)(ask(k));
      await expect.poll(() => work).toHaveBeenCalled();
      clock.ms += later;

      expect(
        await told(
          server.withCharge({ usage: "image" }, async () => new Response("picture"))(ask(k)),
        ),
      ).toBe("picture");
      expect(ares.book).toHaveLength(1);
    }
  });

  it("frees nothing when its use has gone to another run", async () => {
    const { server, key, clock, ledger } = world();
    const { work, end } = openWork();
    const k = key();
    const slow = server.withCharge({ usage: "image" }, work)(ask(k));
    await expect.poll(() => work).toHaveBeenCalled();
    clock.ms += 60_000;
    await told(server.withCharge({ usage: "image" }, async () => new Response("picture"))(ask(k)));

    end(new Response(null, { status: 500 }));
    expect((await slow).status).toBe(500);
    expect((await ledger.list({}))[0]?.redeemedBy).toHaveLength(1);
  });
});

describe("work that failed", () => {
  it("serves the same key again after a 4xx, with a corrected body, and without another charge", async () => {
    const { server, key, ares, ledger } = world();
    const endpoint = server.withCharge({ usage: "image" }, async (request) => {
      const { pages } = await request.json();
      return pages > 0
        ? new Response("picture")
        : Response.json({ code: "no_pages" }, { status: 422 });
    });
    const k = key();

    expect(await told(endpoint(ask(k, '{"pages":0}')))).toBe("no_pages");
    expect((await ledger.list({}))[0]?.redeemedBy).toEqual([]);
    expect(await told(endpoint(ask(k, '{"pages":2}')))).toBe("picture");
    expect(ares.book).toHaveLength(1);
  });

  it("gives a use back after five answers of 4xx, and no more", async () => {
    const { server, key } = world();
    const work = vi.fn(async () => Response.json({ code: "bad" }, { status: 400 }));
    const endpoint = server.withCharge({ usage: "image" }, work);
    const k = key();
    const answers = [];
    for (let n = 0; n < 14; n++) answers.push(await told(endpoint(ask(k))));

    // Five are given back, the sixth is used, and one is its repeat.
    expect(answers).toEqual([...Array(7).fill("bad"), ...Array(7).fill("used_up")]);
    expect(work).toHaveBeenCalledTimes(7);
  });

  it("gives a use back after each failure of the server", async () => {
    const { server, key, ares, ledger } = world();
    const endpoint = server.withCharge(
      { usage: "image" },
      async () => new Response(null, { status: 500 }),
    );
    const k = key();
    for (let n = 0; n < 12; n++) expect((await endpoint(ask(k))).status).toBe(500);

    expect((await ledger.list({}))[0]?.redeemedBy).toEqual([]);
    expect(ares.book).toHaveLength(1);
  });

  it("gives the use of a broken answer back, and keeps the use of an answer whose reader went away", async () => {
    const { server, key, ledger } = world();
    const chunk = new Uint8Array(40_000);
    const body = (broken: boolean) => {
      let n = 0;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (broken && ++n === 4) controller.error(new Error("upstream broke"));
          else controller.enqueue(chunk);
        },
      });
    };
    const uses = async () => (await ledger.list({}))[0]?.redeemedBy.length;
    let broken = true;
    const endpoint = server.withCharge(
      { usage: "image", repeats: 5 },
      async () => new Response(body(broken), { headers: { "X-Own": "kept" } }),
    );
    const k = key();

    const first = await endpoint(ask(k));
    expect([first.status, first.headers.get("X-Own"), await uses()]).toEqual([200, "kept", 1]);
    expect(await told(endpoint(ask(k)))).toBe("charge_in_progress");
    await expect(first.arrayBuffer()).rejects.toThrow("upstream broke");
    expect(await uses()).toBe(0);

    broken = false;
    const second = await endpoint(ask(k));
    await second.body?.cancel();
    expect(await uses()).toBe(1);
    const answers = [];
    for (let n = 0; n < 6; n++) {
      const repeat = await endpoint(ask(k));
      answers.push(repeat.status);
      await repeat.body?.cancel();
    }
    expect(answers).toEqual([...Array(5).fill(200), 402]);
  });

  it("keeps the use when its reader goes away and so breaks the answer", async () => {
    const { server, key, ledger } = world();
    const reader = new AbortController();
    const endpoint = server.withCharge({ usage: "image" }, async ({ signal }) => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) =>
          signal.addEventListener("abort", () => controller.error(new Error("aborted"))),
        pull: (controller) => controller.enqueue(new Uint8Array(40_000)),
      });
      return new Response(body);
    });

    const answer = await endpoint(new Request(ask(key()), { signal: reader.signal }));
    reader.abort();
    await expect(answer.arrayBuffer()).rejects.toThrow("aborted");

    expect((await ledger.list({}))[0]?.redeemedBy).toHaveLength(1);
  });

  it("ends the use when its answer was read to the end", async () => {
    const { server, key } = world();
    const endpoint = server.withCharge(
      { usage: "image" },
      async () => new Response("x".repeat(300_000)),
    );
    const k = key();

    expect((await (await endpoint(ask(k))).text()).length).toBe(300_000);
    expect((await (await endpoint(ask(k))).text()).length).toBe(300_000);
  });
});

describe("a use that the ledger can't give back", () => {
  it("is given back behind the answer", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    let fails = 2;
    const kept: Promise<void>[] = [];
    const { server, key } = world({
      ledger: {
        ...ledger,
        redeem: (id, use) =>
          use.release && fails-- > 0 ? Promise.reject(new Error("down")) : ledger.redeem(id, use),
      },
      waitUntil: (work) => kept.push(work),
    });
    const k = key();

    expect(
      (
        await server.withCharge(
          { usage: "image" },
          async () => new Response(null, { status: 422 }),
        )(ask(k))
      ).status,
    ).toBe(422);
    expect(kept).toHaveLength(1);
    await Promise.all(kept);
    expect((await ledger.list({}))[0]?.redeemedBy).toEqual([]);
  });
});

describe("a use given back by the app", () => {
  it("is free again after release() of requirePaid, which a repeat can't give back", async () => {
    const { server, key, post, ledger } = world();
    const k = key();
    await post({ usage: "image" }, { "Idempotency-Key": k });
    const request = (by: string) =>
      new Request("https://app.example/api/paid", {
        headers: { "Ares-Charge": k, "Idempotency-Key": by },
      });
    const uses = async () => (await ledger.list({}))[0]?.redeemedBy.length;

    const first = await server.requirePaid(request("op-1"), { usage: "image" });
    await (await server.requirePaid(request("op-1"), { usage: "image" })).release();
    expect(await uses()).toBe(1);
    await first.release();
    expect(await uses()).toBe(0);
    await server.requirePaid(request("op-2"), { usage: "image" });
    await first.release();
    expect(await uses()).toBe(1);
  });

  it("is free again after release() in the work of withCharge", async () => {
    const { server, key, ledger } = world();
    const endpoint = server.withCharge({ usage: "image" }, async (_, { release }) => {
      await release();
      return new Response("nothing found");
    });
    const k = key();

    for (let n = 0; n < 8; n++) expect(await told(endpoint(ask(k)))).toBe("nothing found");
    expect((await ledger.list({}))[0]?.redeemedBy).toEqual([]);
  });

  it("is free again when an operator releases the charge", async () => {
    const { server, key, ares, clock } = world();
    const endpoint = server.withCharge({ usage: "image" }, async () => new Response("picture"));
    const k = key();
    await told(endpoint(ask(k)));
    clock.ms += 11 * 60_000;
    expect(await told(endpoint(ask(k)))).toBe("used_up");
    const [row] = await server.charges.list();

    expect(await server.charges.release(row?.id ?? "", { by: "no such use" })).toBe(false);
    expect(await server.charges.release(row?.id ?? "")).toBe(true);
    expect(await server.charges.release(row?.id ?? "")).toBe(false);
    expect(await told(endpoint(ask(k)))).toBe("picture");
    expect(ares.book).toHaveLength(1);
  });
});
