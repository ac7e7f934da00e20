import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { driveGates } from "./driveGates.mjs";
import { inBothModes } from "./inBothModes.mjs";
import { PAGE_MS } from "./processes.mjs";

/**
 * The app of `plain` has no `cacheComponents`: only then Next takes a route for the edge runtime or for a static one. Runs it
 * in development and as a build: the gates of one page, the edge runtime, a phone on the network, and two mistakes.
 *
 * @param {import("./inBothModes.mjs").Parts} parts
 */
export async function checkPlain({ check, stage, packages, browser, onEnd }) {
  const app = path.join(stage, "plain");
  cpSync(path.join(import.meta.dirname, "plain"), app, { recursive: true });
  for (const shared of ["layout.jsx", "providers.jsx", "gates"])
    cpSync(
      path.join(import.meta.dirname, "firstPaint/app", shared),
      path.join(app, "app", shared),
      { recursive: true },
    );
  symlinkSync(packages, path.join(app, "node_modules"));
  // The bridge of the Pages API route, from this repository: the quick start's app has none.
  for (const bridge of ["@hono/node-server", "hono"])
    cpSync(
      path.join(import.meta.dirname, "../../node_modules", bridge),
      path.join(packages, bridge),
      { recursive: true },
    );
  const config = { typescript: { ignoreBuildErrors: true }, turbopack: { root: stage } };
  writeFileSync(path.join(app, "next.config.mjs"), `export default ${JSON.stringify(config)};\n`);

  await inBothModes(
    { check, packages, onEnd, app, users: { ann: 100, cyd: 1000 } },
    async ({ mode, check, origin, server }) => {
      await driveRoutes({ check, origin });
      // A build renders the static route once, before its server starts.
      if (mode === "dev")
        check(
          "the console says so too",
          /ARES: .*force-static/.test(server.output()),
          server.output(),
        );
      await driveGates({ check, origin, browser });
    },
  );
}

/** @param {Pick<import("./inBothModes.mjs").Run, "check" | "origin">} run */
async function driveRoutes({ check, origin }) {
  const read = await ask(`${origin}/api/edge`);
  check(
    "the edge runtime reads the balance",
    read.status === 200 && read.body.user?.credits === 100,
    read,
  );
  const edge = await pay(`${origin}/api/edge`, origin);
  check("and charges", edge.status === 200 && edge.body.status === "charged", edge);

  // A phone opens the machine by its address. Next calls itself localhost all the same.
  const { port } = new URL(origin);
  const page = `http://127.0.0.1:${port}`;
  const pressed = await pay(`${page}/api/ares`, page);
  check(
    "a page by plain http under another name of the machine charges, without Sec-Fetch-Site",
    pressed.status === 200,
    pressed,
  );
  const other = await pay(`${page}/api/ares`, `http://evil.example:${port}`);
  check(
    "and another site's page does not",
    other.status === 403 && other.body.code === "origin_rejected",
    other,
  );

  const parsed = await pay(`${origin}/api/parsed`, origin);
  check(
    "behind a body parser the answer says what to change",
    /bodyParser: false/.test(parsed.body.message),
    parsed,
  );
  const still = await ask(`${origin}/api/still`);
  check(
    "in a static route nobody is signed in, and the answer says why",
    /force-static/.test(still.body.message),
    still,
  );
}

/** @param {string} url @param {RequestInit} [init] */
async function ask(url, init = {}) {
  const headers = { Cookie: "user=ann", ...init.headers };
  const answer = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(PAGE_MS) });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

/** @param {string} url @param {string} from */
function pay(url, from) {
  const headers = {
    "Content-Type": "application/json",
    "Idempotency-Key": `${Date.now()}-${crypto.randomUUID()}`,
    Origin: from,
  };
  return ask(url, { method: "POST", headers, body: JSON.stringify({ usage: "report" }) });
}
