/**
 * `npm run bench:page` measures a page with many gates and readers in Chromium: React's production build, the built
 * package, and a plain external store in the same run. Prints renders, requests and ratios, the figure of the kit's first state beside the new one.
 *
 * The ratios are for people to read. A busy machine changes them, so no check of CI depends on them.
 */
import path from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "../chromium.mjs";

/** What the first state took, and what is to be reached, in the order of the report. */
const renderGoals = [
  { old: "all", goal: "0" },
  { old: "all", goal: "0" },
  { old: "all", goal: "0" },
  { old: "2000", goal: "0" },
  { old: "1000", goal: "0" },
  { old: "", goal: "0" },
  { old: "", goal: "" },
  { old: "", goal: "" },
  { old: "", goal: "" },
  { old: "101", goal: "3" },
  { old: "1001", goal: "12" },
];
const timeGoals = [
  { old: "3.7–5.5", goal: "≤ 1.25" },
  { old: "19–47", goal: "≤ 5" },
  { old: "", goal: "" },
  { old: "", goal: "about 1" },
  { old: "2.2", goal: "≤ 1.2" },
];

const dist = path.resolve("dist");
const bundle = await build({
  entryPoints: ["scripts/bench/page/page.tsx"],
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
  await tab.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
  /** @type {import("./page/page").PageReport} */
  const report = await tab.evaluate("page.bench()");

  console.log("| renders after, or requests | first | now | goal |");
  console.log("|---|---|---|---|");
  report.renders.forEach(({ what, count }, index) => {
    const { old = "", goal = "" } = renderGoals[index] ?? {};
    console.log(`| ${what} | ${old} | ${count} | ${goal} |`);
  });
  console.log(
    "\n| time against the plain store | plain ms | now ms | first ratio | ratio now | goal |",
  );
  console.log("|---|---|---|---|---|---|");
  report.times.forEach(({ what, plain, ares }, index) => {
    const { old = "", goal = "" } = timeGoals[index] ?? {};
    console.log(
      `| ${what} | ${plain.toFixed(2)} | ${ares.toFixed(2)} | ${old} | ${(ares / plain).toFixed(2)} | ${goal} |`,
    );
  });
} finally {
  await browser.close();
}
