import { afterEach, describe, expect, it, vi } from "vitest";
import { type AresAuth, memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const charge = { usage: "export-pdf" };
afterEach(() => void vi.useRealTimers());

describe("a sign-in that misbehaves", () => {
  it.each([[undefined], [""], [7], [null]])(
    "shares no row between users without an id: %s",
    async (userId) => {
      const { post, ares, ledger } = world({
        auth: async () => JSON.parse(JSON.stringify({ userId, getAccessToken: null })),
      });

      expect((await post(charge)).status).toBe(401);
      expect(ares.calls).toEqual([]);
      expect(await ledger.list({})).toEqual([]);
    },
  );

  it("frees the key when it throws while the token is renewed", async () => {
    const { post, key, ares, session, get } = world();
    const headers = { "Idempotency-Key": key() };
    const throwing: AresAuth = {
      userId: "user-1",
      getAccessToken(options) {
        if (options?.refresh) throw new Error("no promise, just a throw");
        return Promise.resolve("stale");
      },
    };
    session.auth = throwing;
    ares.next(() => json(401, { error: "Invalid token" }));

    const refused = await post(charge, headers);

    expect((await refused.json()).code).toBe("auth_unavailable");
    expect((await (await get(`?charge=${headers["Idempotency-Key"]}`)).json()).charge).toEqual({
      status: "absent",
    });
    expect((await post(charge, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it.each([
    ["a code nobody knows", { name: "AresError", code: "made_up", details: {} }],
    ["a prototype's name for a code", { name: "AresError", code: "constructor", details: {} }],
    ["no details", { name: "AresError", code: "reconnect" }],
  ])(
    "is answered as internal when its error has %s, and the handler never rejects",
    async (_, parts) => {
      const { post } = world({
        auth: () => Promise.reject(Object.assign(new Error("canary"), parts)),
      });

      const response = await post(charge);

      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("canary");
    },
  );
});

describe("a worker that was slow between claim and begin", () => {
  it("sends nothing after its key was read as absent", async () => {
    const { post, key, get, clock, ares, ledger } = world();
    let go = () => {};
    let reached = () => {};
    const begins = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const slow = world({
      ledger: {
        ...ledger,
        async begin(id, begin) {
          await new Promise<void>((done) => {
            go = done;
            reached();
          });
          return ledger.begin(id, begin);
        },
      },
    });
    const headers = { "Idempotency-Key": key() };
    const first = slow.post(charge, headers);
    await begins;
    clock.ms += 10_001;

    const state = (await (await get(`?charge=${headers["Idempotency-Key"]}`)).json()).charge.status;
    go();

    expect(state).toBe("absent");
    expect((await (await first).json()).code).toBe("charge_in_progress");
    expect(slow.ares.posts()).toBe(0);
    expect((await post(charge, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });
});

describe("a worker that stood still after begin", () => {
  it("sends nothing on a yes that may no longer be true, and frees the key", async () => {
    const { post, key, clock, ares, ledger } = world();
    const frozen = world({
      ledger: {
        ...ledger,
        async begin(id, begin) {
          const yes = await ledger.begin(id, begin);
          frozen.clock.ms += 3_600_000;
          return yes;
        },
      },
    });
    const headers = { "Idempotency-Key": key() };

    const refused = await frozen.post(charge, headers);

    expect((await refused.json()).code).toBe("ledger_unavailable");
    expect(frozen.ares.calls).toEqual([]);
    // The row is given back behind the answer.
    await expect.poll(async () => (await post(charge, headers)).status).toBe(200);
    expect([ares.book.length, clock.ms]).toEqual([1, 1_800_000_000_000]);
  });
});

describe("a yes of begin", () => {
  it.each([
    [6_000, 200, 1],
    [6_001, 503, 0],
  ])("that is %i ms old is answered with %i and sends %i", async (ms, status, sends) => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const slow = world({
      ledger: {
        ...ledger,
        async begin(id, begin) {
          const yes = await ledger.begin(id, begin);
          slow.clock.ms += ms;
          return yes;
        },
      },
    });

    expect((await slow.post(charge)).status).toBe(status);
    expect(slow.ares.posts()).toBe(sends);
  });
});

describe("evidence that comes too late", () => {
  it("is told to the operator when the row was ended otherwise meanwhile", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const { post, events } = world({ ledger: { ...ledger, settle: async () => false } });

    expect((await post(charge)).status).toBe(200);
    expect(events.map(({ type }) => type)).toEqual(["settle_lost", "charged"]);
  });
});

describe("reconcile", () => {
  it("says nothing about a charge whose balance was read while another charge was under way", async () => {
    const auth: AresAuth = { userId: "user-1", getAccessToken: async () => "token" };
    const { post, ares, clock, server, ledger } = world({
      evidence: "balance",
      auth: Object.assign(async () => auth, { forUser: () => auth }),
    });
    let answerFirst = () => {};
    let reached = () => {};
    const deducted = new Promise<void>((resolve) => {
      reached = resolve;
    });
    ares.next(
      (deduct) => {
        deduct();
        return new Promise((done) => {
          answerFirst = () => done(json(200, { message: "Success" }));
          reached();
        });
      },
      (deduct) => {
        deduct();
        return json(500, {});
      },
    );
    const first = post(charge);
    await deducted;
    clock.ms += 1;
    await post({ usage: "export-pdf", resource: "page-1" });
    clock.ms += 1;
    answerFirst();
    await first;
    clock.ms += 200_000;

    const [proposal] = await server.reconcile({ apply: true });

    expect(ares.book).toHaveLength(2);
    expect(proposal).toMatchObject({ proposal: null, applied: false });
    expect((await ledger.list({ status: "unknown" })).map(({ resource }) => resource)).toEqual([
      "page-1",
    ]);
  });
});

describe("a user who asks too often", () => {
  it("is limited with a charged key too, and does not hear that nothing was charged", async () => {
    const { post, key, ares } = world({ rateLimit: { charges: 1 } });
    const headers = { "Idempotency-Key": key() };
    await post({ usage: "export-pdf" }, headers);

    const limited = await post({ usage: "export-pdf" }, headers);
    expect([limited.status, limited.headers.get("Retry-After")]).toEqual([429, "60"]);
    const told = await limited.json();
    expect(told).toMatchObject({
      code: "rate_limited",
      retryable: true,
      chargeId: expect.any(String),
    });
    expect(told.message).not.toMatch(/charged nothing|nothing was charged/i);
    expect(await (await post({ usage: "export-pdf" })).json()).toMatchObject({
      code: "rate_limited",
      message: expect.stringMatching("charged nothing"),
    });
    expect(ares.book).toHaveLength(1);
  });

  it("reads a paid resource under the limit of reads: its replays are no charges", async () => {
    const { post, ares } = world({ rateLimit: { charges: 1, reads: 3 } });
    const report = { usage: "report", resource: "r-1" };
    const codes = [];
    for (let n = 0; n < 5; n++) codes.push((await post(report)).status);

    expect(codes).toEqual([200, 200, 200, 200, 429]);
    expect(ares.book).toHaveLength(1);
  });
});

describe("a repeat of paid work", () => {
  it("is served for ten minutes after the charge, not for ever", async () => {
    const { server, key, clock, ares } = world();
    const endpoint = server.withCharge({ usage: "image" }, async () => new Response("picture"));
    const request = new Request("https://app.example/api/paid", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin", "Idempotency-Key": key() },
    });

    const answers = [];
    for (const wait of [0, 599_000, 1_000]) {
      clock.ms += wait;
      answers.push((await endpoint(request.clone())).status);
    }
    expect(answers).toEqual([200, 200, 402]);
    expect(ares.book).toHaveLength(1);
  });
});

describe("charge() from server code", () => {
  it("refuses a request that the browser says comes from another site", async () => {
    const { server, ares } = world();
    const request = new Request("https://app.example/action", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "cross-site" },
    });

    await expect(server.charge(request, { usage: "image" })).rejects.toMatchObject({
      code: "origin_rejected",
    });
    expect(ares.calls).toEqual([]);
  });
});

describe("a request body that stalls", () => {
  it.each([
    ["at its first byte", "", {}],
    ["halfway", '{"usage":', {}],
    ["halfway, though the body told its length", '{"usage":', { "Content-Length": "24" }],
  ])("is refused in time %s, and nothing is sent", async (_, start, more) => {
    vi.useFakeTimers();
    const { server, key, ares, ledger } = world();
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) =>
        start === "" ? undefined : controller.enqueue(new TextEncoder().encode(start)),
      cancel() {
        cancelled = true;
      },
    });
    const stream = { method: "POST", body, duplex: "half" };
    const headers = {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "Idempotency-Key": key(),
      ...more,
    };
    const answer = server.handler(
      new Request("https://app.example/api/ares", { ...stream, headers }),
    );

    await vi.advanceTimersByTimeAsync(10_000);

    const refused = await Promise.race([answer, Promise.resolve(null)]);
    expect([refused?.status, (await refused?.json())?.code]).toEqual([400, "invalid_request"]);
    // A body that is read whole can't be cancelled. The server ends its connection with the answer.
    expect([cancelled, ares.calls, await ledger.list({})]).toEqual([
      !("Content-Length" in more),
      [],
      [],
    ]);
  });
});
