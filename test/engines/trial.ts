import { type Customer, charge, type Operation, read } from "../../src/cli/prove/customer";
import { needsTwoCharges } from "../../src/cli/prove/history";
import { type Intent, makeIntent, prices, usersOf } from "../../src/cli/prove/intents";
import { type Complaint, gather, judge } from "../../src/cli/prove/judge";
import { badDay, startAres } from "../../src/cli/prove/startAres";
import { type Fleet, startFleet } from "../../src/cli/prove/startFleet";
import type { ChargeRow, Ledger } from "../../src/server";
import type { RandomFaults } from "../../src/testing";
import { pause } from "../ledgers/engines";
import { takeBuild } from "./buildUnderTest";
import { openLedger } from "./services/openLedger.mjs";

export interface Trial {
  ledger: LedgerChoice;
  /** The ledger that the judge reads, when the trial disturbs the servers' own way to it. @default ledger */
  judgeReads?: LedgerChoice;
  /** @default "kit" */
  route?: "kit" | "guide" | "retriesOnce" | "deletesOnError";
  intents: number;
  /** How many requests ask for each intent at the same time. */
  duplicates: number;
  /** How often a customer repeats a request whose answer allows that. */
  attempts: number;
  /** Happens once, when all servers are up. */
  onceUp?: () => void;
  /** Happens this many times, spread evenly over the intents. */
  disturb?: { times: number; by: (fleet: Fleet) => Promise<void> };
  faults?: RandomFaults["rates"];
  /** The most credits that one user may spend. @default more than any user asks for */
  spendCap?: { perDay: number };
  /** At the end, each key is sent once more. @default true */
  repeatAll?: boolean;
}

/** The ledger that the servers open; see `openLedger`. */
export interface LedgerChoice {
  on: "memory" | "redis" | "postgres" | "sqlite";
  port?: number;
  file?: string;
  wait?: { replicas: number; timeoutMs: number };
  forgetsItsAge?: boolean;
}

/** The result of a trial. */
export interface Verdict {
  figures: Record<
    "intents" | "duplicates" | "requests" | "disturbances" | "deductions" | "seconds",
    number
  >;
  /** The number of intents by their state in the ledger. */
  booked: Record<string, number>;
  complaints: Record<Complaint["is"], number> & { examples: string[] };
  historiesThatNeedTwo: number;
  /** The number of users whom a limit stops at another sum than that over their rows. */
  miscounted: number;
  /** The most credits of one user, by the rows that count as spent and by ARES's book. */
  mostOfOneUser: Record<"counted" | "deducted", number>;
}

/** The number of intents under way at the same time. */
const WIDTH = 40;
/** The servers' time limit for ARES. A slow ARES takes longer. */
const TIMEOUT_MS = 1_500;
/** A new ledger refuses the keys of its first moments. */
const FIRST_MOMENTS_MS = 2_200;
/** A sender counts as lost 20 seconds after its time limit. */
const LEASE_ENDS_MS = 45_000;

