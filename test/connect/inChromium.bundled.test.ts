import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import react from "@vitejs/plugin-react";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { strongStyles } from "../../scripts/sheets.mjs";
import { aresConnect, memoryTokens } from "../../src/connect";
import { createAresServer, memoryLedger } from "../../src/server";
import { createAresSimulator } from "../../src/testing";
import { alias } from "../../vitest.config";
import { launchChromium } from "../browser/visitor";
import { prices } from "../server/world";
import { newSecret } from "./tokenRules";

const root = path.resolve(import.meta.dirname, "..", "..");
const main = `
import { AresGate, AresProvider, CreditBalance } from "ares-react";
import { createRoot } from "react-dom/client";

createRoot(document.getElementById("root")).render(
  <AresProvider endpoint="/api/ares" connect="/api/ares/connect" signInWith="ares">
    <CreditBalance />
    <AresGate usage="report" resource="r-1" label="Report"><p>The paid report.</p></AresGate>
  </AresProvider>,
);
`;

/** An app without a sign-in of its own, its page, and a pretend ARES on a host of its own. */
interface App {
  origin: string;
  simulator: ReturnType<typeof createAresSimulator>;
}

const servers: ServerType[] = [];
let folder: string;
let browser: Browser;
let app: App;

/** Serves on a free port; resolves to the origin. */
function listen(fetch: (request: Request) => Promise<Response>): Promise<string> {
  return new Promise((resolve) => {
    servers.push(
      serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }: AddressInfo) =>
        resolve(`http://127.0.0.1:${port}`),
      ),
    );
  });
}

beforeAll(async () => {
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(path.join(root, ".cache", "connect-"));
  writeFileSync(path.join(folder, "main.tsx"), main);
  writeFileSync(
    path.join(folder, "index.html"),
    `<!doctype html><html lang="en"><title>App</title><div id="root"></div><script type="module" src="/main.tsx"></script></html>`,
  );
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    resolve: { alias },
    plugins: [react(), strongStyles()],
  });
  browser = await launchChromium();
  app = await openApp();
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openApp(): Promise<App> {
  const simulator = createAresSimulator({
    users: { ada: 698 },
    clients: ["client-1"],
    clientSecret: "secret-1",
  });
  const ares = await listen((request) => simulator.fetch(request));
  let handle: (request: Request) => Promise<Response> = servePage;
  const origin = await listen((request) => handle(request));
  const connection = aresConnect({
    clientId: "client-1",
    clientSecret: "secret-1",
    redirectUri: `${origin}/api/ares/connect/callback`,
    secret: newSecret(),
    tokens: memoryTokens(),
    session: "ares",
    ares: { authorizeUrl: `${ares}/oauth`, baseUrl: ares },
  });
  const server = createAresServer({
    clientId: "client-1",
    prices,
    ledger: memoryLedger(),
    auth: connection.auth,
    ares: { baseUrl: ares },
  });
  handle = async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/ares/connect")) return connection.handler(request);
    if (pathname.startsWith("/api/ares")) return server.handler(request);
    return servePage(request);
  };
  return { origin, simulator };
}

async function servePage({ url }: Request): Promise<Response> {
  const { pathname } = new URL(url);
  const isScript = pathname.startsWith("/assets/");
  const file = path.join(folder, "dist", isScript ? pathname : "index.html");
  const type = isScript ? "text/javascript" : "text/html";
  return new Response(await readFile(file, "utf8"), { headers: { "Content-Type": type } });
}

const signIn = (page: Page) =>
  page.getByRole("button", { name: "Sign in with ARES for Report · 3 credits" });

const balance = (page: Page, credits: number) =>
  page.getByRole("group", { name: `ARES balance: ${credits} credits` });

it("signs in with ARES, comes back to the same page, pays there, and stays signed in", async () => {
  const page = await browser.newPage();
  const home = `${app.origin}/reports/7?tab=2`;
  await page.goto(home);

  await signIn(page).click();
  await page.getByRole("link", { name: "Allow" }).click();

  await balance(page, 698).waitFor();
  expect(page.url()).toBe(home);
  await page.getByRole("button", { name: "Unlock Report · 3 credits" }).click();
  await page.getByText("The paid report.").waitFor();
  await page.reload();
  await balance(page, 695).waitFor();
  await page.getByText("The paid report.").waitFor();
  expect(app.simulator.charges.map(({ credits }) => credits)).toEqual([3]);
  await page.close();
});

it("says why nothing was connected after Deny, and leads back to the same page", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const home = `${app.origin}/reports/8`;
  await page.goto(home);

  await signIn(page).click();
  await page.getByRole("link", { name: "Deny" }).click();
  await page.getByRole("alert").getByText("You did not allow the connection").waitFor();
  await page.getByRole("link", { name: "Back to the app" }).click();

  await signIn(page).waitFor();
  expect(page.url()).toBe(home);
  expect(await context.cookies()).toEqual([]);
  await context.close();
});
