import type { RandomFaults } from "ares-react/testing";
import type { ChargeRow, Ledger } from "../../server";
import { type Customer, charge, type Operation, read } from "./customer";
import { needsTwoCharges } from "./history";
import { type Baskets, type Intent, makeDoubleClick, makeIntent, type Want } from "./intents";
import { type Complaint, gather, judge } from "./judge";
import { type LedTo, whatFaultsLedTo } from "./ledTo";
import { createClock, createDisturber, eachInParallel, inParallel, type Lasts } from "./pace";
import { badDay, type Deduction, type Met, startAres } from "./startAres";
import { type Fleet, startFleet } from "./startFleet";
import type { Program } from "./startService";
import { allowsExactly, allRows, spentOf, untilKeysAreTaken, untilNobodySends } from "./trialBook";

export interface Trial {
  /** The pretend ARES. */
  ares: Program;
  /** The servers of the app. `guide`: the guide's own route, which keeps no ledger. */
  servers: { program: Program; setup: object } | "guide";
  /** The ledger that the judge reads. It holds the servers' rows, and may be reached by a better way. */
  ledger?: Ledger;
  baskets: Baskets;
  lasts: Lasts;
  /** How many requests ask for each intent at the same time. */
  duplicates: number;
  /** How often a customer repeats a request whose answer allows that. */
  attempts: number;
  /** What those press, all at once, who are meant to meet the cap. @default nothing */
  capped?: readonly Want[];
  /** True where the servers charge under a cap, so that the ledger adds up what each user spends. */
  addsUp?: boolean;
  /** The number of intents under way at the same time. @default 40 */
  width?: number;
  /** Happens once, when all servers are up. */
  onceUp?: () => void;
  /** Happens this many times, spread evenly over the trial. */
  disturb?: { times: number; by: (fleet: Fleet, time: number) => Promise<void> };
  faults?: RandomFaults["rates"];
  /** At the end, each key is sent once more. @default true */
  repeatAll?: boolean;
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
  /** What the customers were answered, by code. */
  answers: Record<string, number>;
  faults: LedTo[];
}

/** Ends what a trial has started, while the trial still runs. */
export type Stops = Set<() => Promise<unknown>>;

/** Charges many intents through the real servers on a bad day. Compares three books: ARES's, the ledger's, the customers'. */
export async function runTrial(trial: Trial, stops: Stops = new Set()): Promise<Verdict> {
  const began = Date.now();
  const own: Stops = new Set();
  function started<T extends { stop(): Promise<unknown> }>(service: T): T {
    for (const each of [own, stops]) each.add(service.stop);
    return service;
  }
  try {
    const { ledger, servers } = trial;
    const ares = started(await startAres(trial.ares));
    const fleet =
      servers === "guide"
        ? undefined
        : started(await startFleet(servers.program, { ...servers.setup, ares: ares.url }));
    if (ledger) await untilKeysAreTaken(ledger);
    await ares.failRandomly(trial.faults ?? badDay);
    trial.onceUp?.();
    const played = await play(trial, fleet, fleet?.urls ?? (() => [ares.url]), ares.heal);
    const rows = ledger ? await allRows(ledger) : [];
    const users = [...new Set([...played.intents, ...played.capped].map(({ user }) => user))];
    const deaths = (fleet?.deaths ?? []).map(({ moment, ...left }) => ({ ...left, fault: moment }));
    return {
      ...compare({
        ...played,
        rows,
        users,
        deductions: await ares.deductions(),
        met: [...(await ares.faultsMet()), ...deaths],
      }),
      figures: {
        intents: played.intents.length + played.capped.length,
        duplicates: trial.duplicates,
        requests: played.history.length,
        disturbances: played.disturbances,
        deductions: (await ares.deductions()).length,
        seconds: Math.round((Date.now() - began) / 1000),
      },
      miscounted: ledger && trial.addsUp ? await countMiscounted(ledger, users, rows) : 0,
    };
  } finally {
    for (const stop of own) stops.delete(stop);
    await Promise.all([...own].map((stop) => stop()));
  }
}

