/**
 * What one report costs a user when things go wrong: the guide's route and button, `useMutation` with a plain route, mppx, and this kit, each in
 * Chromium over a server of its own and the same pretend ARES. One deduction of 3 credits is right.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { serve } from "@hono/node-server";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { createAresServer, definePrices, memoryLedger } from "../../dist/server.js";
import { createAresSimulator } from "../../dist/testing.js";
import { freePort } from "../../test/setup/freePort.mjs";
import { chromiumArgs, resolveChromium } from "../chromium.mjs";
import { installed, mppx, root } from "./rivals.mjs";

const PAID = "Here is your report.";
const PRICE = 3;
const once = `${PRICE}`;
/** Here a refusal is right too. */
const FORGED = "the browser asks for another price";
/** A new ledger takes no key of its first two seconds. */
const YOUNG_LEDGER_MS = 2_500;
/** Long enough for a second request that a page might send. */
const SETTLE_MS = 1_000;
const PATIENCE_MS = 10_000;

/** @typedef {ReturnType<typeof createAresSimulator>} Ares */

/** Takes credits, as a route without a ledger does. @param {Ares} ares @param {number} credits */
const take = (ares, credits) =>
  ares.fetch("https://ares.example/v1/partner/usage", {
    method: "POST",
    headers: { Authorization: `Bearer ${ares.tokenOf("ann")}`, "Content-Type": "application/json" },
    body: JSON.stringify({ client_id: "bench", usage: "report", credits }),
  });

/** What the guide's route does with the browser's words, and what a plain route does with its own. @param {Ares} ares @param {(body: { credits?: number }) => number} priceOf */
const passOn = (ares, priceOf) => async (/** @type {Request} */ request) => {
  const asked = await request.json();
  const answer = await take(ares, priceOf(asked)).catch(() => new Response("{}", { status: 502 }));
  return Response.json(await answer.json().catch(() => ({})), { status: answer.status });
};

/** A way to sell the report. `folder` is where its packages are, beside this repository's. @typedef {{ page: string, folder?: string, route: (ares: Ares) => (request: Request) => Promise<Response> }} Seller */

/** @type {Record<string, Seller>} */
const sellers = {
  "the guide": { page: "guide", route: (ares) => passOn(ares, ({ credits }) => credits ?? PRICE) },
  "`useMutation`, plain route": { page: "mutation", route: (ares) => passOn(ares, () => PRICE) },
};

/** mppx with ARES as its payment method: the server takes the credits of each credential that it has asked for. @param {string} folder @returns {Promise<Seller>} */
async function sellerOfMppx(folder) {
  const from = (/** @type {string} */ file) =>
    import(pathToFileURL(path.join(folder, "node_modules/mppx/dist", file)).href);
  const [{ Method, Receipt, z }, { Mppx }] = [
    await from("index.js"),
    await from("server/index.js"),
  ];
  const method = Method.from(aresMethod(z));
  return {
    page: "mppx",
    folder,
    route: (ares) => {
      const verify = async (
        /** @type {{ request: { amount: string }, credential: any }} */ paid,
      ) => {
        const answer = await take(ares, Number(paid.request.amount));
        if (!answer.ok) throw new Error(`ARES answered ${answer.status}`);
        const reference = paid.credential.challenge.id;
        const timestamp = new Date().toISOString();
        return Receipt.from({ method: "ares", reference, status: "success", timestamp });
      };
      const methods = [Method.toServer(method, { verify })];
      const server = Mppx.create({ secretKey: "b".repeat(32), realm: "bench", methods });
      return async (request) => {
        const response = await server.charge({ amount: `${PRICE}` })(request);
        return response.status === 402
          ? response.challenge
          : response.withReceipt(Response.json({ message: "Success" }));
      };
    },
  };
}

/** @type {Seller} */
const kit = {
  page: "kit",
  route: (ares) =>
    createAresServer({
      clientId: "bench",
      prices: definePrices({ report: { credits: PRICE } }),
      ledger: memoryLedger(),
      auth: async () => ({ userId: "ann", getAccessToken: async () => ares.tokenOf("ann") }),
      ares: { fetch: ares.fetch },
    }).handler,
};

