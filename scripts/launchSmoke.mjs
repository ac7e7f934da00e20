/**
 * Walks down docs/operate/launch.md with the packed kit, an app over a file of SQLite and a pretend ARES over HTTP. Then it does what
 * docs/operate says for the days after: finds and ends an unknown charge, and erases a user. Run after `npm run build`.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serve } from "@hono/node-server";
import { createClient } from "@libsql/client";
import { createAresSimulator, dropHeader } from "../dist/testing.js";
import { freePort } from "../test/setup/freePort.mjs";
import { endAll, PAGE_MS, run, start } from "./nextSmoke/processes.mjs";

const root = path.resolve(import.meta.dirname, "..");
const app = mkdtempSync(path.join(tmpdir(), "ares-react-launch-"));
const HOUR_MS = 3_600_000;
let failed = 0;

const ares = createAresSimulator({ users: { ann: 698, bob: 698 } });
const upstream = await serveAres();
const port = await freePort();
const origin = `http://localhost:${port}`;
const env = {
  NODE_ENV: "production",
  PORT: String(port),
  CRON_SECRET: "of this walk",
  DATABASE_URL: `file:${path.join(app, "ares.sqlite")}`,
  PER_MINUTE: "100",
  ARES_BASE_URL: upstream.url,
  ARES_TOKENS: JSON.stringify({ ann: ares.tokenOf("ann"), bob: ares.tokenOf("bob") }),
};
/** The operator's machine knows the deployment by this file alone. */
const { PORT: _, NODE_ENV: __, ...deployed } = env;

try {
  await install();
  const server = await walkList();
  await unknownCharge(server);
  await giveBack();
  await eraseUser();
  await refuseOtherBooks();
} catch (error) {
  check("the walk came to its end", false, String(error));
}
await endAll();
upstream.close();
rmSync(app, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
console.log(failed === 0 ? "launch: passed" : `launch: failed (${failed})`);
process.exit(failed === 0 ? 0 : 1);

async function install() {
  cpSync(path.join(import.meta.dirname, "launchSmoke", "app"), app, { recursive: true });
  writeFileSync(
    path.join(app, ".env.production"),
    Object.entries(deployed)
      .map(([name, value]) => `${name}='${value}'`)
      .join("\n"),
  );
  const packed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", app],
    { cwd: root, ms: 120_000 },
  );
  cpSync(path.join(app, JSON.parse(packed.stdout)[0].filename), path.join(app, "ares-react.tgz"));
  const quietly = ["--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"];
  await run("npm", ["install", ...quietly], { cwd: app, ms: 400_000 });
}

/** The lines of docs/operate/launch.md, by their numbers. */
async function walkList() {
  const setup = await operator(["setup", "ares.js"]);
  check(
    "1: the ledger is set up, in the book that was meant",
    /ledger is set up\.\nBook: sqlite, file .*ares\.sqlite, table ares_charges;/.test(setup.output),
    setup.output,
  );
  const module = await operator(["doctor", "ares.js"]);
  check("2: the module has no errors", /No errors/.test(module.output), module.output);

  const server = await serveApp();
  const running = await cli(["doctor", origin]);
  check("3: the running app has no errors", /No errors/.test(running.output), running.output);
  const spent = await cli(["doctor", origin, "--spend", "1", "--header", "Cookie: session=bob"]);
  check("4: the doctor charges once", /charged once/.test(spent.output), spent.output);
  check(
    "5: ARES's own books hold that one charge",
    ares.charges.length === 1 && ares.charges[0]?.credits === 1,
    ares.charges,
  );
  const listed = await operator(["charges", "list", "--user", "bob"]);
  check(
    "6: the same charge is in the book that was meant, which is named first",
    /^Book: sqlite, file .*ares\.sqlite, table ares_charges;/.test(listed.beside) &&
      lines(listed).length === 1,
    listed.output,
  );

  const key = newKey();
  const twice = await Promise.all([pay("ann", key), pay("ann", key)]);
  const later = await pay("ann", key);
  check(
    "7: two presses and a reload are one charge",
    ares.charges.length === 2 && later.status === 200,
    { twice, later },
  );
  check(
    "8: onEvent hears of it",
    events(server).filter(({ type }) => type === "charged").length === 2,
    server.output(),
  );

  const cron = await fetch(`${origin}/api/cron/reconcile`, {
    headers: { Authorization: `Bearer ${env.CRON_SECRET}` },
  });
  const told = await cron.text();
  check("9: the cron has nothing to end", told === '{"ended":0,"left":0}', told);

  await pause(key);
  return cap(server);
}