interface Played {
  intents: Intent[];
  capped: readonly Want[];
  history: Operation[];
  disturbances: number;
}

/** All that the customers do: they press, repeat, and read. */
async function play(
  trial: Trial,
  fleet: Fleet | undefined,
  urls: () => string[],
  heal: () => Promise<void>,
): Promise<Played> {
  const { baskets, duplicates, attempts, disturb, capped = [], width = 40 } = trial;
  const history: Operation[] = [];
  const intents: Intent[] = [];
  const customer: Customer = { urls, history, attempts, random: Math.random };
  const press = (intent: Intent, as: Customer) =>
    Promise.all(intent.keys.map((key) => charge(as, intent, key)));
  const clock = createClock(trial.lasts);
  const disturber = createDisturber(disturb?.times ?? 0, async (time) => {
    if (fleet) await disturb?.by(fleet, time);
  });

  // Who is to meet a cap of a minute asks at once, and gives up within it.
  const hasty = { ...customer, attempts: 2 };
  const burst = Promise.all(capped.map((want) => press(makeDoubleClick(want), hasty)));
  await inParallel(width, clock.next, async (n) => {
    const intent = makeIntent(n, duplicates, baskets);
    intents.push(intent);
    await press(intent, customer);
    disturber.progress(clock.finish());
  });
  await burst;
  await disturber.done();
  const each = (work: (intent: Intent, key: string) => Promise<unknown>) =>
    eachInParallel(width, intents, async (intent) => {
      for (const key of new Set(intent.keys)) await work(intent, key);
    });
  if (trial.repeatAll ?? true) await each((intent, key) => charge(customer, intent, key));

  await heal();
  if (trial.ledger) await untilNobodySends(trial.ledger);
  await each((intent, key) => read(customer, intent, key));
  return { intents, capped, history, disturbances: disturber.times };
}

/** Everything that is known at the end. */
interface Books extends Played {
  users: readonly string[];
  rows: readonly ChargeRow[];
  deductions: readonly Deduction[];
  met: readonly Met[];
}

/** Compares the three books. */
function compare({ intents, users, rows, deductions, history, met }: Books) {
  const all = gather(intents, deductions, rows, history);
  const complaints = all.flatMap((each) =>
    judge(each).map((complaint) => ({ ...complaint, intent: each.intent.name })),
  );
  const among = (is: Complaint["is"]) =>
    new Set(complaints.filter((each) => each.is === is).map(({ intent }) => intent)).size;
  return {
    booked: tally(all.map(({ booked }) => booked.join("+") || "none")),
    complaints: {
      doubled: among("doubled"),
      contradicted: among("contradicted"),
      unbooked: among("unbooked"),
      examples: complaints.slice(0, 5).map(({ intent, is, why }) => `${intent}: ${is}: ${why}`),
    },
    historiesThatNeedTwo: all.filter(({ answers }) => needsTwoCharges(answers)).length,
    mostOfOneUser: {
      counted: Math.max(...users.map((user) => spentOf(rows, user) / 100)),
      deducted: Math.max(...users.map((user) => deductedOf(deductions, user) / 100)),
    },
    answers: tally(history.map(({ code }) => code)),
    faults: whatFaultsLedTo(all, met),
  };
}

/** What ARES took from a user, in whole hundredths. */
function deductedOf(deductions: readonly Deduction[], user: string): number {
  return deductions
    .filter(({ userId }) => userId === user)
    .reduce((sum, { credits }) => sum + Math.round(credits * 100), 0);
}

async function countMiscounted(
  ledger: Ledger,
  users: readonly string[],
  rows: readonly ChargeRow[],
): Promise<number> {
  let miscounted = 0;
  await eachInParallel(40, users, async (user) => {
    if (!(await allowsExactly(ledger, user, spentOf(rows, user)))) miscounted += 1;
  });
  return miscounted;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
