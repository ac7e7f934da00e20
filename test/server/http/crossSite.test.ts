import { describe, expect, it } from "vitest";
import { type AresError, isAresError } from "../../../src/contract";
import { world } from "../world";

const sites = ["same-origin", "same-site", "cross-site", "none", "sideways", null];
const origins = {
  same: "https://app.example",
  sibling: "https://cdn.app.example",
  foreign: "https://evil.example",
  "other scheme": "http://app.example",
  "other port": "https://app.example:8443",
  null: "null",
  absent: null,
  listed: "https://partner.example",
};
const contentTypes = [
  "application/json",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
];
const credentials = ["cookie", "bearer"] as const;
const listings = [[], ["https://partner.example"]];

const cases = sites.flatMap((site) =>
  Object.entries(origins).flatMap(([from, origin]) =>
    contentTypes.flatMap((contentType) =>
      credentials.flatMap((by) =>
        listings.map((listed) => ({ site, from, origin, contentType, by, listed })),
      ),
    ),
  ),
);

/** The requests that must pass, in the words of the law and not of the code: could another site send them? */
function mayCharge({ site, origin, contentType, by, listed }: (typeof cases)[number]): boolean {
  if (contentType !== "application/json") return false;
  const named = origin !== null && listed.some((each) => each === origin);
  if (named) return true;
  const saysBrowser = site !== null;
  if (saysBrowser) return site === "same-origin";
  const olderBrowser = origin !== null;
  if (olderBrowser) return listed.length === 0 && origin === "https://app.example";
  return by === "bearer";
}

function request(
  method: string,
  { site, origin, contentType, by }: (typeof cases)[number],
): Request {
  const headers = new Headers({
    "Content-Type": contentType,
    "Idempotency-Key": `1800000000000-${"a".repeat(16)}`,
  });
  if (site !== null) headers.set("Sec-Fetch-Site", site);
  if (origin !== null) headers.set("Origin", origin);
  if (by === "bearer") headers.set("Authorization", "Bearer session");
  else headers.set("Cookie", "__session=session");
  return new Request("https://app.example/api/ares", {
    method,
    headers,
    ...(method === "POST" ? { body: JSON.stringify({ usage: "export-pdf" }) } : {}),
  });
}

describe("a POST that another site could have caused", () => {
  it("charges nothing, in every combination of site, origin, content type and credentials", async () => {
    const wrong: unknown[] = [];
    for (const each of cases) {
      const { server, ares, ledger } = world({ origins: each.listed });
      const response = await server.handler(request("POST", each));
      const rows = (await ledger.list({})).length;
      const charged = response.status === 200 && ares.book.length === 1 && rows === 1;
      const untouched =
        [403, 415].includes(response.status) && ares.calls.length === 0 && rows === 0;
      if (mayCharge(each) ? !charged : !untouched)
        wrong.push({ ...each, status: response.status, calls: ares.calls });
    }

    expect(wrong).toEqual([]);
    expect(cases.filter(mayCharge).length).toBeGreaterThan(20);
    expect(cases.length).toBe(6 * 8 * 4 * 2 * 2);
  });
});

/** Plain http on another machine's address: the browser sends no `Sec-Fetch-Site`, and Next says that it is localhost. */
describe("a POST whose address in the browser is not the address in the request", () => {
  const phone = "http://192.168.1.20:3000";
  const post = (url: string, headers: Record<string, string>) =>
    new Request(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": `1800000000000-${"a".repeat(16)}`,
        Cookie: "__session=s",
        ...headers,
      },
      body: JSON.stringify({ usage: "export-pdf" }),
    });

  it.each<[string, string, Record<string, string>]>([
    [
      "Host names the page",
      "http://localhost:3000/api/ares",
      { Origin: phone, Host: "192.168.1.20:3000" },
    ],
    [
      "a proxy names the page",
      "http://127.0.0.1:3000/api/ares",
      {
        Origin: "https://app.example",
        Host: "127.0.0.1:3000",
        "X-Forwarded-Host": "app.example, inner",
        "X-Forwarded-Proto": "https",
      },
    ],
    [
      "a proxy ends TLS and says so by no header",
      "http://app.example/api/ares",
      { Origin: "https://app.example", Host: "app.example" },
    ],
  ])("charges where %s", async (_, url, headers) => {
    const { server, ares } = world();

    expect((await server.handler(post(url, headers))).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it.each<[string, string, Record<string, string>]>([
    [
      "is another site's",
      "http://localhost:3000/api/ares",
      { Origin: "http://evil.example", Host: "192.168.1.20:3000" },
    ],
    [
      "is of another port",
      "http://localhost:3000/api/ares",
      { Origin: "http://192.168.1.20:4000", Host: "192.168.1.20:3000" },
    ],
    [
      "has no TLS, and the app has",
      "https://localhost/api/ares",
      { Origin: "http://app.example", Host: "app.example" },
    ],
    [
      "has no TLS, and the proxy has",
      "http://localhost/api/ares",
      { Origin: "http://app.example", Host: "app.example", "X-Forwarded-Proto": "https" },
    ],
    ["is opaque", "http://localhost:3000/api/ares", { Origin: "null", Host: "null" }],
    [
      "says cross-site",
      "http://localhost:3000/api/ares",
      { Origin: phone, Host: "192.168.1.20:3000", "Sec-Fetch-Site": "cross-site" },
    ],
  ])("charges nothing where the page %s", async (_, url, headers) => {
    const { server, ares } = world();

    expect((await server.handler(post(url, headers))).status).toBe(403);
    expect(ares.calls).toEqual([]);
  });

  it("believes no header where the app names its origins", async () => {
    const { server } = world({ origins: ["https://app.example"] });

    expect(
      (
        await server.handler(
          post("http://localhost:3000/api/ares", { Origin: phone, Host: "192.168.1.20:3000" }),
        )
      ).status,
    ).toBe(403);
  });
});

describe("any other method from anywhere", () => {
  it.each(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])(
    "%s charges nothing and lets no other site read the answer",
    async (method) => {
      const { server, ares, ledger } = world({ rateLimit: false });
      for (const each of cases) {
        const response = await server.handler(request(method, each));

        expect(response.status).toBe(method === "GET" ? 200 : 405);
        expect(
          [...response.headers.keys()].filter((name) => name.startsWith("access-control")),
        ).toEqual([]);
      }
      expect(ares.posts()).toBe(0);
      expect(await ledger.list({})).toEqual([]);
    },
  );
});

