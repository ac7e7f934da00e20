import { type Customer, charge } from "../../src/cli/prove/customer";
import { type Intent, makeIntent, usersOf } from "../../src/cli/prove/intents";
import { gather, judge } from "../../src/cli/prove/judge";
import { type RunningAres, startAres } from "../../src/cli/prove/startAres";
import { type Fleet, startFleet } from "../../src/cli/prove/startFleet";
import { pause, postgresServer, redisServer, startPostgres, startRedis } from "../ledgers/engines";
import { takeBuild } from "./buildUnderTest";
import { baskets, prices } from "./prices";
import { openLedger } from "./services/openLedger.mjs";
import { readStats, type Stats } from "./soakStats";
import type { LedgerChoice } from "./trial";

export interface SoakOptions {
  on: "redis" | "postgres";
  minutes: number;
  /** Charges a second. @default 100 */
  perSecond?: number;
  /** Ends the run early, with every process that it started. */
  signal?: AbortSignal;
  /** Called after each minute. */
  onMinute: (minute: SoakMinute) => void;
}

/** One minute of the server under test, in turn with the same server on `memoryLedger`. Times are milliseconds. */
export interface SoakMinute {
  minute: number;
  charges: number;
  tested: { p50: number; p99: number } & Stats;
  peer: { p50: number; p99: number } & Stats;
  addedP99: number;
}

/** Two in a hundred charges meet a fault. No fault is slow, because the run measures the ledger. */
const faults = {
  "drop-before-charge": 0.005,
  "drop-after-charge": 0.005,
  "502-after": 0.004,
  "garbage-200-after": 0.002,
  "403-expired": 0.002,
  insufficient: 0.002,
};

/** A server that is still being compiled would spoil the figures. */
const WARM_UP_MS = 10_000;

/**
 * In one second of so many, the charges go to the peer. A busy machine then slows both servers alike. The peer's own
 * load slows neither.
 */
const PEER_EVERY = 5;

export const engineOf = { redis: redisServer, postgres: postgresServer };

/** Charges at a steady rate for minutes on end. Then compares ARES's book with the ledger and with every answer. */
export async function soak({
  on,
  minutes,
  perSecond = 100,
  signal,
  onMinute,
}: SoakOptions): Promise<SoakMinute & { complaints: number }> {
  const stops: (() => unknown)[] = [];
  try {
    const engine =
      on === "redis" ? await startRedis({ appendfsync: "everysec" }) : await startPostgres();
    stops.push(engine.stop);
    const build = takeBuild();
    stops.push(build.remove);
    const total = Math.ceil((minutes * 60 + WARM_UP_MS / 1000 + 5) * perSecond);
    const ledger: LedgerChoice = { on, port: engine.port };
    const open = async (choice: LedgerChoice) => {
      const ares = await startAres(build.part);
      stops.push(ares.stop);
      await ares.failRandomly(faults);
      const fleet = await startFleet(
        build.service("app"),
        { ares: ares.url, ledger: choice, prices, timeoutMs: 5_000 },
        1,
      );
      stops.push(fleet.stop);
      return createSide(ares, fleet);
    };
    const sides = { tested: await open(ledger), peer: await open({ on: "memory" }) };
    const opened = await openLedger(ledger);
    stops.push(opened.close);
    await opened.ledger.health();
    await pause(2_200);

    let number = 0;
    const chargeFor = async (ms: number) => {
      const began = performance.now();
      for (let sent = 0; ; sent++) {
        signal?.throwIfAborted();
        const early = began + (sent * 1000) / perSecond - performance.now();
        if ((sent * 1000) / perSecond >= ms) return;
        if (early > 1) await pause(early);
        const side = Math.floor(sent / perSecond) % PEER_EVERY === 0 ? sides.peer : sides.tested;
        side.charge(number);
        number += 1;
      }
    };
    const look = async (
      minute: number,
      latencies: { tested: number[]; peer: number[] },
    ): Promise<SoakMinute> => {
      const [tested, peer] = [percentiles(latencies.tested), percentiles(latencies.peer)];
      return {
        minute,
        charges: sides.tested.intents.length,
        tested: { ...tested, ...(await readStats(sides.tested.url())) },
        peer: { ...peer, ...(await readStats(sides.peer.url())) },
        addedP99: tested.p99 - peer.p99,
      };
    };

    await chargeFor(WARM_UP_MS);
    for (const side of Object.values(sides)) side.takeLatencies();
    const all: { tested: number[]; peer: number[] } = { tested: [], peer: [] };
    for (let minute = 1; minute <= minutes; minute++) {
      await chargeFor(60_000);
      const latencies = { tested: sides.tested.takeLatencies(), peer: sides.peer.takeLatencies() };
      onMinute(await look(minute, latencies));
      for (const side of ["tested", "peer"] as const) all[side].push(...latencies[side]);
    }
    await pause(3_000);

    const { intents, customer, ares } = sides.tested;
    const rows = [];
    for (const userId of usersOf(total, baskets))
      rows.push(...(await opened.ledger.list({ userId, limit: 1000 })));
    const evidence = gather(intents, await ares.deductions(), rows, customer.history);
    return { ...(await look(minutes, all)), complaints: evidence.flatMap(judge).length };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** One of the two compared servers, with its own ARES. */
function createSide(ares: RunningAres, fleet: Fleet) {
  const intents: Intent[] = [];
  const customer: Customer = { urls: fleet.urls, history: [], attempts: 1, random: Math.random };
  let latencies: number[] = [];
  return {
    ares,
    intents,
    customer,
    url: () => fleet.urls()[0] ?? "",
    charge(n: number) {
      const intent = makeIntent(n, 1, baskets);
      intents.push(intent);
      const from = performance.now();
      for (const key of intent.keys)
        void charge(customer, intent, key).then(() => latencies.push(performance.now() - from));
    },
    takeLatencies() {
      const taken = latencies;
      latencies = [];
      return taken;
    },
  };
}

function percentiles(latencies: readonly number[]): { p50: number; p99: number } {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
