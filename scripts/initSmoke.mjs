/**
 * Runs `ares-react init` in the fresh output of each framework's own starter, with the packed kit. What the command wrote
 * must change nothing in a second run, type-check, build, and charge at a press. Run after `npm run build`.
 *
 * Prints a line for each thing. A starter that can't be had here is named as skipped. `node scripts/initSmoke.mjs express`
 * walks only that one, and `STARTERS=<folder>` takes starters from `<folder>/<name>` in place of the registry's.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { freePort } from "../test/setup/freePort.mjs";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";
import { endAll, PAGE_MS, run, start } from "./nextSmoke/processes.mjs";

/**
 * @typedef {object} Starter
 * @property {string} name
 * @property {string[]} create the arguments of `npx`; the folder is called `app`
 * @property {string[][]} checks commands of the app's own packages
 * @property {string[][]} servers scripts of the app; the last one serves the page
 * @property {string} [page] without a page, the press is a POST
 * @property {Record<string, string>} [versions] in place of the starter's own, which may be older
 * @property {Record<string, string>} [more] files that the walk adds to the app
 * @property {string[]} [built] the script that serves the build
 */

const root = path.resolve(import.meta.dirname, "..");
const stage = mkdtempSync(path.join(tmpdir(), "ares-react-init-"));
const env = { NEXT_TELEMETRY_DISABLED: "1", npm_config_prefer_offline: "true" };
const next = {
  checks: [
    ["next", "typegen"],
    ["tsc", "--noEmit"],
    ["next", "build"],
  ],
  servers: [["dev", "--", "-p", "PORT"]],
  built: ["start", "--", "-p", "PORT"],
  page: "/ares",
  versions: { next: "16.4.6" },
};

/** The paid server component of docs/clerk.md, in an app that began with `init`. */
const paidPage = () =>
  /^\/\/ app\/reports\/\[id\]\/page\.tsx\n([\s\S]*?)^```/m
    .exec(readFileSync(path.join(root, "docs/clerk.md"), "utf8"))?.[1]
    ?.replace('usage="report"', 'usage="export-pdf"') ?? "";

/** @type {Starter[]} */
const starters = [
  {
    name: "next-app",
    create: ["create-next-app@latest", "app", "--yes", "--skip-install", "--disable-git"],
    ...next,
    more: { "app/reports/[id]/page.tsx": paidPage() },
  },
  {
    name: "next-pages",
    create: [
      "create-next-app@latest",
      "app",
      "--yes",
      "--ts",
      "--no-app",
      "--src-dir",
      "--skip-install",
      "--disable-git",
    ],
    ...next,
  },
  {
    name: "react-router",
    create: ["create-react-router@latest", "app", "--yes", "--no-install", "--no-git-init"],
    checks: [
      ["react-router", "typegen"],
      ["tsc", "--noEmit"],
      ["react-router", "build"],
    ],
    servers: [["dev", "--", "--port", "PORT", "--strictPort"]],
    page: "/ares",
  },
  {
    name: "vite-hono",
    create: ["create-vite@latest", "app", "--template", "react-ts", "--no-interactive"],
    checks: [
      ["tsc", "-b"],
      ["vite", "build"],
    ],
    servers: [["dev:api"], ["dev", "--", "--port", "PORT", "--strictPort"]],
    page: "/",
  },
  {
    name: "express",
    create: ["express-generator@latest", "--no-view", "app"],
    checks: [],
    servers: [["dev:ares"]],
  },
];

let failed = 0;
const asked = process.argv.slice(2);
try {
  const packed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", stage],
    { cwd: root, ms: 120_000 },
  );
  const tarball = path.join(stage, JSON.parse(packed.stdout)[0].filename);
  for (const starter of starters)
    if (asked.length === 0 || asked.includes(starter.name)) await walk(starter, tarball);
} finally {
  await endAll();
  rmSync(stage, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}
console.log(failed === 0 ? "init: passed" : `init: failed (${failed})`);
process.exit(failed === 0 ? 0 : 1);

/** @param {Starter} starter @param {string} tarball */
async function walk(starter, tarball) {
  const { name, checks, page, more, built } = starter;
  const began = Date.now();
  const home = path.join(stage, name);
  const app = path.join(home, "app");
  try {
    await putStarter(starter, home);
  } catch (error) {
    const why = String(error).trim().split("\n").at(-1)?.trim();
    console.log(`skipped ${name}: its starter can't be had here (${why})`);
    return;
  }
  try {
    await prepare(starter, app, tarball);
    await initTwice(name, app);
    await run("npm", ["install", "--no-audit", "--no-fund", "--no-progress"], within(app, 240_000));
    for (const [command = "", ...args] of checks) {
      await run(path.join(app, "node_modules/.bin", command), args, within(app, 240_000));
      check(`${name}: ${command} ${args.join(" ")}`, true);
    }

    const port = await freePort();
    const origin = `http://localhost:${page === undefined ? 3000 : port}`;
    await serve(starter.servers, app, port, origin + (page ?? "/api/ares"));
    if (page === undefined) await pressByHttp(name, origin);
    else await pressInChromium(name, origin + page);
    await askDoctor(name, app, origin, page ?? "");
    if (more) await pressForServerComponent(name, `${origin}/reports/42`);

    if (built) {
      await endAll();
      await serve([built], app, port, origin);
      await lookInProduction(name, origin + page);
    }
  } catch (error) {
    check(`${name}: the walk came to its end`, false, String(error));
  }
  await endAll();
  console.log(`        ${name} took ${Math.round((Date.now() - began) / 1000)} s`);
}

