/**
 * Builds examples/next, the quick start of docs/clerk.md, with the real Next.js, the real @clerk/nextjs and the packed kit.
 * Drives the app by HTTP and in Chromium. Around the app are the pretend ARES, the fakes of Clerk's two APIs and its
 * own PostgreSQL. Run after `npm run build`. The last line says passed or failed.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { createAresSimulator } from "../dist/testing.js";
import { buildClerkFake } from "../test/clerk/fake/build.mjs";
import { installClerkScripts } from "../test/clerk/scripts/install.mjs";
import { freePort } from "../test/setup/freePort.mjs";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";
import { checkColours } from "./nextSmoke/colours.mjs";
import { checkConnected } from "./nextSmoke/connected.mjs";
import { driveByHttp } from "./nextSmoke/driveByHttp.mjs";
import { driveInChromium } from "./nextSmoke/driveInChromium.mjs";
import { checkFirstPaint } from "./nextSmoke/firstPaint.mjs";
import { checkMigrated } from "./nextSmoke/migrated.mjs";
import { checkPlain } from "./nextSmoke/plain.mjs";
import { servePostgres } from "./nextSmoke/pretendPostgres.mjs";
import { listen, pretendClerk } from "./nextSmoke/pretendServices.mjs";
import { endAll, PAGE_MS, run, start } from "./nextSmoke/processes.mjs";
import { missingLines } from "./nextSmoke/quickStart.mjs";

const root = path.resolve(import.meta.dirname, "..");
const example = path.join(root, "examples", "next");
const stage = mkdtempSync(path.join(tmpdir(), "ares-react-next-"));
const app = path.join(stage, "app");
const next = path.join(app, "node_modules", "next", "dist", "bin", "next");

let failed = 0;
let ending = false;
/** @type {(() => unknown)[]} */
const ends = [];
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.on(signal, () => end(signal));
// Every wait has a limit. This last limit ends a run that hangs all the same.
setTimeout(() => end("it took longer than 1700 s"), 1_700_000).unref();

await smoke().then(
  () => end(),
  (error) => end(error instanceof Error ? error.stack : String(error)),
);

async function smoke() {
  // A developer may have tried the example in place. Their packages, build and keys are left out.
  cpSync(example, app, {
    recursive: true,
    filter: (file) => !/[\\/](node_modules|\.next|\.env[^\\/]*|[^\\/]*\.tgz)$/.test(file),
  });
  const read = (/** @type {string} */ page) => readFileSync(path.join(root, "docs", page), "utf8");
  const others = readdirSync(path.join(root, "docs")).filter(
    (page) => page.endsWith(".md") && page !== "clerk.md" && page !== "migrate.md",
  );
  const missing = missingLines(read("clerk.md"), others.map(read), app);
  check(
    "the example is the quick start of docs/clerk.md, line by line",
    missing.length === 0,
    missing,
  );

  const origin = `http://localhost:${await freePort()}`;
  const ares = createAresSimulator({ users: { ann: 698, bob: 50 } });
  await installClerkScripts();
  const users = [
    { id: "user_ann", ares: ares.tokenOf("ann") },
    { id: "user_bob", ares: ares.tokenOf("bob") },
    { id: "user_new" },
  ];
  const { createClerkFake } = await import(await buildClerkFake(stage));
  const clerk = await createClerkFake({ origin, users });
  const aresServer = await listen(ares.serve);
  const clerkServer = await listen(pretendClerk(clerk, { userId: "user_bob", origin }));
  const postgres = await servePostgres();
  ends.push(aresServer.close, clerkServer.close, postgres.close);

  const env = {
    CLERK_SECRET_KEY: clerk.secretKey,
    CLERK_JWT_KEY: clerk.jwtKey,
    ARES_CLIENT_ID: "next-smoke-client",
    DATABASE_URL: postgres.url,
    APP_ORIGIN: origin,
    CLERK_API_URL: clerkServer.url,
    ARES_BASE_URL: aresServer.url,
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
    NEXT_PUBLIC_CLERK_PROXY_URL: `${clerkServer.url}/__clerk`,
    NEXT_PUBLIC_CLERK_JS_URL: `${clerkServer.url}/clerk-js/clerk.browser.js`,
    NEXT_PUBLIC_CLERK_SIGN_IN_URL: `${clerkServer.url}/sign-in`,
    NEXT_PUBLIC_CLERK_PREFETCH_UI: "false",
    NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
    NEXT_PUBLIC_CLERK_UNSAFE_DISABLE_DEVELOPMENT_MODE_CONSOLE_WARNING: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
  };

  const packed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", stage],
    { cwd: root, ms: 120_000 },
  );
  cpSync(path.join(stage, JSON.parse(packed.stdout)[0].filename), path.join(app, "ares-react.tgz"));
  const options = [
    "--no-package-lock",
    "--include=dev",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--prefer-offline",
  ];
  await timed("npm install", () => run("npm", ["install", ...options], { cwd: app, ms: 400_000 }));

  const built = await timed("next build", () =>
    run(process.execPath, [next, "build"], { cwd: app, env, ms: 400_000 }),
  );
  check(
    "next build complains neither of ares-react nor of the edge runtime",
    !/ares-react|edge runtime/i.test(built.output),
    built.output,
  );
  checkBundles([clerk.secretKey, env.ARES_CLIENT_ID, postgres.url]);

  const server = start(
    process.execPath,
    [next, "start", "-H", "localhost", "-p", new URL(origin).port],
    { cwd: app, env },
  );
  await timed("next start", () => server.answers(origin, PAGE_MS));
  await driveByHttp({ check, origin, ares, clerk, postgres });
  await driveInChromium({
    check,
    origin,
    ares,
    onEnd: (close) => void ends.push(close),
  });
  await checkColours({
    check,
    stage,
    packages: path.join(app, "node_modules"),
    onEnd: (close) => void ends.push(close),
  });
  const { executablePath, env: chromiumEnv } = await resolveChromium();
  const browser = await chromium.launch({
    executablePath,
    env: chromiumEnv,
    args: chromiumArgs,
    timeout: PAGE_MS,
  });
  ends.push(() => browser.close());
  const parts = {
    check,
    stage,
    packages: path.join(app, "node_modules"),
    browser,
    onEnd: (/** @type {() => unknown} */ close) => void ends.push(close),
  };
  await checkFirstPaint(parts);
  await checkPlain(parts);
  await checkConnected(parts);
  await checkOlderNext(parts);
  check(
    "the server printed no error and no warning",
    !/error|warn|⨯|⚠/i.test(server.output()),
    server.output(),
  );
  await server.end();
  await checkMigrated({ ...parts, quickStart: app, env, ares });
}