/** @param {string} paidKey */
async function pause(paidKey) {
  writeFileSync(path.join(app, "paused"), "");
  const held = newKey();
  const refused = await pay("ann", held, { usage: "report", resource: "may" });
  const replay = await pay("ann", paidKey);
  const balance = await request("ann", "/api/ares");
  check(
    "10: a pause refuses a new press and sends nothing for it",
    refused.status === 503 && refused.body.code === "paused" && ares.charges.length === 2,
    refused,
  );
  check(
    "10: meanwhile a paid press is replayed, and the balance is told",
    replay.status === 200 && balance.body.user?.credits === 695,
    { replay, balance },
  );
  rmSync(path.join(app, "paused"));
  const passed = await pay("ann", held, { usage: "report", resource: "may" });
  check(
    "10: afterwards the same press charges, once",
    passed.status === 200 && ares.charges.length === 3,
    passed,
  );
}

/** @param {ReturnType<typeof start>} server */
async function cap(server) {
  await server.end();
  const capped = await serveApp({ PER_MINUTE: "7" });
  const before = ares.charges.length;
  const refused = await pay("ann", newKey(), { usage: "report", resource: "june" });
  check(
    "11: past the cap a press is refused, and nothing is charged",
    refused.body.code === "rate_limited" && ares.charges.length === before,
    refused,
  );
  await capped.end();
  const proved = await operator(["prove", "ares.js", "--seconds", "8"]);
  check(
    "12: the own app is proved, and the control failed",
    proved.code === 0 && /Proved/.test(proved.output),
    proved.output,
  );
  return restore();
}

/** Line 13, as docs/operate/run.md says it: a charge after the backup is forgotten, and its key is not sent again. */
async function restore() {
  const file = path.join(app, "ares.sqlite");
  await onBook(`VACUUM INTO '${file}.backup'`);
  const before = await serveApp();
  const key = newKey();
  await pay("ann", key, { usage: "report", resource: "july" });
  await before.end();
  for (const part of ["", "-wal", "-shm"]) rmSync(file + part, { force: true });
  cpSync(`${file}.backup`, file);
  await onBook(`UPDATE ares_charges SET created_at = ${Date.now()} WHERE id = 'epoch'`);
  const charged = ares.charges.length;
  const server = await serveApp();
  const again = await pay("ann", key, { usage: "report", resource: "july" });
  check(
    "13: a key from after the backup is refused, and nothing is sent",
    again.body.code === "ledger_reset" && ares.charges.length === charged && charged === 4,
    { again, charged },
  );
  await new Promise((resolve) => setTimeout(resolve, again.body.retryAfterSeconds * 1000));
  return server;
}

/** docs/operate/support.md: "I paid and got nothing", where the work failed after its payment was used. */
async function giveBack() {
  const before = ares.charges.length;
  const key = newKey();
  const worked = await request("ann", "/api/export", {
    method: "POST",
    headers: { "Idempotency-Key": key },
  });
  const [row] = lines(
    await operator(["charges", "list", "--user", "ann", "--usage", "export-pdf"]),
  );
  const id = row?.split("  ").at(-1) ?? "";
  const given = await operator(["charges", "release", id, "--note", "an empty file", "--yes"]);
  const shown = await operator(["charges", "show", id]);
  check(
    "a use is given back, and the charge says why",
    worked.status === 200 && given.code === 0 && /given back +an empty file/.test(shown.stdout),
    { worked, given: given.output, shown: shown.output },
  );
  const again = await request("ann", "/api/export", {
    method: "POST",
    headers: { "Idempotency-Key": key },
  });
  check(
    "the user gets the work once more, for one charge",
    again.status === 200 && ares.charges.length === before + 1,
    again,
  );
}

/** docs/operate/support.md: "I paid and got nothing", from the user's id of the charge to its end. */
async function unknownCharge(server) {
  ares.fail("drop-after-charge");
  const key = newKey();
  const lost = await pay("bob", key, { usage: "report", resource: "march" });
  check("a lost answer is unknown", lost.body.code === "outcome_unknown", lost);
  const id = lost.body.chargeId;

  const found = await operator(["charges", "list", "--unknown"]);
  check(
    "the unknown charge is found",
    lines(found).length === 1 && found.output.includes(id),
    found.output,
  );
  const shown = await operator(["charges", "show", id]);
  check(
    "show explains it, and says what to do",
    /status +unknown/.test(shown.stdout) && /charges resolve/.test(shown.stdout),
    shown.output,
  );
  const trace = spans(server).find(({ attributes }) => attributes["ares.charge.id"] === id)?.trace;
  const names = spans(server)
    .filter((span) => span.trace === trace)
    .map(({ span }) => span);
  check(
    "the id leads to one trace, with the request to ARES in it",
    trace !== undefined &&
      names.includes("POST /v1/partner/usage") &&
      names.includes("ares.charge"),
    names,
  );
  check(
    "ARES's own books hold it",
    ares.charges.filter((charge) => charge.userId === "bob" && charge.credits === 3).length === 1,
    ares.charges,
  );
  const asked = await operator([
    "charges",
    "resolve",
    id,
    "--to",
    "charged",
    "--note",
    "in the books",
  ]);
  check("resolve asks, and stores nothing where nobody answers", asked.code === 1, asked.output);
  const verdict = ["--to", "charged", "--note", "in the books", "--yes"];
  const stored = await operator(["charges", "resolve", id, ...verdict]);
  check("resolve stores the verdict", stored.code === 0, stored.output);
  const before = ares.charges.length;
  const again = await pay("bob", key, { usage: "report", resource: "march" });
  check(
    "the user has what they paid for, and nothing more is charged",
    again.status === 200 && ares.charges.length === before,
    again,
  );
}

