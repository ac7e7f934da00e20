import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  cases,
  coloursIn,
  computeTokens,
  putOn,
  toHex,
  tokens,
} from "../../../scripts/colours/colours.mjs";
import { buildColourPage } from "../buildColourPage";
import { type Engine, type EngineBrowser, engines, type Look } from "./engines";

const Texts = z.array(z.string());
const unlock = `//*[@data-ares-part="unlock"]`;
const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

let folder: string;
let address: string;
const server = createServer(({ url = "/" }, response) => {
  if (url.startsWith("/api/")) {
    response.setHeader("Content-Type", "application/json");
    return void response.end(JSON.stringify({ user: { credits: 698 }, prices: { report: 3 } }));
  }
  const file = path.join(folder, "dist", url === "/" ? "index.html" : url);
  // Browsers ask for an icon too.
  if (!existsSync(file)) return void response.writeHead(404).end();
  response.setHeader("Content-Type", types[path.extname(file)] ?? "text/plain");
  response.end(readFileSync(file));
});

beforeAll(async () => {
  folder = await buildColourPage({ cssMinify: "lightningcss" });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const where = server.address();
  address = `http://localhost:${typeof where === "object" && where ? where.port : 0}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the production page in one engine and one look, and runs the work in it. */
async function shown<T>(
  engine: Engine,
  look: Look,
  work: (tab: EngineBrowser["first"]) => Promise<T>,
): Promise<T> {
  const browser = await engine.start(look);
  try {
    await browser.first.open(address);
    await browser.first.see(unlock);
    // A colour that fades can't be read half-way.
    await browser.first.ask(() => {
      const style = document.createElement("style");
      style.textContent = "* { transition: none !important; animation: none !important }";
      document.head.append(style);
    });
    return await work(browser.first);
  } finally {
    await browser.quit();
  }
}

describe.each(engines)("in %s,", (_, engine) => {
  const { name, missing, looks } = engine;

  it.skipIf(missing.length > 0).each(["light", "dark"] as const)(
    "a production page has its colours on a %s system, however its app names a color-scheme",
    async (preference) => {
      const readings = await shown(engine, preference, async (tab) => {
        const seen = [];
        for (const each of cases) {
          await tab.ask(putOn, { root: each.root ?? {}, island: each.island ?? {} });
          const button = await tab.ask(() => {
            const element = document.querySelector("[data-ares-part=unlock]");
            const style = element && getComputedStyle(element);
            return [style?.backgroundColor, style?.color];
          });
          const all = await tab.ask(computeTokens, Object.keys(tokens));
          const [ground, text, ...rest] = Texts.parse(
            await tab.ask(toHex, [...Texts.parse(button), ...Texts.parse(all)]),
          );
          seen.push({
            name: each.name,
            ground,
            text,
            ...Object.fromEntries(Object.keys(tokens).map((token, i) => [token, rest[i]])),
          });
        }
        await tab.photograph(`${name}-production-${preference}`);
        return seen;
      });

      expect(readings).toEqual(
        cases.map((each) => ({ name: each.name, ...coloursIn(each.looks(preference)) })),
      );
    },
  );

  it.skipIf(missing.length > 0 || !looks.includes("forced"))(
    "in forced colours, Unlock keeps an edge and the user's own colours",
    async () => {
      const seen = await shown(engine, "forced", async (tab) => {
        await tab.photograph(`${name}-forced`);
        return tab.ask(() => {
          const element = document.querySelector("[data-ares-part=unlock]");
          const style = element && getComputedStyle(element);
          const probe = document.createElement("button");
          document.body.append(probe);
          const own = getComputedStyle(probe);
          return {
            forced: matchMedia("(forced-colors: active)").matches,
            edge: style?.borderTopStyle,
            ground: style?.backgroundColor === own.backgroundColor,
            text: style?.color === own.color,
          };
        });
      });

      expect(seen).toEqual({ forced: true, edge: "solid", ground: true, text: true });
    },
  );
});