/** A request of server code: a form, a page, an action. Its content type does not matter. */
const visits = sites.flatMap((site) =>
  Object.entries(origins).flatMap(([from, origin]) =>
    listings.flatMap((listed) =>
      ["GET", "POST"].map((method) => ({ site, from, origin, listed, method })),
    ),
  ),
);

/** A navigation without another site may come from anywhere. A page's own origin counts where the browser says no more. */
function mayVisit({
  site,
  origin,
  listed,
}: Pick<(typeof visits)[number], "site" | "origin" | "listed">): boolean {
  if (origin !== null && listed.some((each) => each === origin)) return true;
  if (site !== null) return site === "same-origin" || site === "none";
  return origin === null || (listed.length === 0 && origin === "https://app.example");
}

function visit(
  { site, origin, method }: (typeof visits)[number],
  headers: Record<string, string> = {},
): Request {
  const all = new Headers({ Cookie: "__session=session", ...headers });
  if (site !== null) all.set("Sec-Fetch-Site", site);
  if (origin !== null) all.set("Origin", origin);
  return new Request("https://app.example/page", { method, headers: all });
}

describe("a request in whose name server code charges", () => {
  it("charges nothing when it comes from another site, by the browser's word or else by its origin", async () => {
    const wrong: unknown[] = [];
    for (const each of visits) {
      const { server, ares } = world({ origins: each.listed });
      const told = await server.charge(visit(each), { usage: "image" }).then(
        () => "charged",
        (error) => (isAresError(error) ? error.code : "a bug"),
      );
      const expected = mayVisit(each) ? ["charged", 1] : ["origin_rejected", 0];
      if (told !== expected[0] || ares.book.length !== expected[1]) wrong.push({ ...each, told });
    }

    expect(wrong).toEqual([]);
    expect(visits.filter(mayVisit).length).toBeGreaterThan(20);
  });
});

describe("a paid page or file", () => {
  it("uses nothing up when another site asks for it with GET, by the browser's word or else by its origin", async () => {
    const wrong: unknown[] = [];
    for (const each of visits.filter(({ method }) => method === "GET")) {
      const { server, post, ledger } = world({ origins: each.listed });
      await post(
        { usage: "report", resource: "r-1" },
        each.listed.length ? { Origin: "https://partner.example" } : {},
      );
      const told = await server
        .requirePaid(visit(each, { "Idempotency-Key": "visit-1" }), {
          usage: "report",
          resource: "r-1",
          uses: 1,
        })
        .then(
          () => "served",
          (refusal: AresError) => refusal.code,
        );
      const [row] = await ledger.list({});
      const expected = mayVisit(each) ? ["served", 1] : ["origin_rejected", 0];
      if (told !== expected[0] || row?.redeemedBy.length !== expected[1])
        wrong.push({ ...each, told });
    }

    expect(wrong).toEqual([]);
  });
});

describe("a refused origin", () => {
  it.each([
    { "Sec-Fetch-Site": "cross-site" },
    { Origin: "https://evil.example" },
    { Cookie: "__session=session" },
  ])("is told what is known, whether another site is named or nobody: %j", async (headers) => {
    const { server } = world();
    const refused = await server.handler(
      new Request("https://app.example/api/ares", { method: "POST", headers }),
    );

    const { code, message } = await refused.json();
    expect([code, message]).toEqual([
      "origin_rejected",
      expect.stringContaining("Nothing was charged."),
    ]);
  });
});
