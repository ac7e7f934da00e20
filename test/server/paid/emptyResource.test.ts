import { describe, expect, it } from "vitest";
import { world } from "../world";

const asked = (headers: Record<string, string> = {}, method = "POST") =>
  new Request("https://app.example/api/paid", {
    method,
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
  });
const words = expect.stringMatching(/resource.*leave resource out/);

describe.each([
  ["empty", ""],
  ["white space alone", " \t"],
  ["a line break", "r\n"],
  ["201 characters", "r".repeat(201)],
])("a resource of %s", (_, resource) => {
  it("stops withCharge when the app starts", () => {
    const { server } = world();

    expect(() => server.withCharge({ usage: "report", resource }, () => new Response())).toThrow(
      expect.objectContaining({ name: "AresError", code: "invalid_request", message: words }),
    );
  });

  it("is refused by withCharge when a request names it, before anything is claimed", async () => {
    const { server, ares, ledger, key } = world();
    const work = server.withCharge(
      { usage: "report", resource: () => resource },
      () => new Response("done"),
    );

    const answer = await work(asked({ "Idempotency-Key": key() }));

    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: "invalid_request", message: words }),
    ]);
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
  });

  it("is refused by requirePaid, and not called unpaid", async () => {
    const { server } = world();

    const asks = server.requirePaid(asked({}, "GET"), { usage: "report", resource });

    await expect(asks).rejects.toMatchObject({ code: "invalid_request", message: words });
  });

  it("is refused by charge, before anything is claimed", async () => {
    const { server, ares, ledger } = world();

    await expect(server.charge(asked(), { usage: "report", resource })).rejects.toMatchObject({
      code: "invalid_request",
      message: words,
    });
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
  });

  it("is refused in a POST and in a look-up of the endpoint", async () => {
    const { post, press, get, ares, ledger } = world();

    for (const answer of [
      await post({ usage: "report", resource }),
      await press({ usage: "report", resource }),
    ])
      expect([answer.status, (await answer.json()).code]).toEqual([400, "invalid_request"]);
    const looked = await get(`?usage=report&resource=${encodeURIComponent(resource)}`);
    expect([looked.status, (await looked.json()).code]).toEqual([400, "invalid_request"]);
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
  });
});

describe("no resource", () => {
  it("is what a page sends for a usage alone: charged, and never taken for an empty one", async () => {
    const { post, ares } = world();

    expect((await post({ usage: "report" })).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });
});
