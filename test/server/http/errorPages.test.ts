import { describe, expect, it } from "vitest";
import { world } from "../world";

const errorPages = "https://docs.app.example/errors";
const typeOf = async (answer: Response | Promise<Response>) => (await (await answer).json()).type;

describe("a server that names its page of errors", () => {
  it("links each refusal to the heading of its code: of the endpoint, of paid routes, of preflights and of own routes", async () => {
    const { server, get, post, session } = world({ errorPages, cors: ["https://shop.example"] });
    session.auth = null;
    const route = new Request("https://app.example/x", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin" },
    });
    const flight = new Request("https://app.example/x", {
      method: "OPTIONS",
      headers: { Origin: "https://evil.example" },
    });
    const refusal = await server
      .requirePaid(new Request("https://app.example/x"), { usage: "report" })
      .catch((error: unknown) => error);

    expect(await typeOf(get())).toBe(`${errorPages}#not_signed_in`);
    expect(await typeOf(post("{"))).toBe(`${errorPages}#invalid_request`);
    expect(await typeOf(server.withCharge({ usage: "image" }, () => new Response())(route))).toBe(
      `${errorPages}#invalid_request`,
    );
    expect(await typeOf(server.withPaid({ usage: "report" }, () => new Response())(route))).toBe(
      `${errorPages}#not_signed_in`,
    );
    expect(await typeOf(server.handler(flight))).toBe(`${errorPages}#origin_rejected`);
    expect(await typeOf(server.toResponse(refusal))).toBe(`${errorPages}#not_signed_in`);
    expect(await typeOf(Reflect.apply(server.handler, undefined, [{}]))).toBe(
      `${errorPages}#invalid_request`,
    );
  });

  it("does not start with an address that is none", () => {
    expect(() => world({ errorPages: "/errors" })).toThrow(/errorPages/);
  });
});

it("a server without such a page gives the code a name and no address", async () => {
  expect(await typeOf(world().post("{"))).toBe("urn:ares-react:invalid_request");
});
