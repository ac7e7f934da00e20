/**
 * What a charge costs the server, beside the guide's own route, in one run: CPU time, latency, and the first charge of a new process. ARES and
 * Clerk are pretend servers in another process. The ledger's client runs here, and its cost counts.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { fromLibsql, memoryLedger, sqlLedger } from "../../dist/server.js";
import { openGuide } from "./server/guide.mjs";
import { openKit } from "./server/kit.mjs";
import { charge, timed } from "./server/press.mjs";
import { openProxy } from "./server/proxy.mjs";
import { median, quantile } from "./statistics.mjs";

const origin = "https://app.example";
const BATCH = 200;
const ROUNDS = 7;
/** What ARES and Clerk take to answer, where the latency is measured. */
const UPSTREAM_MS = 20;
const CHARGES = 300;
const TURN = 20;
const COLD_STARTS = 9;

/** A ledger refuses the keys of its first two seconds. */
const YOUNG_LEDGER_MS = 2_500;

export async function measure() {
  const pretend = fork(new URL("server/pretend.mjs", import.meta.url), { execArgv: [] });
  const folder = mkdtempSync(join(tmpdir(), "ares-bench-"));
  try {
    const [port] = await once(pretend, "message");
    const base = `http://127.0.0.1:${port}`;
    const session = async () => (await fetch(`${base}/session`)).json();
    const { publishableKey, secretKey, jwtKey } = await session();
    const desk = { place: { base, origin, publishableKey, secretKey, jwtKey }, session };

    const cpu = await cpuOfCharges(desk, folder);
    pretend.send({ latencyMs: UPSTREAM_MS });
    const latency = await latencyOfCharges(desk);
    const cold = await coldCharges(desk);
    return { cpu, upstreamMs: UPSTREAM_MS, latency, cold };
  } finally {
    pretend.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @typedef {import("./server/guide.mjs").Route} Route */
/** @typedef {{ place: import("./server/guide.mjs").Place, session: () => Promise<{ token: string }> }} Desk */

/** Microseconds of this process for one charge, by sign-in and ledger. @param {Desk} desk @param {string} folder */
async function cpuOfCharges({ place, session }, folder) {
  const signIns = /** @type {const} */ (["clerk", "stub"]);
  const files = await Promise.all(signIns.map((signIn) => sqliteIn(join(folder, signIn))));
  await new Promise((done) => setTimeout(done, YOUNG_LEDGER_MS));
  const rows = [];
  for (const [n, signIn] of signIns.entries()) {
    const guide = openGuide(place, signIn);
    const onFile = openKit(place, signIn, files[n]);
    const { route, memory, file } = await byTurns(ROUNDS, 2, {
      route: () => cpuOf(guide),
      // A ledger in memory reads all rows of its user, and begins anew with each batch.
      memory: () => cpuOf(openKit(place, signIn, memoryLedger())),
      file: () => cpuOf(onFile),
    });
    rows.push({ signIn, route: median(route), memory: median(memory), file: median(file) });
  }
  return rows;

  /** @param {Route} route */
  async function cpuOf(route) {
    const { token } = await session();
    const from = process.cpuUsage();
    for (let n = 0; n < BATCH; n += 10)
      await Promise.all(Array.from({ length: 10 }, () => charge(route, origin, token)));
    const { user, system } = process.cpuUsage(from);
    return (user + system) / BATCH;
  }
}

/** Milliseconds of one charge after the other, with Clerk's package. @param {Desk} desk */
async function latencyOfCharges({ place, session }) {
  const proxy = openProxy(place);
  const guide = openGuide(place, "clerk");
  const kit = openKit(place, "clerk");
  const times = await byTurns(CHARGES / TURN, 1, {
    proxy: () => turn(proxy),
    guide: () => turn(guide),
    kit: () => turn(kit),
  });
  return Object.entries(times).map(([name, turns]) => ({
    name,
    p50: median(turns.flat()),
    p99: quantile(turns.flat(), 0.99),
  }));

  /** @param {Route} route */
  async function turn(route) {
    const { token } = await session();
    const all = [];
    for (let n = 0; n < TURN; n++) all.push(await timed(() => charge(route, origin, token)));
    return all;
  }
}

/** Milliseconds until a new process has loaded its route, and of its first charges. @param {Desk} desk */
async function coldCharges({ place, session }) {
  const times = await byTurns(COLD_STARTS, 1, {
    guide: () => start("guide"),
    kit: () => start("kit"),
  });
  return Object.entries(times).map(([name, all]) => ({
    name,
    loading: median(all.map(({ loading }) => loading)),
    first: median(all.map(({ first }) => first)),
    second: median(all.map(({ second }) => second)),
  }));

  /** @param {string} name @returns {Promise<{ loading: number, first: number, second: number }>} */
  async function start(name) {
    const given = JSON.stringify({ ...place, token: (await session()).token });
    const child = fork(new URL("server/cold.mjs", import.meta.url), [name, given], {
      execArgv: [],
      timeout: 30_000,
    });
    const told = await Promise.race([once(child, "message"), once(child, "exit")]);
    if (typeof told[0] !== "object" || told[0] === null) throw new Error(`${name} did not start`);
    return told[0];
  }
}

/**
 * Does each piece of work in turn, so that a busy machine slows them all. The first rounds only warm up.
 *
 * @template T @template {string} Name
 * @param {number} rounds @param {number} warmUps @param {Record<Name, () => Promise<T>>} works
 */
async function byTurns(rounds, warmUps, works) {
  const names = /** @type {Name[]} */ (Object.keys(works));
  const results = /** @type {Record<Name, T[]>} */ (
    Object.fromEntries(names.map((name) => [name, []]))
  );
  for (let round = -warmUps; round < rounds; round++) {
    for (const name of names) {
      const result = await works[name]();
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}

/** @param {string} file */
async function sqliteIn(file) {
  const ledger = sqlLedger({
    dialect: "sqlite",
    query: fromLibsql(createClient({ url: `file:${file}` })),
  });
  await ledger.setup();
  return ledger;
}