/** Charges many intents through the real servers on a bad day. Compares three books: ARES's, the ledger's, the customers'. */
export async function runTrial(trial: Trial): Promise<Verdict> {
  const {
    route = "kit",
    intents: count,
    duplicates,
    attempts,
    faults = badDay,
    repeatAll = true,
  } = trial;
  const began = Date.now();
  const build = takeBuild();
  const ares = await startAres(build.service("ares"), usersOf(count));
  const setup = {
    ares: ares.url,
    ledger: trial.ledger,
    prices,
    timeoutMs: TIMEOUT_MS,
    route,
    spendCap: trial.spendCap,
  };
  const fleet = await startFleet(build.service("app"), setup);
  const { ledger, close } = await openLedger(trial.judgeReads ?? trial.ledger);
  try {
    const history: Operation[] = [];
    const customer: Customer = { urls: fleet.urls, history, attempts, random: Math.random };
    // The ledger's age begins at the first look.
    await ledger.health();
    await pause(FIRST_MOMENTS_MS);
    await ares.failRandomly(faults);
    trial.onceUp?.();

    const disturber = createDisturber(trial, fleet);
    const intents: Intent[] = [];
    await inParallel(count, async (n) => {
      const intent = makeIntent(n, duplicates);
      intents.push(intent);
      await Promise.all(intent.keys.map((key) => charge(customer, intent, key)));
      disturber.progress();
    });
    await disturber.done();
    if (repeatAll) await eachKey(intents, (intent, key) => charge(customer, intent, key));

    await ares.heal();
    const rowsOf = async () =>
      (
        await Promise.all(usersOf(count).map((userId) => ledger.list({ userId, limit: 1000 })))
      ).flat();
    await untilNobodySends(rowsOf);
    await eachKey(intents, (intent, key) => read(customer, intent, key));

    const [deductions, rows] = [await ares.deductions(), await rowsOf()];
    const counted = await Promise.all(
      usersOf(count).map((userId) => allowsExactly(ledger, userId, spentOf(rows, userId))),
    );
    const all = gather(intents, deductions, rows, history);
    const complaints = all.flatMap((each) =>
      judge(each).map((complaint) => ({ ...complaint, intent: each.intent.name })),
    );
    const among = (is: Complaint["is"]) =>
      new Set(complaints.filter((each) => each.is === is).map(({ intent }) => intent)).size;
    return {
      figures: {
        intents: count,
        duplicates,
        requests: history.length,
        disturbances: disturber.times,
        deductions: deductions.length,
        seconds: Math.round((Date.now() - began) / 1000),
      },
      booked: tally(all.map(({ booked }) => booked.join("+") || "none")),
      complaints: {
        doubled: among("doubled"),
        contradicted: among("contradicted"),
        unbooked: among("unbooked"),
        examples: complaints.slice(0, 5).map(({ intent, is, why }) => `${intent}: ${is}: ${why}`),
      },
      miscounted: counted.filter((isExact) => !isExact).length,
      mostOfOneUser: {
        counted: Math.max(...usersOf(count).map((userId) => spentOf(rows, userId) / 100)),
        deducted: Math.max(
          ...usersOf(count).map(
            (userId) => deductions.filter((each) => each.userId === userId).length,
          ),
        ),
      },
      historiesThatNeedTwo: all.filter(({ answers }) => needsTwoCharges(answers)).length,
    };
  } finally {
    await close();
    await Promise.all([fleet.stop(), ares.stop()]);
    build.remove();
  }
}

/** What a user's rows add up to, in whole hundredths. */
function spentOf(rows: readonly ChargeRow[], userId: string): number {
  return rows
    .filter(
      (row) =>
        row.userId === userId &&
        (row.status === "sending" || row.status === "unknown" || row.status === "charged"),
    )
    .reduce((sum, { hundredths }) => sum + hundredths, 0);
}

/** True when one more credit begins under a limit that just has room for it, and not under one with a hundredth less. */
async function allowsExactly(ledger: Ledger, userId: string, spent: number): Promise<boolean> {
  const answers: (string | undefined)[] = [];
  for (const day of [spent + 99, spent + 100]) {
    const [id, attempt] = [crypto.randomUUID(), crypto.randomUUID()];
    const target = { userId, usage: "image", resource: null, fingerprint: id, hundredths: 100 };
    const times = { mintedAt: Date.now() + 60_000, leaseMs: 60_000, retainMs: 60_000 };
    await ledger.claim(id, { ...target, ...times, attempt, key: id });
    const begun = await ledger.beginWithin?.(id, { attempt, leaseMs: 60_000, most: { day } });
    answers.push(begun?.k);
    await ledger.settle(id, { attempt, to: "claimed", outcome: {} });
  }
  return answers.join() === "over,yes";
}

/** Disturbs after each of several equal parts of the work, one disturbance at a time. */
function createDisturber({ disturb, intents }: Trial, fleet: Fleet) {
  let [finished, times] = [0, 0];
  let last: Promise<void> = Promise.resolve();
  return {
    progress() {
      finished += 1;
      if (
        !disturb ||
        times >= disturb.times ||
        finished < ((times + 1) * intents) / (disturb.times + 1)
      )
        return;
      times += 1;
      last = last.then(() => disturb.by(fleet));
    },
    done: () => last,
    get times() {
      return times;
    },
  };
}

/** Waits until the leases of killed senders have ended. Until then their charges have no final state. */
async function untilNobodySends(rowsOf: () => Promise<{ status: string }[]>): Promise<void> {
  // A slow ARES may still deduct for a request whose server has given up or died.
  await pause(3_500);
  for (const giveUpAt = Date.now() + LEASE_ENDS_MS; Date.now() < giveUpAt; await pause(1_000)) {
    if (!(await rowsOf()).some(({ status }) => status === "sending")) return;
  }
  throw new Error("There are still rows that say sending. Their leases should have ended.");
}

async function eachKey(
  intents: readonly Intent[],
  work: (intent: Intent, key: string) => Promise<unknown>,
): Promise<void> {
  await inParallel(intents.length, async (n) => {
    const intent = intents[n];
    for (const key of new Set(intent?.keys)) if (intent) await work(intent, key);
  });
}

async function inParallel(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
