import { randomBytes } from "node:crypto";
import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createAresSimulator } from "../../dist/testing.js";
import { freePort } from "../../test/setup/freePort.mjs";
import { servePostgres } from "./pretendPostgres.mjs";
import { listen } from "./pretendServices.mjs";
import { PAGE_MS, run, start } from "./processes.mjs";

/** ARES's tokens end after this time. */
const TOKEN_LIFE_MS = 1_800_000;

/**
 * Users of an app connect ARES by the two routes of `ares-react/connect`, on a page with three gates. Two servers of Next
 * stand behind one address and take every other request each, over one PostgreSQL.
 *
 * @param {import("./inBothModes.mjs").Parts} parts
 */
export async function checkConnected({ check, stage, packages, browser, onEnd }) {
  const app = path.join(stage, "connected");
  cpSync(path.join(import.meta.dirname, "connected"), app, { recursive: true });
  symlinkSync(packages, path.join(app, "node_modules"));
  // An optional peer, from this repository: the quick start's app signs in by Clerk, and has none.
  cpSync(
    path.join(import.meta.dirname, "../../node_modules/oauth4webapi"),
    path.join(packages, "oauth4webapi"),
    { recursive: true },
  );
  const config = { typescript: { ignoreBuildErrors: true }, turbopack: { root: stage } };
  writeFileSync(path.join(app, "next.config.mjs"), `export default ${JSON.stringify(config)};\n`);

  const clock = { ahead: 0 };
  const ares = createAresSimulator({
    users: { ann: 100, bob: 50 },
    clients: ["connected"],
    clientSecret: "connected-secret",
    now: () => Date.now() + clock.ahead,
  });
  const aresServer = await listen(ares.serve);
  const postgres = await servePostgres();
  const ports = [String(await freePort()), String(await freePort())];
  const balancer = await listen(takeTurns(ports));
  onEnd(aresServer.close);
  onEnd(postgres.close);
  onEnd(balancer.close);
  const origin = balancer.url;

  const next = path.join(packages, "next", "dist", "bin", "next");
  const env = {
    APP_ORIGIN: origin,
    ARES_BASE_URL: aresServer.url,
    ARES_CLIENT_SECRET: "connected-secret",
    ARES_SECRET: randomBytes(32).toString("base64url"),
    DATABASE_URL: postgres.url,
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
  };
  await run(process.execPath, [next, "build"], { cwd: app, env, ms: 300_000 });
  const cli = path.join(packages, "ares-react", "dist", "cli.js");
  await run(process.execPath, [cli, "setup", "lib/ares.js"], { cwd: app, env, ms: PAGE_MS });
  const servers = ports.map((port) =>
    start(process.execPath, [next, "start", "-p", port], { cwd: app, env }),
  );
  await Promise.all(
    servers.map((server, n) => server.answers(`http://localhost:${ports[n]}/api/ares`, PAGE_MS)),
  );

  const told = (
    /** @type {string} */ title,
    /** @type {boolean} */ ok,
    /** @type {unknown} */ seen,
  ) => check(`connected: ${title}`, ok, seen);
  await drive({
    check: told,
    origin,
    browser,
    ares,
    endTokens: () => (clock.ahead += TOKEN_LIFE_MS),
  });
  told(
    "no server printed an error",
    servers.every((server) => !/error|⨯/i.test(server.output())),
    servers.map((server) => server.output()),
  );
  await Promise.all(servers.map((server) => server.end()));
}

/**
 * One address for several servers, each of which takes its turn.
 *
 * @param {string[]} ports
 * @returns {(request: Request) => Promise<Response>}
 */
function takeTurns(ports) {
  let turn = 0;
  return async (request) => {
    const { pathname, search, host } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set("x-forwarded-host", host);
    headers.set("x-forwarded-proto", "http");
    for (const ownOfAConnection of ["connection", "content-length", "host"])
      headers.delete(ownOfAConnection);
    const body = request.body === null ? null : await request.arrayBuffer();
    turn += 1;
    const answer = await fetch(
      `http://localhost:${ports[turn % ports.length]}${pathname}${search}`,
      {
        method: request.method,
        headers,
        body,
        redirect: "manual",
      },
    );
    const given = new Headers(answer.headers);
    for (const coding of ["content-encoding", "content-length", "transfer-encoding"])
      given.delete(coding);
    return new Response(answer.body, { status: answer.status, headers: given });
  };
}

