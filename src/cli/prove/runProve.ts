import { parseArgs } from "node:util";
import type { Ledger, TrialLedger } from "../../server";
import { type DeskPlace, reasonOf } from "../charges/desk";
import { readEnvFile, usualModule } from "../doctor/loadModule";
import { readAppOptions, trialOf } from "./appOptions";
import { moments } from "./moments";
import { type Plan, planOf } from "./plan";
import { runTrial, type Stops, type Verdict } from "./runTrial";
import type { Program } from "./startService";
import { type Ending, linesOf, type Report } from "./words";

export const PROVE_USAGE = `Usage: ares-react prove [module that exports aresOptions] [--seconds 120] [--json] [--env-file <file>]
       Kills servers, loses replies and sends everything twice, over a pretend ARES and a table or prefix of its own.
       Exit codes: 0 proved, 1 refuted, 2 nothing proved`;

export interface ProvePlace extends Omit<DeskPlace, "confirm"> {
  /** Starts one part of a trial: see `runPart`. */
  part: Program;
  /** Ends the run early. */
  signal: AbortSignal;
}

const exitCodes: Readonly<Record<Ending, number>> = { proved: 0, refuted: 1, "nothing proved": 2 };
const NOTHING_PROVED = exitCodes["nothing proved"];

/** A machine too slow for so many intents in the time takes longer, rather than prove with a few. */
const LEAST_INTENTS = 40;
/** A server is killed so often. */
const KILL_EVERY_S = 5;
/** The servers' time limit for ARES, in milliseconds. A slow ARES takes longer. */
const TIMEOUT_MS = 1_500;

/**
 * `ares-react prove`: tries an app's own prices, options and ledger engine under kills, lost replies and duplicates. Returns
 * the exit code: 0 proved, 1 refuted, 2 nothing proved.
 */
export async function runProve(args: readonly string[], place: ProvePlace): Promise<number> {
  const { tell, folder, print } = place;
  const asked = read(args);
  if (!asked) {
    tell(PROVE_USAGE);
    return NOTHING_PROVED;
  }
  const { envFile, json, seconds } = asked;
  if (envFile !== undefined && !readEnvFile(envFile, tell)) return NOTHING_PROVED;
  const file = asked.module ?? usualModule(folder);
  if (file === undefined) {
    tell("Name the module that exports `aresOptions`.");
    return NOTHING_PROVED;
  }
  const opened = await open(folder, file);
  if (typeof opened === "string") {
    tell(opened);
    return NOTHING_PROVED;
  }
  const { book, ledger } = opened;
  tell(book);
  const stops: Stops = new Set();
  try {
    const running = prove({ ...opened, folder, file, seconds }, place, stops);
    const report = await Promise.race([running, untilAborted(place.signal)]);
    print(json ? JSON.stringify(report) : linesOf(report));
    return exitCodes[report.ending];
  } catch (error) {
    tell(`Nothing proved: ${reasonOf(error)}`);
    return NOTHING_PROVED;
  } finally {
    await Promise.allSettled([...stops].map((stop) => stop()));
    await remove(ledger, tell);
  }
}

interface Opened {
  plan: Plan;
  /** The ledger of the trial, and what its name ends in. */
  ledger: TrialLedger;
  name: string;
  book: string;
}

/** Reads the app's options, and names a ledger of its own. A text instead says what to correct. */
async function open(folder: string, file: string): Promise<Opened | string> {
  const options = await readAppOptions(folder, file);
  if (typeof options === "string") return options;
  const plan = planOf(options.prices, options.spendCap);
  if (plan.baskets.length === 0) return ["There is nothing to charge.", ...plan.leftOut].join("\n");
  const name = `prove_${crypto.randomUUID().slice(0, 8)}`;
  const ledger = trialOf(options, name);
  if (typeof ledger === "string") return ledger;
  return { plan, ledger, name, book: await titleOf(ledger, options.ledger) };
}

