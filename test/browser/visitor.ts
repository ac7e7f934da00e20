import { mkdirSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { chromiumArgs, resolveChromium } from "../../scripts/chromium.mjs";
import { PATIENCE_MS } from "../setup/patience";
import type { Demo } from "./demo";

export async function launchChromium(): Promise<Browser> {
  const { executablePath, env } = await resolveChromium();
  return chromium.launch({ executablePath, env, args: chromiumArgs });
}

/** A person with their own browser. `complaints` collects the errors of all their tabs. */
export interface Visitor {
  /** The person's account: a new one with 698 credits, unless a test names an old one. */
  id: string;
  context: BrowserContext;
  complaints: string[];
  open(path?: string): Promise<Page>;
  leave(): Promise<void>;
}

export async function visit(browser: Browser, demo: Demo, as?: string): Promise<Visitor> {
  const id = as ?? (await demo.newcomer());
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addCookies([{ name: "demo-account", value: id, url: demo.address }]);
  const complaints: string[] = [];
  context.on("weberror", (error) =>
    complaints.push(`page error: ${error.error().stack ?? error.error()}`),
  );
  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // Chromium reports every refusal and every lost connection. The tests check these themselves.
    if (/^Failed to load resource/.test(message.text())) return;
    complaints.push(`console ${message.type()}: ${message.text()}`);
  });

  return {
    id,
    context,
    complaints,
    async open(path = "/") {
      const page = await context.newPage();
      await page.goto(demo.address + path);
      return page;
    },
    leave: () => context.close(),
  };
}

/** Keeps a picture outside git, for people to look at. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync("artefacts/demo", { recursive: true });
  await page.screenshot({ path: `artefacts/demo/${name}.png`, fullPage: true });
}
