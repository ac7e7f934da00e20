import { describe, expect, it } from "vitest";
import { json, world } from "../world";

const composed = "r\u00e9sum\u00e9";
const decomposed = composed.normalize("NFD");

describe("one resource in several spellings", () => {
  it("is charged once: composed, decomposed and with outer spaces", async () => {
    const { post, get, ares, server, key } = world();
    for (const resource of [composed, decomposed, ` ${composed} `])
      expect((await post({ usage: "report", resource })).status).toBe(200);

    expect(ares.book).toHaveLength(1);
    for (const resource of [composed, decomposed, `${composed} `])
      expect(
        (await (await get(`?usage=report&resource=${encodeURIComponent(resource)}`)).json()).charge
          .status,
      ).toBe("charged");
    const paid = await server.requirePaid(new Request("https://app.example/r"), {
      usage: "report",
      resource: decomposed,
    });
    expect(paid.charge.resource).toBe(composed);
    const work = server.withCharge({ usage: "report", resource: `${decomposed} ` }, () =>
      json(200, {}),
    );
    const headers = { "Idempotency-Key": key(), "Sec-Fetch-Site": "same-origin" };
    expect(
      (await work(new Request("https://app.example/r", { method: "POST", headers }))).status,
    ).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("of spaces alone is no resource", async () => {
    const { post } = world();
    expect((await (await post({ usage: "report", resource: "   " })).json()).code).toBe(
      "invalid_request",
    );
  });
});
