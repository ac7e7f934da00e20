import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ledger } from "../../src/server";
import { chargeId, fingerprint } from "../../src/server/charge/chargeId";
import { json, world } from "../server/world";
import { BEGUN_AT, charges, keyOf, RAW_RESOURCE, ROWS, WRITTEN_AT } from "./written";

const MINUTE = 60_000;

export interface Store {
  /** Loads what 0.1 wrote, and opens it with today's code, after its `setup()`. */
  load(now: () => number): Promise<Ledger>;
  close(): void | Promise<void>;
}

/** Checks that what 0.1 wrote is still replayed, listed, used and charged once. */
export function keepsVersion01(engine: string, open: () => Promise<Store>) {
  describe(`a ledger that 0.1 wrote on ${engine}`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store?.close());

    async function today(perDay = 1_000) {
      let now = () => WRITTEN_AT;
      const w = world({ ledger: await store.load(() => now()), spendCap: { perDay } });
      w.clock.ms += 5 * MINUTE;
      now = () => w.clock.ms;
      const again = (name: keyof typeof charges, body: object) => w.post(body, { "Idempotency-Key": keyOf(name) });
      const codeOf = async (answer: Promise<Response>) => (await (await answer).json()).code;
      return { ...w, again, codeOf };
    }

    function calls(method: string, path: string, headers: Record<string, string>, body?: string): Request {
      const type = body === undefined ? {} : { "Content-Type": "application/json" };
      const all = { "Sec-Fetch-Site": "same-origin", ...type, ...headers };
      return new Request(`https://app.example${path}`, { method, headers: all, ...(body !== undefined && { body }) });
    }

    test("has begun when 0.1 began it, and takes a new key at once", async () => {
      const { ledger, post, ares } = await today();

      expect((await ledger.health()).epoch).toBe(BEGUN_AT);
      expect((await post({ usage: "export-pdf" })).status).toBe(200);
      expect(ares.book).toHaveLength(1);
    });

    test("counts what 0.1 charged in a spending cap", async () => {
      const { server } = await today();
      const spent = (await server.charges.list())
        .filter(({ status }) => status === "charged" || status === "unknown")
        .reduce((sum, { hundredths }) => sum + hundredths, 0);

      const tight = await today((spent + 99) / 100);
      expect((await tight.post({ usage: "export-pdf" })).status).toBe(429);
      const wide = await today((spent + 2_000) / 100);
      expect((await wide.post({ usage: "export-pdf" })).status).toBe(200);
    });

    test("has the ids and marks that today's code gives the same charges", async () => {
      const { server } = await today();
      const rows = await server.charges.list();
      const facts = rows.map((row) => ({ clientId: "client-1", ...row }));

      expect(await Promise.all(facts.map(fingerprint))).toEqual(rows.map((row) => row.fingerprint));
      expect(await Promise.all(facts.map(chargeId))).toEqual(rows.map(({ id }) => id));
    });

    test("tells the state of every charge", async () => {
      const { get } = await today();
      const names = Object.keys(charges) as (keyof typeof charges)[];
      const told = await Promise.all(names.map(async (name) => [name, (await (await get(`?charge=${keyOf(name)}`)).json()).charge.status]));

      expect(Object.fromEntries(told)).toEqual(charges);
    });

    test("lists its rows, to the user and to an operator", async () => {
      const { get, server } = await today();

      expect((await (await get("?charges=recent")).json()).charges).toHaveLength(ROWS - 1);
      expect(await server.charges.list()).toHaveLength(ROWS);
      const unknown = await server.charges.list({ status: "unknown" });
      expect(unknown.map(({ key }) => key)).toEqual([keyOf("died-after"), keyOf("unknown-resource"), keyOf("unknown")]);
      expect(await server.reconcile({ apply: true })).toEqual(Array(3).fill(expect.objectContaining({ proposal: null, applied: false })));
    });

    test.each([
      ["at once", 0],
      ["when its key has expired", 25 * 60 * MINUTE],
    ])("replays a paid charge %s, and takes nothing", async (_, later) => {
      const { again, ares, clock } = await today();
      clock.ms += later;

      for (const [name, body] of [
        ["charged", { usage: "export-pdf" }],
        ["resolved-yes", { usage: "export-pdf" }],
        ["resource", { usage: "report", resource: "report-42" }],
        ["kept-a-second", { usage: "day", resource: "day-1" }],
      ] as const)
        expect((await again(name, body)).headers.get("Idempotency-Replayed")).toBe("true");
      expect(ares.posts()).toBe(0);
    });

    test("refuses a paid key for another usage", async () => {
      const { again, codeOf, ares } = await today();

      expect(await codeOf(again("charged", { usage: "image" }))).toBe("idempotency_key_reused");
      expect(await codeOf(again("charged", { usage: "export-pdf", resource: "other" }))).toBe("idempotency_key_reused");
      expect(ares.posts()).toBe(0);
    });

    test("opens a paid resource to every key, under the spelling of the page too", async () => {
      const { post, get, server, ares } = await today();

      for (const resource of ["report-42", RAW_RESOURCE]) {
        expect((await post({ usage: "report", resource })).headers.get("Idempotency-Replayed")).toBe("true");
        const looked = await get(`?usage=report&resource=${encodeURIComponent(resource)}`);
        expect((await looked.json()).charge.status).toBe("charged");
        const paid = await server.requirePaid(calls("GET", "/api/report", {}), { usage: "report", resource });
        expect(paid.charge.credits).toBe(3);
      }
      expect(ares.posts()).toBe(0);
    });

    test("charges a resource again once its time is over, and once", async () => {
      const { post, ares } = await today();

      const answers = [await post({ usage: "day", resource: "day-1" }), await post({ usage: "day", resource: "day-1" })];

      expect(answers.map(({ headers }) => headers.get("Idempotency-Replayed"))).toEqual(["false", "true"]);
      expect(ares.book).toHaveLength(1);
    });

    test("renews a resource again and again, finds the newest charge, and replays the first one to its own key", async () => {
      const { post, again, server, ares, clock } = await today();
      const pass = { usage: "day", resource: "day-1" } as const;
      const charged: string[] = [];
      for (let n = 0; n < 5; n++) {
        expect((await post(pass)).headers.get("Idempotency-Replayed")).toBe("false");
        charged.push((await server.requirePaid(calls("GET", "/api/day", {}), pass)).charge.id);
        clock.ms += 2_000;
      }

      expect(new Set(charged).size).toBe(5);
      expect((await again("kept-a-second", pass)).headers.get("Idempotency-Replayed")).toBe("true");
      expect(ares.book).toHaveLength(5);
    });

    test("keeps a refusal to its key, and lets a new key buy the resource", async () => {
      const { again, post, codeOf, ares } = await today();

      expect(await codeOf(again("declined", { usage: "image" }))).toBe("insufficient_credits");
      expect(await codeOf(again("resolved-no", { usage: "export-pdf" }))).toBe("not_allowed");
      expect(await codeOf(again("declined-resource", { usage: "report", resource: "report-43" }))).toBe("insufficient_credits");
      expect(ares.posts()).toBe(0);
      expect((await post({ usage: "report", resource: "report-43" })).status).toBe(200);
      expect(ares.book).toHaveLength(1);
    });

    test("never sends an unknown charge again, and lets an operator end it", async () => {
      const { again, post, codeOf, server, ares } = await today();
      const report = { usage: "report", resource: "report-44" };
      for (const answer of [again("unknown", { usage: "image" }), again("unknown-resource", report), post(report)])
        expect(await codeOf(answer)).toBe("outcome_unknown");
      expect(await codeOf(again("died-after", { usage: "export-pdf" }))).toBe("outcome_unknown");

      for (const { id } of await server.charges.list({ status: "unknown" }))
        expect(await server.charges.resolve(id, "charged", "in ARES's books")).toBe(true);

      expect((await again("unknown", { usage: "image" })).headers.get("Idempotency-Replayed")).toBe("true");
      expect((await post(report)).headers.get("Idempotency-Replayed")).toBe("true");
      expect((await again("died-after", { usage: "export-pdf" })).headers.get("Idempotency-Replayed")).toBe("true");
      expect(ares.posts()).toBe(0);
    });

    test("charges what its dead worker had only claimed, once", async () => {
      const { again, ares } = await today();

      const answers = [await again("died-before", { usage: "export-pdf" }), await again("died-before", { usage: "export-pdf" })];

      expect(answers.map(({ headers }) => headers.get("Idempotency-Replayed"))).toEqual(["false", "true"]);
      expect(ares.book).toHaveLength(1);
    });

    test("counts a use of 0.1 as ended work: five repeats with any body, then used up", async () => {
      const { server, ares } = await today();
      let worked = 0;
      const work = server.withCharge({ usage: "image" }, () => json(200, { worked: ++worked }));
      const ask = (body: string) => work(calls("POST", "/api/work", { "Idempotency-Key": keyOf("worked") }, body));

      const statuses: number[] = [];
      for (let n = 0; n < 7; n++) statuses.push((await ask(`{"n":${n}}`)).status);

      expect(statuses).toEqual([200, 200, 200, 200, 200, 402, 402]);
      expect([worked, ares.posts()]).toEqual([5, 0]);
    });

    test("serves a use that 0.1 gave back", async () => {
      const { server, ares } = await today();
      const work = server.withCharge({ usage: "image" }, () => json(200, {}));

      expect((await work(calls("POST", "/api/work", { "Idempotency-Key": keyOf("work-failed") }, "{}"))).status).toBe(200);
      expect((await work(calls("POST", "/api/other", { "Idempotency-Key": keyOf("work-failed") }, "{}"))).status).toBe(402);
      expect(ares.posts()).toBe(0);
    });

    test("lets the request through that has used a charge, and another once an operator gives the use back", async () => {
      const { server } = await today();
      const look = (key: string) =>
        server
          .requirePaid(calls("GET", "/api/picture", { "Ares-Charge": keyOf("admitted"), "Idempotency-Key": key }), { usage: "image" })
          .then(
            () => 200,
            (error: unknown) => server.toResponse(error).status,
          );
      expect([await look("picture-1"), await look("picture-2")]).toEqual([200, 402]);

      const [row] = await server.charges.list({ userId: "user-1", key: keyOf("admitted") });
      expect(await server.charges.release(row?.id ?? "")).toBe(true);

      expect([await look("picture-2"), await look("picture-1")]).toEqual([200, 402]);
    });
  });
}
