import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AresServer } from "../../../src/server";
import { json, world } from "../world";

const shop = "https://shop.example";
const call = (method: string, headers: Record<string, string> = {}) =>
  new Request("https://app.example/api/paid", {
    method,
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
  });

/** Where a route's own `fetch` gets its answer. The platform locks the headers of such an answer. */
let upstream = "";
const storage = createServer((_, answer) => answer.end("a paid file"));
beforeAll(async () => {
  await new Promise<void>((listens) => storage.listen(0, "127.0.0.1", listens));
  upstream = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/`;
});
afterAll(() => void storage.close());

const shared = new Response(null, { status: 204 });
/** What the handler of a paid route may answer. */
const answers: Record<string, () => Response | Promise<Response>> = {
  "a file": () => new Response("a paid file"),
  json: () => json(200, { paid: true }),
  "a stream": () => new Response(new ReadableStream({ start: (controller) => controller.close() })),
  "nothing, from one Response for all requests": () => shared,
  "a redirect": () => Response.redirect("https://cdn.example/file"),
  "the answer of its own fetch": () => fetch(upstream),
  "a network error": () => Response.error(),
  "404": () => new Response("no such page", { status: 404 }),
  "500": () => new Response("it broke", { status: 500 }),
};

/** The names by which a cache tells two requests apart. */
const varies = ({ headers }: Response) => (headers.get("Vary") ?? "").split(", ");

function expectPrivate(answer: Response) {
  expect(answer.headers.get("Cache-Control")).toBe("private, no-store");
  expect(varies(answer)).toEqual(expect.arrayContaining(["Cookie", "Authorization"]));
  expect(new Set(varies(answer)).size).toBe(varies(answer).length);
}

/** The members of the server that give no answer. Each other one has its line in `everyAnswer`. */
const silent: (keyof AresServer)[] = [
  "charge",
  "charges",
  "doctor",
  "getUser",
  "reconcile",
  "requirePaid",
  "setup",
  "snapshot",
];

const pages = [
  {},
  { Origin: shop, "Sec-Fetch-Site": "cross-site" },
  { Origin: "https://evil.test", "Sec-Fetch-Site": "cross-site" },
];

describe.each([{ cors: [] }, { cors: [shop] }])(
  "with %j, no cache gives one user's answer to another",
  ({ cors }) => {
    type World = ReturnType<typeof world>;
    type Left = [way: string, answer: Response];

    /** Every answer of the endpoint to one page. */
    async function ofEndpoint({ server }: World, headers: Record<string, string>): Promise<Left[]> {
      const left: Left[] = [];
      for (const method of ["GET", "POST", "OPTIONS", "PUT"])
        left.push(["handler", await server.handler(call(method, headers))]);
      for (const way of ["GET", "POST", "OPTIONS"] as const)
        left.push([way, await server[way](call(way, headers))]);
      return left;
    }

    /** Every answer of the app's own routes to one page, whatever their handlers say. */
    async function ofRoutes(
      { server, key }: World,
      headers: Record<string, string>,
    ): Promise<Left[]> {
      const left: Left[] = [];
      for (const answer of Object.values(answers)) {
        const paid = server.withPaid({ usage: "report", resource: "r-1" }, answer);
        const counted = server.withPaid({ usage: "report", resource: "r-1", uses: 100 }, answer);
        const charging = server.withCharge({ usage: "mite" }, answer);
        for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) {
          left.push(["withPaid", await paid(call(method, headers))]);
          left.push(["withPaid", await counted(call(method, headers))]);
          const keyed = { ...headers, "Idempotency-Key": key() };
          left.push(["withCharge", await charging(call(method, keyed))]);
        }
      }
      return left;
    }

    async function everyAnswer() {
      const w = world({ cors });
      const { server, session, post } = w;
      await post({ usage: "report", resource: "r-1" });
      const left: Left[] = [];
      for (const auth of [session.auth, null]) {
        session.auth = auth;
        for (const headers of pages)
          left.push(...(await ofEndpoint(w, headers)), ...(await ofRoutes(w, headers)));
      }
      session.auth = null;
      const refusal = await server
        .charge(call("POST"), { usage: "mite" })
        .catch((error: unknown) => error);
      left.push(["toResponse", server.toResponse(refusal)]);
      const ways = new Set([...left.map(([way]) => way), ...silent]);
      return { left, ways: [...ways].sort(), all: Object.keys(server).sort() };
    }

    it("however it leaves, and whatever it says", async () => {
      const { left, ways, all } = await everyAnswer();

      expect(ways).toEqual(all);
      for (const [, answer] of left) expectPrivate(answer);
    });
  },
);

describe("the answer of a paid route", () => {
  const routes = () => {
    const w = world();
    const send = (headers: Record<string, string> = {}) =>
      call("POST", { "Idempotency-Key": w.key(), ...headers });
    return {
      ...w,
      send,
      charging: (work: () => Response | Promise<Response>) =>
        w.server.withCharge({ usage: "mite" }, work),
    };
  };

  it("keeps what its handler says of caches, and varies all the same", async () => {
    const { charging, send } = routes();
    const own = charging(() =>
      json(200, {}, { "Cache-Control": "private, max-age=60", Vary: "accept, COOKIE" }),
    );
    const open = charging(() => json(200, {}, { Vary: "*" }));

    const answer = await own(send());
    expect([answer.headers.get("Cache-Control"), answer.headers.get("Vary")]).toEqual([
      "private, max-age=60",
      "accept, COOKIE, Authorization",
    ]);
    expect((await open(send())).headers.get("Vary")).toBe("*");
  });

  it.each(Object.entries(answers).filter(([name]) => name !== "a network error"))(
    "says whether its charge is a replay, and is otherwise as its handler gave it: %s",
    async (_, answer) => {
      const { charging, send } = routes();
      const [given, sent] = [await answer(), await charging(answer)(send())];

      expect(sent.headers.get("Idempotency-Replayed")).toBe("false");
      expect([sent.status, sent.headers.get("Location")]).toEqual([
        given.status,
        given.headers.get("Location"),
      ]);
      expect(await sent.text()).toBe(await given.clone().text());
    },
  );

  it("leaves a Response that serves many requests as it was", async () => {
    const { charging, send } = routes();
    const fixed = new Response(null, { status: 204, headers: { Vary: "Accept" } });
    const route = charging(() => fixed);
    await route(send());

    expect((await route(send())).headers.get("Vary")).toBe("Accept, Cookie, Authorization");
    expect([...fixed.headers]).toEqual([["vary", "Accept"]]);
  });

  it("keeps each of its cookies", async () => {
    const { charging, send } = routes();
    const cookies = [
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
    ] as [string, string][];

    expect(
      (await charging(() => new Response("", { headers: cookies }))(send())).headers.getSetCookie(),
    ).toEqual(["a=1", "b=2"]);
  });

  it("is a failure where it can't be sent: its use is given back, and the app hears of it", async () => {
    const heard: unknown[] = [];
    const { server, key, ledger, ares } = world({ onError: (error) => heard.push(error) });
    const readBefore = new Response("read before");
    await readBefore.text();
    const answers = [Response.error(), readBefore, new Response("a paid file")];
    const route = server.withCharge({ usage: "mite" }, () => answers.shift() ?? Response.error());
    const k = key();
    const ask = () => route(call("POST", { "Idempotency-Key": k }));

    for (const why of ["Response.error()", "read before"]) {
      const failed = await ask();
      expect([failed.status, (await failed.json()).code]).toEqual([500, "internal"]);
      expect(heard.pop()).toMatchObject({ message: expect.stringContaining(why) });
      expect((await ledger.list({}))[0]?.redeemedBy).toEqual([]);
    }
    expect(await (await ask()).text()).toBe("a paid file");
    expect(ares.book).toHaveLength(1);
  });
});
