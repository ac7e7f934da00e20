import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { afterEach, describe, expect, it } from "vitest";
import { linesOf, pages } from "../../../src/cli/doctor/findings";
import { runDoctor } from "../../../src/cli/doctor/runDoctor";
import { createAresServer, memoryLedger } from "../../../src/server";
import { pretend } from "../../../src/testing";
import { world } from "../../server/world";

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

/** Listens on a port of its own. Returns the address and the requests that came. */
async function listen(handler: (request: Request) => Response | Promise<Response>) {
  const seen: string[] = [];
  const server = createServer(
    getRequestListener((request) => {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      return handler(request);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closes.push(() => server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, seen };
}

async function run(...args: string[]) {
  const lines: string[] = [];
  return {
    code: await runDoctor(["doctor", ...args], (line) => lines.push(line)),
    text: lines.join("\n"),
  };
}

const SHEET = `[data-ares-part]{color:var(--ares-ink)} :root{--ares-ink:rgb(from Canvas calc(1) g b)}`;

/** An app: the endpoint, a page and its sheet. */
function app(
  endpoint: (request: Request) => Response | Promise<Response>,
  sheet = SHEET,
  page: Record<string, string> = {},
) {
  return (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/ares") return endpoint(request);
    if (pathname === "/app.css")
      return new Response(sheet, { headers: { "Content-Type": "text/css" } });
    const { html = "", ...headers } = page;
    return new Response(`<link rel="stylesheet" href="/app.css">${html}`, {
      headers: { "Content-Type": "text/html", ...headers },
    });
  };
}

/** The kit's server with the real clock. A sound app, unless a test breaks something. */
const sound = (options = {}) => world({ now: Date.now, ledger: memoryLedger(), ...options });

/** Changes the headers of each answer, as a bridge or a proxy does. */
const changing =
  (change: (headers: Headers) => void) =>
  async (answer: Response | Promise<Response>): Promise<Response> => {
    const { headers, status, body } = await answer;
    const changed = new Headers(headers);
    change(changed);
    return new Response(body, { status, headers: changed });
  };

describe("ares-react doctor, of a running app", () => {
  it("finds the endpoint from the page's address, makes only reads, and has nothing to correct in a sound app", async () => {
    const { server, ares, ledger } = sound();
    const { url, seen } = await listen(app(server.handler));

    const { code, text } = await run(url);

    expect(text).toContain("No errors.");
    expect(text).toContain("skipped  charge: by URL only reads are made");
    expect(code).toBe(0);
    expect(seen.filter((each) => !each.startsWith("GET "))).toEqual([]);
    expect([ares.posts(), await ledger.list({})]).toEqual([0, []]);
  });

  it.each<[string, (headers: Headers) => void, string]>([
    [
      "lost headers",
      (headers) => headers.delete("Ares-Contract"),
      "ERROR    headers: Ares-Contract is lost",
    ],
    [
      "an answer without no-store",
      (headers) => headers.set("Cache-Control", "private"),
      "ERROR    cache: Cache-Control is private",
    ],
    [
      "an answer out of a cache",
      (headers) => headers.set("Age", "7"),
      "ERROR    cache: a cache gave this answer (Age: 7)",
    ],
    [
      "an answer for every site",
      (headers) => headers.set("Access-Control-Allow-Origin", "*"),
      "ERROR    cors: the answer lets every site",
    ],
  ])("names %s, and the page that says what to do", async (_, change, words) => {
    const { server } = sound();
    const change_ = changing(change);
    const { url } = await listen(app((request) => change_(server.handler(request))));

    const { code, text } = await run(`${url}/api/ares`);

    expect(text).toContain(words);
    expect(text).toMatch(/see node_modules\/ares-react\/docs\/[\w-]+\.md/);
    expect(code).toBe(1);
  });

  it("names an origin that is echoed, and a clock that is an hour off", async () => {
    const { server } = sound({ now: () => Date.now() + 3_600_000 });
    const echo = async (request: Request) =>
      changing((headers) =>
        headers.set("Access-Control-Allow-Origin", request.headers.get("Origin") ?? ""),
      )(server.handler(request));
    const { url } = await listen(app(echo));

    const { text } = await run(url);

    expect(text).toMatch(/ERROR {4}cors/);
    expect(text).toMatch(/ERROR {4}clock: (3599|3600)\.\d s apart/);
  });

  it.each([
    [
      "a build that lost the colours",
      "[data-ares-part]{color:var(--ares-ink)}",
      "ERROR    colours: the build lost",
    ],
    [
      "an own colour that a build rewrote",
      `${SHEET}:root{--ares-accent:var(--lightningcss-light,#123)}`,
      "ERROR    colours: the build rewrote",
    ],
    ["a page without the sheet", "body{margin:0}", "warning  colours:"],
  ])("names %s", async (_, sheet, words) => {
    const { url } = await listen(app(sound().server.handler, sheet));
    expect((await run(url)).text).toContain(words);
  });

  it("misses no sheet in a development page of Vite, which loads its sheets by script", async () => {
    const html = '<script type="module" src="/@vite/client"></script>';
    const { url } = await listen(app(sound().server.handler, "body{margin:0}", { html }));
    expect((await run(url)).text).toContain("skipped  colours: a development page of Vite");
  });

  it("names a page with a user's snapshot that a cache may keep", async () => {
    const html = String.raw`<script>self.__next_f.push("{\"owner\":\"abcdefghijklmnopqrstuv\"}")</script>`;
    const handler = sound().server.handler;
    const open = await listen(app(handler, SHEET, { html, "Cache-Control": "s-maxage=31536000" }));
    const shut = await listen(app(handler, SHEET, { html, "Cache-Control": "private, no-store" }));

    expect((await run(open.url)).text).toContain("ERROR    cache:");
    expect((await run(shut.url)).code).toBe(0);
  });

  it("says that the guide's own route knows no keys, and that no endpoint is there", async () => {
    const guide = await listen(app(() => Response.json({ message: "User not signed in" })));
    const none = await listen(() => new Response("no", { status: 404 }));

    expect((await run(guide.url)).text).toContain("the guide's own route");
    expect((await run(none.url)).text).toContain("answers as this kit");
    expect(await run("http://127.0.0.1:1/")).toMatchObject({
      code: 2,
      text: expect.stringContaining("gives no answer"),
    });
  });
});

describe("ares-react doctor, of a running app that may charge", () => {
  it("charges once at an endpoint that pretends, and finds the charge", async () => {
    const server = createAresServer({
      ...pretend({ name: "doctor" }),
      prices: { report: 3, "export-pdf": 1 },
    });
    const { url } = await listen(app(server.handler));

    const { code, text } = await run(url);

    expect(text).toContain("charge: 1 for export-pdf, pretended: charged");
    expect(text).toContain("the same key was charged once");
    expect(code).toBe(0);
  });

  it("charges at a real endpoint only what --spend allows", async () => {
    const { server, ares } = sound({ prices: { image: 4 } });
    const { url } = await listen(app(server.handler));

    expect((await run(url, "--spend", "3")).text).toContain("no usage costs at most 3");
    expect(ares.book).toEqual([]);
    expect((await run(url, "--spend", "4")).text).toContain("4 for image: charged");
    expect(ares.book.length).toBe(1);
    expect((await run(url, "--spend", "many")).text).toContain("Usage");
  });

  it("waits for a new ledger, which takes no key of its first two seconds", async () => {
    const { server, ares } = sound();
    let presses = 0;
    const { url } = await listen(
      app((request) => {
        if (request.method === "POST") presses += 1;
        return request.method === "POST" && presses === 1
          ? Response.json({ code: "ledger_reset" }, { status: 409 })
          : server.handler(request);
      }),
    );
    expect((await run(url, "--spend", "1")).text).toContain("charged once");
    expect(ares.book.length).toBe(1);
  });

  it("charges nothing for a visitor who is signed out, and sends a given cookie", async () => {
    const auth = async (request: Request) =>
      request.headers.get("Cookie") === "s=1"
        ? { userId: "u", getAccessToken: async () => "t" }
        : null;
    const { server, ares } = sound({ auth });
    const { url } = await listen(app(server.handler));

    expect((await run(url, "--spend", "1")).text).toContain("--header");
    expect(ares.posts()).toBe(0);
    expect((await run(url, "--spend", "1", "--header", "Cookie: s=1")).text).toContain(
      "charged once",
    );
  });

  it("names two ledgers behind one address, and an origin that the server does not see", async () => {
    const two = [sound(), sound()];
    let turn = 0;
    const { url } = await listen(
      app((request) => {
        turn += 1;
        const worker = two[turn % 2];
        return worker ? worker.server.handler(request) : new Response();
      }),
    );
    expect((await run(url, "--spend", "1")).text).toContain("two workers keep two ledgers");

    const { server } = sound();
    // A proxy that asks for the app by a name of its own, and tells nobody the browser's.
    const renamed = (request: Request) => {
      const headers = new Headers(request.headers);
      headers.set("Host", "inside");
      return new Request(new Request(request.url.replace("127.0.0.1", "inside"), request), {
        headers,
      });
    };
    const behind = await listen(app((request) => server.handler(renamed(request))));
    expect((await run(behind.url, "--spend", "1")).text).toContain(
      `Write origins: ["${behind.url}"]`,
    );
  });
});

describe("the pages that the doctor names", () => {
  it.each(Object.entries(pages))("are there, with the heading: %s, %s", (_, page) => {
    const [file = "", heading] = page.split("#");
    const text = readFileSync(join("docs", file), "utf8");
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, "")
        .replaceAll(" ", "-"),
    );

    if (heading !== undefined) expect(headings).toContain(heading);
  });

  it("are the ones that say how: origins of the app's own name are an option, other origins a chapter", () => {
    const linked = (name: string) =>
      linesOf([{ name, status: "warning", message: "look" }]).split("\n")[1];

    expect(linked("origins")).toContain("docs/options.md#createaresserver");
    expect(linked("cors")).toContain("docs/frameworks.md#an-api-on-another-origin");
    expect(linesOf([{ name: "charge", status: "skipped", message: "why" }])).toBe(
      "skipped  charge: why\nNo errors.",
    );
  });
});
