import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { createAresSimulator } from "../../dist/testing.js";
import { freePort } from "../../test/setup/freePort.mjs";
import { driveGates } from "./driveGates.mjs";
import { listen } from "./pretendServices.mjs";
import { PAGE_MS, run, start } from "./processes.mjs";

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} stage a folder of this run's own
 * @property {string} packages the node_modules that next and ares-react are installed in
 * @property {import("playwright-core").Browser} browser
 * @property {(close: () => unknown) => void} onEnd
 */

/**
 * The app of `plain` has no `cacheComponents`: only then Next takes a route for the edge runtime or for a static one. Runs it
 * in development and as a build: the gates of one page, the edge runtime, a phone on the network, and two mistakes.
 *
 * @param {Parts} parts
 */
export async function checkPlain({ check, stage, packages, browser, onEnd }) {
  const app = path.join(stage, "plain");
  cpSync(path.join(import.meta.dirname, "plain"), app, { recursive: true });
  for (const shared of ["layout.jsx", "providers.jsx", "gates"])
    cpSync(path.join(import.meta.dirname, "firstPaint/app", shared), path.join(app, "app", shared), { recursive: true });
  symlinkSync(packages, path.join(app, "node_modules"));
  // The bridge of the Pages API route, from this repository: the quick start's app has none.
  for (const bridge of ["@hono/node-server", "hono"])
    cpSync(path.join(import.meta.dirname, "../../node_modules", bridge), path.join(packages, bridge), { recursive: true });
  const config = { typescript: { ignoreBuildErrors: true }, turbopack: { root: stage } };
  writeFileSync(path.join(app, "next.config.mjs"), `export default ${JSON.stringify(config)};\n`);

  const next = path.join(packages, "next", "dist", "bin", "next");
  for (const mode of /** @type {const} */ (["dev", "start"])) {
    const ares = createAresSimulator({ users: { ann: 100, cyd: 1000 } });
    const aresServer = await listen(ares.serve);
    onEnd(aresServer.close);
    const env = {
      ARES_BASE_URL: aresServer.url,
      TOKEN_ANN: ares.tokenOf("ann"),
      TOKEN_CYD: ares.tokenOf("cyd"),
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: mode === "dev" ? "development" : "production",
    };
    if (mode === "start") await run(process.execPath, [next, "build"], { cwd: app, env, ms: 300_000 });
    const port = String(await freePort());
    const origin = `http://localhost:${port}`;
    const server = start(process.execPath, [next, mode, "-H", "0.0.0.0", "-p", port], { cwd: app, env });
    await server.answers(`${origin}/api/ares`, 60_000);
    const told = (/** @type {string} */ title, /** @type {boolean} */ ok, /** @type {unknown} */ seen) =>
      check(`${mode}: ${title}`, ok, seen);
    await driveRoutes({ check: told, origin, port });
    // A build renders the static route once, before its server starts.
    if (mode === "dev") told("the console says so too", /ARES: .*force-static/.test(server.output()), server.output());
    await driveGates({ check: told, origin, browser });
    await server.end();
  }
}

/** @param {{ check: Parts["check"], origin: string, port: string }} parts */
async function driveRoutes({ check, origin, port }) {
  const read = await ask(`${origin}/api/edge`);
  check("the edge runtime reads the balance", read.status === 200 && read.body.user?.credits === 100, read);
  const edge = await pay(`${origin}/api/edge`, origin);
  check("and charges", edge.status === 200 && edge.body.status === "charged", edge);

  const lan = lanAddress();
  if (lan === undefined) console.log("skipped a page on another address of this machine: there is none");
  else {
    const page = `http://${lan}:${port}`;
    const pressed = await pay(`${page}/api/ares`, page);
    check("a page by plain http on the network charges, without Sec-Fetch-Site", pressed.status === 200, pressed);
    const other = await pay(`${page}/api/ares`, `http://evil.example:${port}`);
    check("and another site's page does not", other.status === 403 && other.body.code === "origin_rejected", other);
  }

  const parsed = await pay(`${origin}/api/parsed`, origin);
  check("behind a body parser the answer says what to change", /bodyParser: false/.test(parsed.body.message), parsed);
  const still = await ask(`${origin}/api/still`);
  check("in a static route nobody is signed in, and the answer says why", /force-static/.test(still.body.message), still);
}

/** @param {string} url @param {RequestInit} [init] */
async function ask(url, init = {}) {
  const headers = { Cookie: "user=ann", ...init.headers };
  const answer = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(PAGE_MS) });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

/** @param {string} url @param {string} from */
function pay(url, from) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": `${Date.now()}-${crypto.randomUUID()}`, Origin: from };
  return ask(url, { method: "POST", headers, body: JSON.stringify({ usage: "report" }) });
}

/** The address of this machine for others, as a phone would open it. */
function lanAddress() {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