/** Where and how long a command of the walk runs. @param {string} cwd @param {number} ms */
function within(cwd, ms) {
  return { cwd, env, ms };
}

/** Puts the framework's own starter into `home/app`. @param {Starter} starter @param {string} home */
async function putStarter({ name, create }, home) {
  const own = path.join(process.env.STARTERS ?? "", name);
  if (process.env.STARTERS && existsSync(own))
    return cpSync(own, path.join(home, "app"), { recursive: true });
  cpSync(path.join(root, "LICENSE"), path.join(home, "LICENSE"));
  await run("npx", ["--yes", ...create], within(home, 120_000));
}

/** Makes the starter ready for the packed kit. @param {Starter} starter @param {string} app @param {string} tarball */
async function prepare({ versions = {}, more = {} }, app, tarball) {
  withoutGoogle(app);
  const dependencies = { ...versions, "ares-react": `file:${tarball}` };
  for (const [dependency, version] of Object.entries(dependencies))
    await run("npm", ["pkg", "set", `dependencies.${dependency}=${version}`], within(app, 30_000));
  for (const [file, text] of Object.entries(more)) {
    mkdirSync(path.dirname(path.join(app, file)), { recursive: true });
    writeFileSync(path.join(app, file), text);
  }
}

/** @param {string} name @param {string} app */
async function initTwice(name, app) {
  const words = [path.join(root, "dist/cli.js"), "init", "--yes"];
  const { output } = await run(process.execPath, words, within(app, 30_000));
  check(`${name}: init writes`, /new {5}/.test(output) && !output.includes("EXISTS"), output);
  const again = await run(process.execPath, words, within(app, 30_000));
  check(
    `${name}: a second run changes nothing`,
    again.output.includes("Nothing to write"),
    again.output,
  );
}

/**
 * Starts scripts of the app, and waits until the last one answers at `address`.
 *
 * @param {string[][]} scripts @param {string} app @param {number} port @param {string} address
 */
async function serve(scripts, app, port, address) {
  const started = scripts.map(([script = "", ...args]) => {
    const words = args.map((arg) => arg.replace("PORT", String(port)));
    return start("npm", ["run", script, ...words], { cwd: app, env });
  });
  await started.at(-1)?.answers(address, 90_000);
}

/**
 * The doctor reads what `init` wrote, and the app while the app runs.
 *
 * @param {string} name @param {string} app @param {string} origin @param {string} page
 */
async function askDoctor(name, app, origin, page) {
  const doctor = (/** @type {string[]} */ ...args) =>
    run(
      process.execPath,
      [path.join(app, "node_modules/ares-react/dist/cli.js"), "doctor", ...args],
      { cwd: app, env, ms: 120_000 },
    ).then(({ output }) => output, String);
  const module = await doctor();
  check(
    `${name}: the doctor reads the module that init wrote`,
    module.includes("ERROR    ARES: pretend() stands in"),
    module,
  );
  const cookie = await cookieOfSignIn(origin);
  const running = await doctor(origin + page, "--header", `Cookie: ${cookie}`);
  check(
    `${name}: the doctor charges once in the running app, and finds nothing to correct`,
    /charged once[\s\S]*No errors\./.test(running),
    running,
  );
}

/**
 * Next's starter asks Google for fonts, and a test must not.
 *
 * @param {string} app
 */
function withoutGoogle(app) {
  for (const file of ["app/layout.tsx", "src/pages/_app.tsx", "src/pages/index.tsx"].map((name) =>
    path.join(app, name),
  )) {
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8").replace(
      /import \{([^}]*)\} from "next\/font\/google";/,
      (_, names) =>
        names.replace(/(\w+),?/g, 'const $1 = (_: object) => ({ variable: "", className: "" });'),
    );
    writeFileSync(file, text);
  }
}

/**
 * A paid server component, on a page that was reloaded before.
 *
 * @param {string} name @param {string} address
 */