/**
 * @param {Pick<import("./inBothModes.mjs").Parts, "check" | "browser"> & {
 *   origin: string,
 *   ares: import("../../src/testing").AresSimulator,
 *   endTokens: () => void,
 * }} parts
 */
async function drive({ check, origin, browser, ares, endTokens }) {
  const ann = await visit("ann");
  const bob = await visit("bob");
  const paid = () => ares.charges.map(({ userId }) => userId);

  await ann.connect("ann");
  check("Ann comes back from ARES to her balance", await ann.shows("100"), await ann.text());
  check(
    "and three gates",
    (await ann.page.getByRole("button", { name: /^Unlock Report/ }).count()) === 3,
  );
  await bob.page.reload();
  check("Bob is still asked to connect", await bob.isAskedToConnect(), await bob.text());
  await bob.connect("bob");
  check("and then sees his own balance", await bob.shows("50"), await bob.text());

  await Promise.all([ann.unlock("one"), bob.unlock("two")]);
  check("each paid once, from the own account", same(paid(), ["ann", "bob"]), paid());

  const before = ares.requests.token;
  endTokens();
  await Promise.all([ann.page.reload(), bob.page.reload()]);
  const opened = await Promise.all([ann.reads("one"), bob.reads("two")]);
  check(
    "after their tokens have ended, what was paid is open",
    opened.every(Boolean),
    await ann.text(),
  );
  await Promise.all([ann.unlock("three"), bob.unlock("three")]);
  check("and both pay again", same(paid(), ["ann", "ann", "bob", "bob"]), paid());
  const renewals = ares.requests.token - before;
  check("with one renewal each, on two servers", renewals === 2, renewals);
  check("nobody else's text is open", !(await bob.holds("one")) && !(await ann.holds("two")));

  const eve = await visit("ann");
  await eve.page.goto(`${origin}/api/ares/connect?return=/`);
  await eve.signInAs("bob");
  await eve.page.getByRole("link", { name: "Allow as ann" }).click();
  check(
    "who comes back from ARES as another user of the app is refused",
    await eve.shows("another"),
    await eve.text(),
  );
  await bob.page.reload();
  check("and Bob's link is as it was", await bob.reads("two"), await bob.text());

  for (const { context } of [ann, bob, eve]) await context.close();

  /** A browser of its own. @param {string} user */
  async function visit(user) {
    const context = await browser.newContext();
    context.setDefaultTimeout(PAGE_MS);
    const page = await context.newPage();
    const signInAs = (/** @type {string} */ name) =>
      context.addCookies([{ name: "user", value: name, url: origin }]);
    const text = () => page.locator("body").innerText();
    const connectButton = page.getByRole("button", { name: /^Connect ARES/ }).first();
    const isThere = (/** @type {import("playwright-core").Locator} */ found) =>
      found
        .first()
        .waitFor()
        .then(
          () => true,
          () => false,
        );
    await signInAs(user);
    await page.goto(origin);
    return {
      page,
      context,
      text,
      signInAs,
      isAskedToConnect: () => isThere(connectButton),
      shows: (/** @type {string} */ words) => isThere(page.getByText(words)),
      reads: (/** @type {string} */ report) =>
        isThere(page.getByText(`The text of report ${report}.`)),
      holds: async (/** @type {string} */ report) =>
        (await page.getByText(`The text of report ${report}.`).count()) > 0,
      async connect(/** @type {string} */ account) {
        await connectButton.click();
        await page.getByRole("link", { name: `Allow as ${account}` }).click();
      },
      async unlock(/** @type {string} */ report) {
        await page.getByRole("button", { name: new RegExp(`^Unlock Report ${report}`) }).click();
        await page.getByText(`The text of report ${report}.`).waitFor();
      },
    };
  }
}

/** @param {string[]} seen @param {string[]} wanted */
function same(seen, wanted) {
  return JSON.stringify(seen.toSorted()) === JSON.stringify(wanted);
}
