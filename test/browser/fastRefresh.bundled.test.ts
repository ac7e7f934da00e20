import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { getRequestListener } from "@hono/node-server";
import react from "@vitejs/plugin-react";
import { createAresSimulator, createTestServer } from "ares-react/testing";
import type { Browser, Page } from "playwright-core";
import { createServer } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { alias } from "../../vitest.config";
import { PATIENCE_MS } from "../setup/patience";
import { eventually } from "./demo";
import { launchChromium } from "./visitor";

const root = path.resolve(import.meta.dirname, "..", "..");

let browser: Browser;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Edition {
  trigger: "click" | "mount";
  /** True when an edit mounts everything again; false when the page's state survives. */
  reset: boolean;
  text: "first" | "second" | "third";
}

/** A component whose hooks have changed can't keep its state. */
const moreHooks = { first: "", second: "useRef(2);", third: "useRef(2); useRef(3);" };

/** The file that a developer edits. */
const feature = ({ trigger, reset, text }: Edition) => `
import { AresGate } from "ares-react";
import { useRef, useState } from "react";

export function Feature() {
  ${reset ? moreHooks[text] : ""}
  const [mounted] = useState(() => crypto.randomUUID());
  return (
    <main data-mounted={mounted}>
      <h1>The ${text} edition</h1>
      <AresGate usage="export-pdf" label="Export" ${trigger === "mount" ? 'trigger="mount" resource="e-1"' : ""}>
        <p>The export, ${text} edition</p>
      </AresGate>
    </main>
  );
}
`;

const main = `
import { AresProvider } from "ares-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Feature } from "./Feature";

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <AresProvider endpoint="/api/ares">
      <Feature />
    </AresProvider>
  </StrictMode>,
);
`;

/** An app on Vite's development server, with the kit's server behind it. Charges wait until a test releases them. */
async function startApp(first: Omit<Edition, "text">) {
  // Vite looks for no changes under node_modules, so the app lies elsewhere.
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  const app = mkdtempSync(path.join(root, ".cache", "fast-refresh-"));
  ends.push(() => rmSync(app, { recursive: true, force: true }));
  const edit = (text: Edition["text"]) =>
    writeFileSync(path.join(app, "Feature.tsx"), feature({ ...first, text }));
  edit("first");
  writeFileSync(path.join(app, "main.tsx"), main);
  // A Chromium with a window asks every page for an icon, and complains about the 404.
  const icon = `<link rel="icon" href="data:,">`;
  writeFileSync(
    path.join(app, "index.html"),
    `${icon}<div id="root"></div><script type="module" src="/main.tsx"></script>`,
  );

  const { handler, simulator } = createTestServer({
    simulator: createAresSimulator({ users: { ada: 698 } }),
  });
  let posts = 0;
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  async function slowly(request: Request): Promise<Response> {
    if (request.method === "POST") {
      posts += 1;
      await held;
    }
    return handler(request);
  }
  const server = await createServer({
    root: app,
    configFile: false,
    logLevel: "error",
    cacheDir: path.join(app, ".vite"),
    resolve: { alias },
    // Vite must find these packages early, or it reloads the page.
    optimizeDeps: {
      include: [
        "react",
        "react/jsx-dev-runtime",
        "react-dom/client",
        "@tanstack/react-query",
        "zod/mini",
      ],
    },
    server: {
      host: "127.0.0.1",
      port: 0,
      fs: { allow: [root] },
      watch: { usePolling: true, interval: 100 },
    },
    plugins: [
      react(),
      {
        name: "the app's own endpoint",
        configureServer: ({ middlewares }) =>
          void middlewares.use("/api/ares", getRequestListener(slowly)),
      },
    ],
  });
  ends.push(() => server.close());
  await server.listen();
  return {
    address: server.resolvedUrls?.local[0] ?? "",
    edit,
    simulator,
    letGo,
    posts: () => posts,
  };
}

/** A page that reports reloads and complaints. */
async function openPage(address: string) {
  const context = await browser.newContext();
  ends.push(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const page = await context.newPage();
  await page.goto(address);
  await page.evaluate(() => document.documentElement.setAttribute("data-loaded", "once"));
  return {
    page,
    complaints,
    loadedOnce: () =>
      page.evaluate(() => document.documentElement.getAttribute("data-loaded") === "once"),
    mounted: () => page.getByRole("main").getAttribute("data-mounted"),
  };
}

const shows = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

describe("fast refresh", () => {
  it.each([
    { trigger: "click", reset: false },
    { trigger: "click", reset: true },
    { trigger: "mount", reset: false },
    { trigger: "mount", reset: true },
  ] as const)(
    "in the middle of a charge and after it changes the page and charges once ($trigger, reset: $reset)",
    async (kind) => {
      const { address, edit, simulator, posts, letGo } = await startApp(kind);
      const { page, complaints, loadedOnce, mounted } = await openPage(address);
      if (kind.trigger === "click") await page.getByRole("button", { name: /^Unlock/ }).click();
      await eventually(async () => posts(), Boolean);
      const mounts = [await mounted()];

      edit("second");
      await shows(page, "The second edition");
      await page.locator("[data-status=charging]").first().waitFor();
      mounts.push(await mounted());
      expect(simulator.charges).toEqual([]);
      letGo();
      await shows(page, "The export, second edition");

      edit("third");
      await shows(page, "The export, third edition");
      // By now every charge that starts by itself has begun.
      await page.waitForTimeout(1500);
      mounts.push(await mounted());

      expect(await page.getByText("The export, third edition").count()).toBe(1);
      expect(await loadedOnce()).toBe(true);
      expect(new Set(mounts).size).toBe(kind.reset ? 3 : 1);
      expect(simulator.charges.map(({ credits }) => credits)).toEqual([1]);
      expect(posts()).toBe(1);
      expect(complaints).toEqual([]);
    },
  );
});
