/**
 * A page with many gates and readers in Chromium: React's production build, the built package, and a plain external store in the same run.
 */
import path from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "../chromium.mjs";
import { root } from "./rivals.mjs";

const dist = path.join(root, "dist");

/** @returns {Promise<import("./page/page").PageReport>} */
export async function measure() {
  const { executablePath, env } = await resolveChromium();
  const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
  try {
    // A balance that counts shows the new amount late.
    const tab = await browser.newPage({ reducedMotion: "reduce" });
    // The kit needs an origin with storage and crypto. Nothing listens there.
    await tab.route("**/*", (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>bench</title>" }),
    );
    tab.on("pageerror", (error) => console.error(error));
    await tab.goto("http://localhost/");
    await tab.addScriptTag({ content: await bundle() });
    return await tab.evaluate("page.bench()");
  } finally {
    await browser.close();
  }
}

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, "page/page.tsx")],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    globalName: "page",
    jsx: "automatic",
    tsconfigRaw: {},
    define: { "process.env.NODE_ENV": '"production"' },
    alias: {
      "ares-react": path.join(dist, "index.js"),
      "ares-react/testing": path.join(dist, "testing.js"),
      "ares-react/server": path.join(dist, "server.js"),
    },
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}
