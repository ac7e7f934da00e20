/**
 * Starts the demo as a visitor would, and calls it over HTTP. The balance is there, and two POSTs with one
 * Idempotency-Key are one deduction. A paid endpoint refuses a user who has not paid. Prints one line per check, and
 * exits with 1 when one of them failed.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../test/setup/freePort.mjs";

const root = path.resolve(import.meta.dirname, "..");
const start = path.join(root, "examples", "demo", "start.mjs");
const startMs = 120_000;
const answerMs = 120_000;

if (!existsSync(start)) {
  console.log("SKIP    demo smoke: there is no examples/demo/start.mjs");
  process.exit(0);
}

const port = await freePort();
// Its own book: a developer's demo and this check do not see each other's charges.
const data = mkdtempSync(path.join(tmpdir(), "ares-react-demo-"));
const demo = spawn(process.execPath, [start], {
  cwd: root,
  // Without the keys of a developer's .env, the demo uses the pretend ARES.
  env: {
    ...process.env,
    CLERK_SECRET_KEY: "",
    VITE_CLERK_PUBLISHABLE_KEY: "",
    PORT: String(port),
    DEMO_DATA: data,
  },
  stdio: ["ignore", "pipe", "pipe"],
  detached: true,
});
let output = "";
demo.stdout.setEncoding("utf8").on("data", (text) => {
  output += text;
});
demo.stderr.setEncoding("utf8").on("data", (text) => {
  output += text;
});

let failed = 0;
try {
  const address = await printedAddress();
  // The earliest key of a visitor, rounded as `date +%s` rounds.
  const key = `${Math.floor(Date.now() / 1000)}000-${crypto.randomUUID()}`;
  const endpoint = `${address}/api/ares`;

  const page = await get(`${address}/`);
  check(
    "the page is served",
    page.status === 200 && (page.headers.get("content-type") ?? "").includes("text/html"),
  );

  const before = await balance(endpoint);
  check("the balance is 698 credits", before.credits === 698, before);
  const usage =
    Object.keys(before.prices).find((name) => before.prices[name] <= before.credits) ?? "";
  const price = before.prices[usage];

  const first = await charge(endpoint, key, { usage });
  check(
    "a POST with an Idempotency-Key of the ledger's first second charges",
    first.status === 200 && first.body.status === "charged",
    first,
  );
  const second = await charge(endpoint, key, { usage });
  check(
    "the same key again is the same charge, replayed",
    second.status === 200 && second.replayed === "true",
    second,
  );
  check(
    "both name one charge",
    first.body.charge?.id !== undefined && first.body.charge.id === second.body.charge?.id,
    { first, second },
  );

  const after = await balance(endpoint);
  check(
    `one deduction of ${price}`,
    Math.round((before.credits - after.credits) * 100) === Math.round(price * 100),
    { before, after },
  );
  const world = await (await get(`${address}/demo/world`)).json();
  check("ARES's book holds one deduction", world.ares?.charges?.length === 1, world.ares?.charges);

  const report = { usage: "report", resource: "moths-2025" };
  const unpaid = await read(`${address}/api/reports/${report.resource}`);
  check(
    "a report that was not paid for is refused",
    unpaid.status === 402 && unpaid.body.code === "payment_required",
    unpaid,
  );
  const paid = await charge(endpoint, newKey(), report);
  check("it is paid once", paid.status === 200 && paid.body.status === "charged", paid);
  const served = [
    await read(`${address}/api/reports/${report.resource}`),
    await read(`${address}/api/reports/${report.resource}`),
  ];
  check(
    "and read once: the second request is refused",
    served.map(({ status }) => status).join() === "200,402",
    served,
  );
  check("what is served is the report", served[0]?.body.id === report.resource, served[0]);
  check("what is refused says why", served[1]?.body.code === "used_up", served[1]);
} catch (error) {
  check(
    `the demo answers (${error instanceof Error ? error.message : error})`,
    false,
    output.slice(-4000),
  );
} finally {
  await stop();
  rmSync(data, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} title @param {boolean} ok @param {unknown} [seen] */
function check(title, ok, seen) {
  if (!ok) failed += 1;
  console.log(
    ok
      ? `ok      ${title}`
      : `not ok  ${title}\n        ${typeof seen === "string" ? seen : JSON.stringify(seen)}`,
  );
}

function newKey() {
  return `${Date.now()}-${crypto.randomUUID()}`;
}

/** The demo prints its address, because a busy port makes it choose another one. */
async function printedAddress() {
  const end = Date.now() + startMs;
  while (Date.now() < end) {
    const found = /https?:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(output);
    if (found) return found[0];
    if (demo.exitCode !== null) throw new Error(`it ended with ${demo.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it printed no address within ${startMs / 1000} s`);
}

/** @param {string} url */
function get(url) {
  return fetch(url, { signal: AbortSignal.timeout(answerMs) });
}

/** @param {string} endpoint */
async function balance(endpoint) {
  const answer = await (await get(endpoint)).json();
  return { credits: answer.user?.credits, prices: answer.prices ?? {} };
}

/** @param {string} url */
async function read(url) {
  const answer = await get(url);
  return { status: answer.status, body: await answer.json() };
}

/** @param {string} endpoint @param {string} key @param {{ usage: string, resource?: string }} what */
async function charge(endpoint, key, what) {
  const response = await fetch(endpoint, {
    method: "POST",
    // A POST without an Origin could come from another site, for all the server knows.
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": key,
      Origin: new URL(endpoint).origin,
    },
    body: JSON.stringify(what),
    signal: AbortSignal.timeout(answerMs),
  });
  return {
    status: response.status,
    replayed: response.headers.get("Idempotency-Replayed"),
    body: await response.json(),
  };
}

/** The demo is a group of processes. All of them get SIGTERM first, and SIGKILL later. */
async function stop() {
  const gone = new Promise((resolve) => demo.once("exit", () => resolve(true)));
  if (demo.exitCode !== null || demo.pid === undefined) return;
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      process.kill(-(demo.pid ?? 0), name);
    } catch {
      demo.kill(name);
    }
  };
  signal("SIGTERM");
  const stopped = await Promise.race([
    gone,
    new Promise((resolve) => setTimeout(() => resolve(false), 5000)),
  ]);
  check("the demo stops when it is told to", stopped === true);
  if (!stopped) signal("SIGKILL");
}