/** Says which book the run makes, and where. */
async function titleOf(trial: TrialLedger, own: Ledger): Promise<string> {
  const { engine, name } = trial.store ?? {};
  const place = await trial.store?.place?.().catch(() => undefined);
  const facts = [engine, place?.host, name].filter((each) => each !== undefined);
  return `Book: ${facts.join(", ")}, made for this run. ${own.store?.name ?? "The app's own"} is not touched.`;
}
interface Proof extends Opened {
  folder: string;
  file: string;
  seconds: number;
}

async function prove(
  { plan, book, ledger, name, folder, file, seconds }: Proof,
  { part, tell }: ProvePlace,
  stops: Stops,
): Promise<Report> {
  await ledger.setup();
  tell("The control: the guide's own route under double clicks…");
  const control = await runTrial(
    {
      ares: part,
      servers: "guide",
      baskets: plan.baskets,
      lasts: { intents: 100 },
      duplicates: 2,
      attempts: 1,
      repeatAll: false,
    },
    stops,
  );
  tell(`Your app: four servers, ${seconds} s of charges, and then a minute to read all back…`);
  const setup = { part: "server", folder, module: file, trial: name, timeoutMs: TIMEOUT_MS };
  const app = await runTrial(
    {
      ares: part,
      servers: { program: part, setup },
      ledger,
      baskets: plan.baskets,
      capped: plan.capped,
      addsUp: plan.room !== Infinity,
      lasts: { intents: LEAST_INTENTS, seconds },
      duplicates: 3,
      attempts: 12,
      width: 20,
      disturb: {
        times: Math.max(moments.length, Math.floor(seconds / KILL_EVERY_S)),
        by: (fleet, time) => fleet.killOne(moments[time % moments.length]),
      },
    },
    stops,
  );
  const { leftOut } = plan;
  return { ...endingOf(control, app, plan.room), book, control, app, leftOut };
}

/** What a run shows. */
export function endingOf(
  control: Verdict,
  app: Verdict,
  room: number,
): Pick<Report, "ending" | "because"> {
  const { doubled, contradicted, unbooked } = app.complaints;
  const charged = app.booked.charged ?? 0;
  if (doubled + contradicted + unbooked + app.historiesThatNeedTwo > 0)
    return refuted("ARES's book, the ledger and the answers do not agree.");
  if (app.mostOfOneUser.deducted > room)
    return refuted(`a user was charged more than the cap of ${room} credits.`);
  if (app.miscounted > 0)
    return refuted("the ledger adds up another sum than the charges of a user make.");
  if (control.complaints.doubled === 0)
    return nothing("the control was charged nothing twice, so this harness would see no double.");
  if (charged === 0)
    return nothing(`no charge came about. Your servers answered: ${answersOf(app)}`);
  if (app.faults.length === 0) return nothing("no charge met a fault. Take more --seconds.");
  return {
    ending: "proved",
    because:
      "nothing was charged twice, no answer said more than ARES's book, and every deduction has its row.",
  };
}

const refuted = (because: string) => ({ ending: "refuted", because }) as const;
const nothing = (because: string) => ({ ending: "nothing proved", because }) as const;

function answersOf({ answers }: Verdict): string {
  return Object.entries(answers)
    .sort(([, a], [, b]) => b - a)
    .map(([code, times]) => `${code} ${times} times`)
    .join(", ");
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error("the run was ended early."));
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}

/** A database may still be busy with what the killed servers asked for. */
async function remove(ledger: TrialLedger, tell: (line: string) => void): Promise<void> {
  for (let left = 5; ; left--) {
    try {
      return await ledger.drop();
    } catch (error) {
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, 500));
      else {
        tell(`${ledger.store?.name} could not be removed, so remove it: ${reasonOf(error)}`);
        return;
      }
    }
  }
}

function read(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: "string", default: "120" },
        json: { type: "boolean", default: false },
        "env-file": { type: "string" },
      },
    });
    const [module, ...others] = positionals;
    const seconds = Number(values.seconds);
    const isSound = others.length === 0 && Number.isInteger(seconds) && seconds > 0;
    if (!isSound) return undefined;
    return { module, seconds, json: values.json, envFile: values["env-file"] };
  } catch {
    return undefined;
  }
}
