import type { AresServerOptions, Ledger, TrialLedger } from "../../server";
import { loadModule } from "../doctor/loadModule";

/** What `prove` puts in the place of the app's own: the trial has its own ARES, sign-in, listeners and limits. */
const replaced = [
  "ares",
  "auth",
  "onEvent",
  "onError",
  "telemetry",
  "waitUntil",
  "paused",
  "rateLimit",
  "ledger",
] as const;

/** The options that a module exports as `aresOptions`; a text instead says what to correct. */
export async function readAppOptions(
  folder: string,
  file: string,
): Promise<AresServerOptions | string> {
  const module = await loadModule(folder, file);
  if (typeof module === "string") return module;
  const { default: common } = module;
  const aresOptions = module.aresOptions ?? Object(common).aresOptions;
  return isOptions(aresOptions) ? aresOptions : `${file} ${NO_OPTIONS}`;
}

const NO_OPTIONS = `exports no \`aresOptions\`, and prove charges with what your server is made of. Write:
  export const aresOptions = { prices, ledger, … };
  export const ares = createAresServer(aresOptions);`;

function isOptions(value: unknown): value is AresServerOptions {
  return (
    typeof value === "object" &&
    value !== null &&
    "prices" in value &&
    "ledger" in value &&
    typeof value.ledger === "object" &&
    value.ledger !== null
  );
}

/** What is left of the app's options. */
export function keptOptions(options: AresServerOptions) {
  const kept = Object.entries(options).filter(([name]) => !replaced.some((each) => each === name));
  return { clientId: options.clientId, prices: options.prices, ...Object.fromEntries(kept) };
}

const verbs = [
  "claim",
  "begin",
  "beginWithin",
  "settle",
  "find",
  "list",
  "resolve",
  "redeem",
] as const;

/** The app's ledger under a name of its own, with nothing in it. A text instead says why there is none. */
export function trialOf(
  { ledger, pretend }: AresServerOptions,
  name: string,
): TrialLedger | string {
  if (ledger.store?.engine === "memory" || (pretend && !ledger.store)) return IN_MEMORY;
  const trial = ledger.trial?.(name);
  if (!trial) return NO_TRIAL;
  const own = verbs.filter((verb) => !isSame(ledger, trial, verb));
  return own.length === 0
    ? trial
    : `The ledger's ${own.map((verb) => `${verb}()`).join(", ")} would be missing in its trial, and prove would tell of another ledger. ${WRITE_TRIAL}`;
}

/** A verb that the app put over the ledger has another text than that of the ledger below. */
function isSame(ledger: Ledger, trial: Ledger, verb: (typeof verbs)[number]): boolean {
  return String(ledger[verb]) === String(trial[verb]);
}

const WRITE_TRIAL =
  "Give your ledger a trial(name) that makes the same again: trial: (name) => yours(ledger.trial(name)).";

const NO_TRIAL = `The ledger can't take another name, and prove never charges in your own book. ${WRITE_TRIAL}`;

const IN_MEMORY =
  "The ledger is in memory. A server that is killed forgets its charges, and so does every deploy: there is nothing to prove. Pass sqlLedger or redisLedger first.";