/** @typedef {{ page: import("playwright-core").Page, url: string, ares: Ares }} Desk */

const button = (/** @type {Desk["page"]} */ page) => page.locator("#root button:enabled").first();
const paid = (/** @type {Desk["page"]} */ page) => page.getByText(PAID);

/** Presses again while the page offers to, as a user does who got nothing. @param {Desk["page"]} page */
async function pressUntilPaid(page, times = 3) {
  for (let press = 0; press < times; press++) {
    if (await paid(page).isVisible()) return;
    const isOffered = await button(page)
      .click({ timeout: SETTLE_MS })
      .then(
        () => true,
        () => false,
      );
    if (!isOffered) return;
    await page.waitForTimeout(SETTLE_MS);
  }
}

/** @type {Record<string, (desk: Desk) => Promise<unknown>>} */
const hazards = {
  "a double click": async ({ page, url }) => {
    await page.goto(url);
    await button(page).dblclick();
    await paid(page).waitFor();
  },
  "StrictMode, charged on mount": async ({ page, url }) => {
    await page.goto(`${url}?on=mount&strict`);
    await paid(page).waitFor();
  },
  "a remount": async ({ page, url }) => {
    await page.goto(`${url}?on=mount`);
    await paid(page).waitFor();
    await page.evaluate("remount()");
    await paid(page).waitFor();
  },
  "a reload": async ({ page, url }) => {
    await page.goto(url);
    await pressUntilPaid(page);
    await page.reload();
    await page.waitForTimeout(SETTLE_MS);
    await pressUntilPaid(page);
  },
  "two tabs at once": async ({ page, url }) => {
    const other = await page.context().newPage();
    await Promise.all([page.goto(url), other.goto(url)]);
    await Promise.all([button(page).click(), button(other).click()]);
    await Promise.all([paid(page).waitFor(), paid(other).waitFor()]);
  },
  "ARES's answer is lost": async ({ page, url, ares }) => {
    ares.fail("drop-after-charge");
    await page.goto(url);
    await pressUntilPaid(page);
  },
  "the server's answer is lost": async ({ page, url }) => {
    let isLost = false;
    await page.route("**/api", async (route) => {
      if (isLost || route.request().method() !== "POST") return route.continue();
      const response = await route.fetch();
      // The answer that would have shown the report.
      isLost = response.ok();
      return isLost ? route.abort() : route.fulfill({ response });
    });
    await page.goto(url);
    await pressUntilPaid(page);
  },
  [FORGED]: async ({ page, url }) => {
    await page.goto(url);
    const body = JSON.stringify({ usage: "report", credits: 0.01, client_id: "bench" });
    await page.evaluate(
      ([text, key]) =>
        fetch("/api", {
          method: "POST",
          body: text,
          headers: { "Content-Type": "application/json", "Idempotency-Key": key ?? "" },
        }),
      [body, `${Date.now()}-${crypto.randomUUID().replaceAll("-", "")}`],
    );
  },
};

export async function measure() {
  const place = await installed({ packages: mppx, source: "" });
  /** @type {Record<string, Seller>} */
  const all = {
    ...sellers,
    ...(place && { mppx: await sellerOfMppx(place.folder) }),
    "ares-react": kit,
  };
  const { executablePath, env } = await resolveChromium();
  const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
  /** @type {{ hazard: string, right: string[], deductions: Record<string, string> }[]} */
  const rows = [];
  try {
    for (const [hazard, happen] of Object.entries(hazards)) {
      /** @type {Record<string, string>} */
      const deductions = {};
      for (const [name, seller] of Object.entries(all))
        deductions[name] = await deductionsOf(browser, seller, happen);
      rows.push({ hazard, right: hazard === FORGED ? [once, "nothing"] : [once], deductions });
    }
  } finally {
    await browser.close();
    place?.remove();
  }
  return { rows, names: Object.keys(all), missing: place ? [] : ["mppx"] };
}

