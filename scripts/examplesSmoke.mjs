/**
 * Builds and starts each small example with the packed kit, as its README says. Drives it by HTTP and in Chromium. A
 * pretend ARES over HTTP stands behind it. Run after `npm run build`. `node scripts/examplesSmoke.mjs express vite-hono` drives only those.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serve } from "@hono/node-server";
import { chromium } from "playwright-core";
import { createAresSimulator, dropHeader } from "../dist/testing.js";
import { freePort } from "../test/setup/freePort.mjs";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";
import { tokens, unlockColours } from "./colours/colours.mjs";
import { endAll, PAGE_MS, run, start } from "./nextSmoke/processes.mjs";

const root = path.resolve(import.meta.dirname, "..");
const stage = mkdtempSync(path.join(tmpdir(), "ares-react-examples-"));
/** The example of Clerk on Next.js has a walk of its own: `npm run test:next`. */
const names = readdirSync(path.join(root, "examples"))
  .filter(
    (name) => name !== "next" && existsSync(path.join(root, "examples", name, "package.json")),
  )
  .filter((name) => process.argv.length < 3 || process.argv.includes(name));
let failed = 0;

const packed = await run(
  "npm",
  ["pack", "--json", "--ignore-scripts", "--pack-destination", stage],
  { cwd: root, ms: 120_000 },
);
for (const name of names) {
  const began = Date.now();
  const ares = createAresSimulator({ users: { ann: 698, bob: 2 } });
  const server = await listen(ares);
  try {
    await drive(name, ares, server.url);
  } catch (error) {
    check(`${name}: the walk came to its end`, false, String(error));
  }
  await endAll();
  server.close();
  console.log(`        ${name} took ${Math.round((Date.now() - began) / 1000)} s`);
}
rmSync(stage, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
console.log(failed === 0 ? "examples: passed" : `examples: failed (${failed})`);
process.exit(failed === 0 ? 0 : 1);

/** @param {string} name @param {import("../src/testing").AresSimulator} ares @param {string} aresUrl */
async function drive(name, ares, aresUrl) {
  const app = path.join(stage, name);
  cpSync(path.join(root, "examples", name), app, {
    recursive: true,
    filter: (file) => !/[\\/](node_modules|dist|[^\\/]*\.(tgz|sqlite))$/.test(file),
  });
  cpSync(path.join(stage, JSON.parse(packed.stdout)[0].filename), path.join(app, "ares-react.tgz"));
  await run(
    "npm",
    [
      "install",
      "--no-package-lock",
      "--no-audit",
      "--no-fund",
      "--no-progress",
      "--prefer-offline",
    ],
    {
      cwd: app,
      ms: 400_000,
    },
  );
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  // One example has its endpoint on another origin than its page.
  const apiPort = name === "vite-react18" ? await freePort() : port;
  const api = `http://localhost:${apiPort}`;
  const env = {
    NODE_ENV: "production",
    PORT: String(port),
    API_PORT: String(apiPort),
    PAGE_ORIGIN: origin,
    ARES_BASE_URL: aresUrl,
    ARES_TIMEOUT_MS: "2000",
    ARES_TOKENS: JSON.stringify({ ann: ares.tokenOf("ann"), bob: ares.tokenOf("bob") }),
  };
  if (name === "desk") return deskByHttp(name, { app, env, origin });
  await run("npm", ["run", "build"], {
    cwd: app,
    env: { VITE_API: api, NEXT_TELEMETRY_DISABLED: "1" },
    ms: 400_000,
  });
  const server = start("npm", ["start"], { cwd: app, env });
  await server.answers(origin, PAGE_MS);
  await server.answers(api, PAGE_MS);
  await byHttp(name, { origin, api }, ares);
  await inChromium(name, origin, ares);
  await byDoctor(name, { app, env, origin: api }, ares);
  // workerd itself tells of each connection that a browser or ARES closed.
  const printed = server.output().replace(/^(workerd\/.*disconnected|stack:).*$/gm, "");
  check(`${name}: the server printed no error`, !/error|warn/i.test(printed), printed);
}

/**
 * The desk opens the book of the Express example. `test/browser/desk` presses its buttons.
 *
 * @param {string} name @param {{ app: string, env: Record<string, string>, origin: string }} place
 */
async function deskByHttp(name, { app, env, origin }) {
  const made = execFileSync("npm", ["run", "--silent", "operator", "ada"], {
    cwd: app,
    input: "a password\n",
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const [, operators = ""] = /^DESK_OPERATORS='(.*)'$/m.exec(made) ?? [];
  execFileSync(process.execPath, ["node_modules/ares-react/dist/cli.js", "setup", "ares.js"], {
    cwd: app,
    env: { ...process.env, ...env },
  });
  const desk = { ...env, DESK_OPERATORS: operators, DESK_SECRET: "a secret of this walk" };
  const server = start("npm", ["start"], { cwd: app, env: desk });
  await server.answers(origin, PAGE_MS);
  const entered = await fetch(`${origin}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: origin },
    body: new URLSearchParams({ name: "ada", password: "a password" }),
  });
  const Cookie = entered.headers.get("Set-Cookie")?.split(";")[0] ?? "";
  const list = await (await fetch(origin, { headers: { Cookie } })).text();
  check(
    `${name}: an operator signs in and sees the list`,
    /No charge is unconfirmed/.test(list),
    list,
  );
  check(`${name}: nobody else does`, (await fetch(origin)).status === 401);
}

/** @param {string} name @param {{ origin: string, api: string }} site @param {import("../src/testing").AresSimulator} ares */
async function byHttp(name, { origin, api }, ares) {
  const ann = await client(origin, api, "ann");
  const bob = await client(origin, api, "bob");
  const nobody = await client(origin, api);
  check(`${name}: signed out`, (await nobody.get("/api/ares")).code === "not_signed_in");
  check(`${name}: the balance`, (await ann.get("/api/ares")).user?.credits === 698);

  // A new ledger refuses the keys of its first two seconds, and says when it takes one.
  let poor = await bob.pay({ usage: "report", resource: "r" }, key());
  while (poor.code === "ledger_reset") {
    await new Promise((resolve) => setTimeout(resolve, (poor.retryAfterSeconds ?? 1) * 1000));
    poor = await bob.pay({ usage: "report", resource: "r" }, key());
  }
  check(`${name}: too few credits`, poor.code === "insufficient_credits", poor);

  const first = key();
  const charged = await ann.pay({ usage: "export-pdf" }, first);
  const replayed = await ann.pay({ usage: "export-pdf" }, first);
  check(`${name}: one charge`, charged.status === 200 && charged.replayed === "false", charged);
  check(
    `${name}: its replay charges nothing`,
    replayed.status === 200 && replayed.replayed === "true" && ares.charges.length === 1,
    replayed,
  );

  const work = await ann.post("/api/export", key(), undefined);
  check(
    `${name}: charge and work in one request`,
    work.status === 200 && ares.charges.length === 2,
    work,
  );
  check(
    `${name}: an unpaid report is refused`,
    (await ann.get("/api/reports/r-1")).code === "payment_required",
  );
  await ann.pay({ usage: "report", resource: "r-1" }, key());
  check(`${name}: a paid report is served`, (await ann.get("/api/reports/r-1")).report === "r-1");

  ares.fail("drop-after-charge");
  const lost = key();
  const unknown = await ann.pay({ usage: "export-pdf" }, lost);
  const again = await ann.pay({ usage: "export-pdf" }, lost);
  check(
    `${name}: a lost answer is unknown, and is never sent again`,
    unknown.code === "outcome_unknown" && again.code === "outcome_unknown",
    unknown,
  );
  check(`${name}: ARES was asked once`, ares.charges.length === 4, ares.charges.length);

  const foreign = await fetch(`${api}/api/ares`, {
    method: "POST",
    headers: {
      ...ann.headers,
      Origin: "https://evil.example",
      "Content-Type": "application/json",
      "Idempotency-Key": key(),
    },
    body: JSON.stringify({ usage: "export-pdf" }),
  });
  check(`${name}: another site is refused`, (await foreign.json()).code === "origin_rejected");
}

/** @param {string} name @param {string} origin @param {import("../src/testing").AresSimulator} ares */
async function inChromium(name, origin, ares) {
  const before = ares.charges.length;
  const { executablePath, env } = await resolveChromium();
  const browser = await chromium.launch({
    executablePath,
    env,
    args: chromiumArgs,
    timeout: PAGE_MS,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PAGE_MS);
    await page.goto(origin);
    await page
      .getByRole("button", { name: /Sign in/ })
      .first()
      .click();
    const unlock = (/** @type {number} */ id) =>
      page.getByRole("button", { name: `Unlock Report ${id} ·` });
    const paid = (/** @type {number} */ id) => page.getByText(`The text of report ${id}.`);
    const forSale = () => page.locator("[data-status=locked]");
    await unlock(1).waitFor();
    const colours = await unlockColours(page);
    check(
      `${name}: the build kept the colours`,
      colours.ground === tokens["--ares-accent"][0] && colours.text === "#ffffff",
      colours,
    );
    for (const id of [2, 4]) {
      await unlock(id).click();
      await paid(id).waitFor();
    }
    await page.reload();
    for (const id of [2, 4]) await paid(id).waitFor();
    for (const id of [1, 3, 5]) await unlock(id).waitFor();
    check(
      `${name}: of five gates the two that were paid are open after a reload, for one charge each`,
      ares.charges.length === before + 2 && (await forSale().count()) === 3,
      { charges: ares.charges.length - before, forSale: await forSale().count() },
    );
    await page.getByRole("button", { name: /Export/ }).click();
    await page.getByText("Exported.").waitFor();
    check(
      `${name}: the button of the endpoint behind withCharge charges once`,
      ares.charges.length === before + 3,
    );
    if (name === "next-app") await serverComponents(name, page, origin, ares);
    check(
      `${name}: no banner of a pretend ARES`,
      (await page.locator("#ares-pretend").count()) === 0,
    );
  } finally {
    await browser.close();
  }
}

/**
 * The doctor finds nothing to correct, in the running app and in its module.
 *
 * @param {string} name @param {{ app: string, env: Record<string, string>, origin: string }} place @param {import("../src/testing").AresSimulator} ares
 */
async function byDoctor(name, { app, env, origin }, ares) {
  const doctor = (/** @type {string[]} */ ...args) =>
    run(process.execPath, ["node_modules/ares-react/dist/cli.js", "doctor", ...args], {
      cwd: app,
      env,
      ms: 120_000,
    }).then(({ output }) => output, String);
  const before = ares.charges.length;
  const { headers } = await client(origin, origin, "ann");
  const running = await doctor(
    name === "vite-react18" ? `${origin}/api/ares` : origin,
    "--spend",
    "1",
    "--header",
    `Cookie: ${headers.Cookie}`,
  );
  check(
    `${name}: the doctor charges one credit in the running app, and finds no error`,
    /charged once[\s\S]*No errors/.test(running),
    running,
  );
  check(`${name}: and only one`, ares.charges.length === before + 1, ares.charges.length - before);
  // A Worker's server is made from the bindings of a request, so there is no module to read.
  if (name === "workers") return;
  const module = await doctor();
  check(
    `${name}: the doctor reads the app's module, and finds no error`,
    /ledger: durable[\s\S]*No errors/.test(module),
    module,
  );
}

/**
 * What only the App Router has: a paid server component, and a server action that keeps its key.
 *
 * @param {string} name @param {import("playwright-core").Page} page @param {string} origin @param {import("../src/testing").AresSimulator} ares
 */
async function serverComponents(name, page, origin, ares) {
  const before = ares.charges.length;
  const early = await page.goto(`${origin}/reports/r-7`);
  const sent = (await early?.text()) ?? "";
  await page.getByRole("button", { name: /Unlock/ }).click();
  await page.getByText("The text of r-7.").waitFor();
  check(
    `${name}: nothing of a paid server component is sent before the payment`,
    !sent.includes("The text of") && ares.charges.length === before + 1,
  );

  await page.goto(`${origin}/export`);
  const action = page.getByRole("button", { name: "Export for 1 credit" });
  const keys = new Set();
  await page.route("**/export", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.add(route.request().postData());
    // The first answer is lost on its way to the browser, after the charge.
    if (keys.size === 1 && ares.charges.length === before + 1) {
      await route.fetch();
      return route.abort();
    }
    return route.continue();
  });
  await action.click();
  await page.getByText("Trying again costs nothing.").waitFor();
  await action.click();
  await page.getByText("Paid with").waitFor();
  check(
    `${name}: a server action whose answer was lost keeps its key: two presses, one charge`,
    keys.size === 1 && ares.charges.length === before + 2,
    { keys: keys.size, charges: ares.charges.length - before },
  );
  await page.unroute("**/export");
  const charged = () => ares.charges.length - before - 2;

  await page.getByRole("button", { name: "Mail for 1 credit" }).click();
  await page.getByText("Sent to ann@example.com").waitFor();
  check(`${name}: a form's action charges once`, charged() === 1, charged());

  await action.click();
  await page.getByRole("button", { name: "Mail for 1 credit" }).click();
  await untilCharged(3);
  check(`${name}: two actions in a row charge once each`, charged() === 3, charged());

  await page.getByRole("button", { name: "Export and open for 1 credit" }).click();
  await page.waitForURL(/[?]open=/);
  check(
    `${name}: an action that redirects charges once, and its page follows`,
    charged() === 4,
    charged(),
  );
  await page.getByRole("button", { name: "Export and open for 1 credit" }).click();
  await untilCharged(5);
  check(`${name}: the next press is a charge of its own`, charged() === 5, charged());

  // Another tab signs in somebody else, and the old page is pressed.
  await page.goto(`${origin}/export`);
  await action.waitFor();
  await page.evaluate(() =>
    fetch("/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: "bob" }),
    }),
  );
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await action.click();
  await answered;
  await page.waitForTimeout(2000);
  check(`${name}: nobody pays for a press on another user's page`, charged() === 5, charged());

  /** @param {number} count */
  async function untilCharged(count) {
    for (const limit = Date.now() + PAGE_MS; charged() < count && Date.now() < limit; )
      await page.waitForTimeout(50);
    await page.waitForTimeout(500);
  }
}

/** @param {string} origin @param {string} api @param {string} [user] */
async function client(origin, api, user) {
  /** @type {Record<string, string>} */
  const headers = { Origin: origin };
  if (user !== undefined) {
    const answer = await fetch(`${api}/sign-in`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ user }),
    });
    headers.Cookie = answer.headers.get("Set-Cookie")?.split(";")[0] ?? "";
  }
  const read = async (/** @type {Response} */ answer) => ({
    ...(await answer.json()),
    status: answer.status,
    replayed: answer.headers.get("Idempotency-Replayed"),
  });
  const post = async (
    /** @type {string} */ path,
    /** @type {string} */ idempotencyKey,
    /** @type {object | undefined} */ body,
  ) =>
    read(
      await fetch(api + path, {
        method: "POST",
        headers: {
          ...headers,
          "Idempotency-Key": idempotencyKey,
          ...(body && { "Content-Type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  return {
    headers,
    post,
    get: async (/** @type {string} */ path) => read(await fetch(api + path, { headers })),
    pay: (/** @type {object} */ body, /** @type {string} */ idempotencyKey) =>
      post("/api/ares", idempotencyKey, body),
  };
}

function key() {
  return `${Date.now()}-${crypto.randomUUID().replaceAll("-", "")}`;
}

/** @param {import("../src/testing").AresSimulator} ares */
async function listen(ares) {
  const port = await freePort();
  const server = serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request, { incoming }) {
      const answer = await ares.serve(request);
      if (answer.headers.has(dropHeader)) incoming.socket.destroy();
      return answer;
    },
  });
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
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
