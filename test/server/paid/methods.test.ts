import { describe, expect, it, vi } from "vitest";
import { world } from "../world";

const call = (method: string, headers: Record<string, string> = {}) =>
  new Request("https://app.example/api/file", {
    method,
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
  });

/** A paid report, behind routes that count and routes that don't. `work` is what the app pays for. */
async function reports() {
  const w = world({ rateLimit: false });
  const key = w.key();
  await w.post({ usage: "report", resource: "r-1" });
  await w.post({ usage: "image" }, { "Idempotency-Key": key });
  const work = vi.fn(async () => new Response("a file"));
  const report = { usage: "report", resource: "r-1" } as const;
  const routes = {
    "each request while it is paid": w.server.withPaid(report, work),
    "each request of an hour": w.server.withPaid({ ...report, windowMs: 3_600_000 }, work),
    "one use of a resource": w.server.withPaid({ ...report, uses: 1 }, work),
    "one use of a key": w.server.withPaid({ usage: "image" }, work),
  };
  const ask = (route: keyof typeof routes, method: string, headers: Record<string, string> = {}) =>
    routes[route](call(method, { "Ares-Charge": key, ...headers }));
  return { ...w, work, ask, report, key };
}
const counted = ["one use of a resource", "one use of a key"] as const;
const open = ["each request while it is paid", "each request of an hour"] as const;

describe("a HEAD", () => {
  it.each(counted)(
    "of %s is answered without the work, however often, and counts nothing",
    async (route) => {
      const { ask, work } = await reports();

      for (let n = 0; n < 600; n++) expect((await ask(route, "HEAD")).status).toBe(200);
      expect(work).not.toHaveBeenCalled();
      expect(await (await ask(route, "GET")).text()).toBe("a file");
      expect((await ask(route, "HEAD")).status).toBe(402);
      expect(work).toHaveBeenCalledTimes(1);
    },
  );

  it("says of an unpaid counted use what a GET says", async () => {
    const { server, work, session } = await reports();
    const route = server.withPaid({ usage: "report", resource: "r-2", uses: 1 }, work);

    expect((await route(call("HEAD"))).status).toBe(402);
    session.auth = null;
    expect((await route(call("HEAD"))).status).toBe(401);
    expect(work).not.toHaveBeenCalled();
  });

  it.each(open)("of %s reaches the route, as a GET does", async (route) => {
    const { ask, work } = await reports();

    expect((await ask(route, "HEAD")).status).toBe(200);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it("stops at requirePaid where a use is counted, because the route's work would follow", async () => {
    const { server, report, ledger } = await reports();
    const refused = server.requirePaid(call("HEAD"), { ...report, uses: 1 });

    await expect(refused).rejects.toMatchObject({
      code: "method_not_allowed",
      message: expect.stringContaining("counted no use"),
    });
    expect(
      (await ledger.list({ status: "charged" })).flatMap(({ redeemedBy }) => redeemedBy),
    ).toEqual([]);
    await expect(server.requirePaid(call("HEAD"), report)).resolves.toMatchObject({
      userId: "user-1",
    });
  });

  it("charges nothing", async () => {
    const { server, work, key, ares } = await reports();
    const before = ares.book.length;
    const routes = [
      server.withCharge({ usage: "image" }, work),
      server.withCharge({ usage: "report", resource: "r-1" }, work),
    ];
    for (const route of routes) {
      const refused = await route(call("HEAD", { "Idempotency-Key": key }));
      expect([refused.status, (await refused.json()).code]).toEqual([405, "method_not_allowed"]);
    }

    expect([ares.book.length, work.mock.calls.length]).toEqual([before, 0]);
  });
});

describe("a link to a paid file, on a page of another site", () => {
  const followed = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };

  describe.each(["cross-site", "same-site"])("that is %s", (site) => {
    it.each(open)("opens %s", async (route) => {
      const { ask } = await reports();

      expect(await (await ask(route, "GET", { ...followed, "Sec-Fetch-Site": site })).text()).toBe(
        "a file",
      );
    });

    it.each(counted)("uses up no %s", async (route) => {
      const { ask, work } = await reports();

      expect((await ask(route, "GET", { ...followed, "Sec-Fetch-Site": site })).status).toBe(403);
      expect(work).not.toHaveBeenCalled();
      expect((await ask(route, "GET")).status).toBe(200);
    });

    it.each([
      ["POST", followed],
      ["HEAD", followed],
      ["GET", { ...followed, "Sec-Fetch-Dest": "iframe" }],
      ["GET", { ...followed, "Sec-Fetch-Dest": "embed" }],
      ["GET", { "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" }],
      ["GET", { "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty" }],
      ["GET", { "Sec-Fetch-Mode": "navigate" }],
      ["GET", { "Sec-Fetch-Dest": "document" }],
    ])(
      "opens nothing as %s %j: only what the user sees as a page of its own is a navigation",
      async (method, headers) => {
        const { ask, work } = await reports();

        for (const route of open)
          expect((await ask(route, method, { ...headers, "Sec-Fetch-Site": site })).status).toBe(
            403,
          );
        expect(work).not.toHaveBeenCalled();
      },
    );
  });

  it("charges nothing, whatever the endpoint", async () => {
    const { server, work, ares, key } = await reports();
    const before = ares.book.length;
    const request = () =>
      call("GET", { ...followed, "Sec-Fetch-Site": "cross-site", "Idempotency-Key": key });

    expect((await server.withCharge({ usage: "image" }, work)(request())).status).toBe(403);
    await expect(server.charge(request(), { usage: "image" })).rejects.toMatchObject({
      code: "origin_rejected",
    });
    expect(ares.book.length).toBe(before);
  });
});