function pressForServerComponent(name, address) {
  return inChromium(address, async (page) => {
    await signIn(page);
    await page.getByRole("button", { name: /Unlock/ }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: /Unlock/ }).click();
    await page.getByText("The text of 42.").waitFor();
    check(
      `${name}: a paid server component comes after a press, also on a page that was reloaded`,
      true,
    );
  });
}

/**
 * A build that still pretends refuses, and offers nothing that can't work.
 *
 * @param {string} name @param {string} address
 */
function lookInProduction(name, address) {
  return inChromium(address, async (page) => {
    await page.locator('[data-ares-part=gate][data-status="unavailable"]').waitFor();
    const buttons = await page
      .locator("[data-ares-part=gate], [data-ares-part=balance]")
      .getByRole("button")
      .count();
    check(
      `${name}: a build that still pretends offers no button`,
      buttons === 0,
      await page.locator("body").innerText(),
    );
  });
}

/** @param {string} address @param {(page: import("playwright-core").Page) => Promise<void>} drive */
async function inChromium(address, drive) {
  const { executablePath, env: own } = await resolveChromium();
  const browser = await chromium.launch({
    executablePath,
    env: own,
    args: chromiumArgs,
    timeout: PAGE_MS,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PAGE_MS);
    await page.goto(address);
    await drive(page).catch(async (error) => {
      const seen = await page.locator("body").innerText();
      throw new Error(`${error}\nThe page ${page.url()} says: ${seen}`);
    });
  } finally {
    await browser.close();
  }
}

/** Goes the way to ARES by the gate's own button. @param {import("playwright-core").Page} page */
async function signIn(page) {
  await page.getByRole("button", { name: /^Sign in with ARES to unlock/ }).click();
  await page.getByRole("link", { name: "Allow" }).click();
}

/** @param {string} name @param {string} address */
function pressInChromium(name, address) {
  return inChromium(address, async (page) => {
    await signIn(page);
    await page.getByText("698").first().waitFor();
    check(`${name}: the way to ARES leads back to the page`, page.url() === address, page.url());
    await page.getByRole("button", { name: /Unlock/ }).click();
    await page.getByText("It works.").waitFor();
    await page.getByText("697").first().waitFor();
    check(`${name}: a press charges one credit, and opens the gate`, true);
    check(
      `${name}: the page says that it pretends`,
      (await page.locator("#ares-pretend").count()) === 1,
    );
  });
}

/** @param {string} name @param {string} origin */
async function pressByHttp(name, origin) {
  const headers = {
    Cookie: await cookieOfSignIn(origin),
    Origin: origin,
    "Content-Type": "application/json",
  };
  const body = JSON.stringify({ usage: "export-pdf" });
  for (const limit = Date.now() + PAGE_MS; ; ) {
    const key = `${Date.now()}-${"0123456789abcdef"}`;
    const answer = await fetch(`${origin}/api/ares`, {
      method: "POST",
      headers: { ...headers, "Idempotency-Key": key },
      body,
    });
    const { code } = await answer.json();
    // A new ledger refuses the keys of its first two seconds.
    if (code === "ledger_reset" && Date.now() < limit) continue;
    check(
      `${name}: a POST charges`,
      answer.status === 200 && answer.headers.get("Ares-Pretend") === "1",
      code,
    );
    break;
  }
  const read = await (await fetch(`${origin}/api/ares`, { headers })).json();
  check(`${name}: 697 credits are left`, read.user?.credits === 697, read);
}

/**
 * Goes the way to ARES as a browser does, and presses "Allow". Resolves to the cookies of the signed-in user.
 *
 * @param {string} origin
 */
async function cookieOfSignIn(origin) {
  /** @param {string} address @param {string} [Cookie] */
  const open = (address, Cookie = "") =>
    fetch(address, { headers: { Cookie }, redirect: "manual" });
  /** @param {Response} response */
  const cookiesOf = ({ headers }) =>
    headers
      .getSetCookie()
      .map((line) => line.split(";")[0] ?? "")
      .join("; ");
  const started = await open(`${origin}/api/ares/connect?return=/api/ares`);
  const consent = `${started.headers.get("Location")}&decision=allow`;
  const decided = await open(consent);
  const returned = await open(decided.headers.get("Location") ?? "", cookiesOf(started));
  check("the way to ARES leads back", returned.headers.get("Location") === `${origin}/api/ares`);
  return cookiesOf(returned);
}

/** @param {string} title @param {boolean} ok @param {unknown} [seen] */
function check(title, ok, seen) {
  if (!ok) failed += 1;
  console.log(
    ok
      ? `ok      ${title}`
      : `not ok  ${title}\n        ${String(typeof seen === "string" ? seen : JSON.stringify(seen)).slice(-3000)}`,
  );
}