/**
 * The last version of the Next before, without Clerk and without the configuration of today.
 *
 * @param {import("./nextSmoke/inBothModes.mjs").Parts} parts
 */
async function checkOlderNext(parts) {
  const older = path.join(stage, "older");
  mkdirSync(older);
  const { dependencies } = JSON.parse(readFileSync(path.join(app, "package.json"), "utf8"));
  const { react, "react-dom": dom, "@tanstack/react-query": query } = dependencies;
  const wanted = {
    next: "15.5.29",
    react,
    "react-dom": dom,
    "@tanstack/react-query": query,
    "ares-react": `file:${path.join(app, "ares-react.tgz")}`,
  };
  writeFileSync(
    path.join(older, "package.json"),
    JSON.stringify({ name: "older", private: true, dependencies: wanted }),
  );
  const options = [
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--prefer-offline",
  ];
  await timed("npm install of Next 15.5", () =>
    run("npm", ["install", ...options], { cwd: older, ms: 400_000 }),
  );
  const told = (
    /** @type {string} */ title,
    /** @type {boolean} */ ok,
    /** @type {unknown} */ seen,
  ) => check(`Next 15.5, ${title}`, ok, seen);
  await checkPlain({
    ...parts,
    check: told,
    stage: older,
    packages: path.join(older, "node_modules"),
  });
}

/**
 * Checks that no file for the browser holds a secret of the server.
 *
 * @param {string[]} settings
 */
function checkBundles(settings) {
  const words = ["ares_charges", "/v1/partner/usage", "oauth_access_tokens"];
  for (const word of words)
    check(`the server's files hold ${word}`, filesWith(".next/server", word).length > 0);
  for (const word of [...words, ...settings]) {
    const files = filesWith(".next/static", word);
    check(`the browser's files do not hold ${word.slice(0, 24)}`, files.length === 0, files);
  }
}

/** @param {string} folder @param {string} word */
function filesWith(folder, word) {
  const entries = readdirSync(path.join(app, folder), {
    recursive: true,
    withFileTypes: true,
  }).filter((entry) => entry.isFile());
  return entries
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file, "utf8").includes(word));
}

/**
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 */
async function timed(what, work) {
  const began = Date.now();
  const result = await work();
  check(`${what} (${Math.round((Date.now() - began) / 1000)} s)`, true);
  return result;
}

/** @param {string} title @param {boolean} ok @param {unknown} [seen] */
function check(title, ok, seen) {
  if (!ok) failed += 1;
  const details = typeof seen === "string" ? seen : JSON.stringify(seen);
  console.log(ok ? `ok      ${title}` : `not ok  ${title}\n        ${details?.slice(-4000)}`);
}

/** @param {string} [trouble] */
async function end(trouble) {
  if (ending) return;
  ending = true;
  if (trouble !== undefined) check("the walk came to its end", false, trouble);
  await endAll();
  for (const close of ends.reverse())
    await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  rmSync(stage, { recursive: true, force: true, maxRetries: 5 });
  console.log(
    failed === 0 ? "Next.js with Clerk: passed" : `Next.js with Clerk: failed (${failed})`,
  );
  process.exit(failed === 0 ? 0 : 1);
}