/** docs/operate/run.md: "When a user asks to be forgotten". */
async function eraseUser() {
  const young = await operator(["charges", "erase", "ares.js", "bob", "--yes"]);
  check(
    "young charges stay, and the command says so",
    young.code === 1 && /stay/.test(young.output),
    young.output,
  );
  const aged = `UPDATE ares_charges SET created_at = created_at - ${30 * HOUR_MS},
settled_at = settled_at - ${30 * HOUR_MS} WHERE user_id = 'bob'`;
  await onBook(aged);
  const before = await sums();
  const erased = await operator(["charges", "erase", "ares.js", "bob", "--yes"]);
  check("a day later they go", erased.code === 0, erased.output);
  const left = await operator(["charges", "export", "--user", "bob"]);
  check("nothing is left under the user's name", left.stdout.trim() === "", left.output);
  check(
    "the sums by usage and day are the same",
    before === (await sums()) && before !== "{}",
    before,
  );
}

/** The sums of all charges that were paid, by day and usage. */
async function sums() {
  const { stdout } = await operator(["charges", "export"]);
  /** @type {Record<string, number>} */
  const sum = {};
  for (const line of stdout.trim().split("\n")) {
    const { status, usage, createdAt, hundredths } = JSON.parse(line);
    if (status !== "charged") continue;
    const of = `${new Date(createdAt).toISOString().slice(0, 10)} ${usage}`;
    sum[of] = (sum[of] ?? 0) + hundredths;
  }
  return JSON.stringify(Object.fromEntries(Object.entries(sum).sort()));
}

/** No file of a developer's machine leads to another book. */
async function refuseOtherBooks() {
  writeFileSync(path.join(app, ".env.local"), `DATABASE_URL='file:other.sqlite'\n`);
  const listed = await operator(["charges", "list"]);
  check(
    ".env.local leads to no other book",
    /ares\.sqlite, table ares_charges/.test(listed.beside),
    listed.output,
  );
}

/** @param {string[]} args @param {Record<string, string>} [variables] */
async function cli(args, variables = {}) {
  const command = [path.join(app, "node_modules/ares-react/dist/cli.js"), ...args];
  return run(process.execPath, command, { cwd: app, env: variables, ms: 240_000, anyCode: true });
}

/** @param {string[]} args */
async function operator(args) {
  const answer = await cli([...args, "--env-file", ".env.production"]);
  return { ...answer, beside: answer.output.replace(answer.stdout, "") };
}

/** @param {string} sql */
async function onBook(sql) {
  const book = createClient({ url: env.DATABASE_URL });
  await book.execute(sql);
  book.close();
}

/** @param {{ stdout: string }} answer */
function lines({ stdout }) {
  return stdout.split("\n").filter((line) => line !== "");
}

/** @param {Record<string, string>} [changes] */
async function serveApp(changes = {}) {
  const server = start(process.execPath, ["server.js"], { cwd: app, env: { ...env, ...changes } });
  await server.answers(origin, PAGE_MS);
  return server;
}

/** @param {ReturnType<typeof start>} server */
function printed(server) {
  return server
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

/** @param {ReturnType<typeof start>} server */
function events(server) {
  return printed(server).filter(({ type }) => type !== undefined);
}

/** @param {ReturnType<typeof start>} server */
function spans(server) {
  return printed(server).filter(({ span }) => span !== undefined);
}

/** @param {string} user @param {string} key @param {object} [order] */
async function pay(user, key, order = { usage: "report", resource: "april" }) {
  return request(user, "/api/ares", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify(order),
  });
}

/** @param {string} user @param {string} address @param {RequestInit} [init] */
async function request(user, address, init = {}) {
  const headers = { Origin: origin, Cookie: `session=${user}`, ...init.headers };
  const answer = await fetch(origin + address, { ...init, headers });
  return { status: answer.status, body: await answer.json() };
}

function newKey() {
  return `${Date.now()}-${crypto.randomUUID().replaceAll("-", "")}`;
}

async function serveAres() {
  const aresPort = await freePort();
  const server = serve({
    port: aresPort,
    hostname: "127.0.0.1",
    async fetch(asked, { incoming }) {
      const answer = await ares.serve(asked);
      if (answer.headers.has(dropHeader)) incoming.socket.destroy();
      return answer;
    },
  });
  return { url: `http://127.0.0.1:${aresPort}`, close: () => server.close() };
}

/** @param {string} title @param {boolean} ok @param {unknown} [seen] */
function check(title, ok, seen) {
  if (!ok) failed += 1;
  const text = typeof seen === "string" ? seen : JSON.stringify(seen);
  console.log(ok ? `ok      ${title}` : `not ok  ${title}\n        ${String(text).slice(-3000)}`);
}