/** @param {import("playwright-core").Browser} browser @param {Seller} seller @param {typeof hazards[string]} happen */
async function deductionsOf(browser, seller, happen) {
  const ares = createAresSimulator({ users: { ann: 698 } });
  ares.set({ latencyMs: 100 });
  const script = await bundle(seller);
  const api = seller.route(ares);
  const port = await freePort();
  const server = serve({
    port,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/api") return api(request);
      if (pathname === "/page.js")
        return new Response(script, { headers: { "Content-Type": "text/javascript" } });
      const html =
        '<!doctype html><title>bench</title><div id="root"></div><script src="/page.js"></script>';
      return new Response(html, { headers: { "Content-Type": "text/html" } });
    },
  });
  await new Promise((done) => setTimeout(done, YOUNG_LEDGER_MS));
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  try {
    await happen({ page, url: `http://localhost:${port}/`, ares });
    await page.waitForTimeout(SETTLE_MS);
    return ares.charges.map(({ credits }) => credits).join(" + ") || "nothing";
  } finally {
    await context.close();
    server.close();
  }
}

/** @param {Seller} seller */
async function bundle({ page, folder = root }) {
  const { outputFiles } = await build({
    stdin: { contents: `${pages[page]}\n${around}`, loader: "tsx", resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    tsconfigRaw: {},
    define: { "process.env.NODE_ENV": '"development"' },
    alias: { "ares-react": path.join(root, "dist/index.js") },
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** What stands around each page: StrictMode where it is asked for, and a way to mount the page anew. */
const around = `
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
const asked = new URLSearchParams(location.search);
const Mode = asked.has("strict") ? StrictMode : ({ children }) => children;
const mount = () => {
  const root = createRoot(document.getElementById("root"));
  root.render(<Mode><App onMount={asked.get("on") === "mount"} /></Mode>);
  return root;
};
let root = mount();
window.remount = () => {
  root.unmount();
  root = mount();
};`;

/** The payment method of mppx, on both sides. */
const aresMethod = (/** @type {any} */ z) => ({
  name: "ares",
  intent: "charge",
  schema: {
    credential: { payload: z.object({ user: z.string() }) },
    request: z.object({ amount: z.string() }),
  },
});

const post = `const post = async () => {
  const answer = await fetch("/api", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ client_id: "bench", usage: "report", credits: 3 }) });
  if (!answer.ok) throw new Error("Failed");
};`;

const buttonAndText = `import { useEffect, useState } from "react";
function App({ onMount }) {
  const [text, setText] = useState("");
  const use = () => post().then(() => setText("${PAID}"), () => setText("Failed"));
  useEffect(() => { if (onMount) use(); }, [onMount]);
  return <><button onClick={use}>Use</button><p>{text}</p></>;
}`;

/** @type {Record<string, string>} */
const pages = {
  guide: `${buttonAndText}
${post}`,
  mppx: `${buttonAndText}
import { Credential, Method, z } from "mppx";
import { Mppx } from "mppx/client";
const aresMethod = ${aresMethod};
const createCredential = async ({ challenge }) => Credential.serialize({ challenge, payload: { user: "ann" } });
const methods = [Method.toClient(Method.from(aresMethod(z)), { createCredential })];
const { fetch } = Mppx.create({ polyfill: false, methods });
${post}`,
  mutation: `import { QueryClient, QueryClientProvider, useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
${post}
const client = new QueryClient();
function Report({ onMount }) {
  const use = useMutation({ mutationFn: post });
  useEffect(() => { if (onMount) use.mutate(); }, [onMount]);
  return use.isSuccess ? <p>${PAID}</p> : <button disabled={use.isPending} onClick={() => use.mutate()}>Use</button>;
}
function App(props) {
  return <QueryClientProvider client={client}><Report {...props} /></QueryClientProvider>;
}`,
  kit: `import { AresGate, AresProvider } from "ares-react";
function App({ onMount }) {
  return (
    <AresProvider endpoint="/api">
      <AresGate usage="report" resource="r-1" trigger={onMount ? "mount" : "click"}><p>${PAID}</p></AresGate>
    </AresProvider>
  );
}`,
};
