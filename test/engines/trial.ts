import {
  type Trial as AnyTrial,
  runTrial as run,
  type Verdict,
} from "../../src/cli/prove/runTrial";
import { takeBuild } from "./buildUnderTest";
import { baskets, prices } from "./prices";
import { openLedger } from "./services/openLedger.mjs";

export type { Verdict };

/** A trial of the built package on an engine of this machine: the harness of `ares-react prove`, on an app of its own. */
export interface Trial
  extends Pick<AnyTrial, "duplicates" | "attempts" | "onceUp" | "disturb" | "repeatAll"> {
  ledger: LedgerChoice;
  /** The ledger that the judge reads, when the trial disturbs the servers' own way to it. @default ledger */
  judgeReads?: LedgerChoice;
  /** @default "kit" */
  route?: "kit" | "guide" | "retriesOnce" | "deletesOnError";
  intents: number;
  /** The most credits that one user may spend. @default more than any user asks for */
  spendCap?: { perDay: number };
}

/** The ledger that the servers open; see `openLedger`. */
export interface LedgerChoice {
  on: "memory" | "redis" | "postgres" | "sqlite";
  port?: number;
  file?: string;
  wait?: { replicas: number; timeoutMs: number };
  forgetsItsAge?: boolean;
}

/** The servers' time limit for ARES. A slow ARES takes longer. */
const TIMEOUT_MS = 1_500;

/** Charges many intents through the real servers on a bad day. Compares three books: ARES's, the ledger's, the customers'. */
export async function runTrial(trial: Trial): Promise<Verdict> {
  const { ledger: choice, judgeReads = choice, route = "kit", intents, spendCap, ...rest } = trial;
  const build = takeBuild();
  const app = { ledger: choice, prices, spendCap, timeoutMs: TIMEOUT_MS };
  const servers = {
    kit: {
      program: build.part,
      setup: { ...app, part: "server", folder: build.folder, module: "services/aresOptions.mjs" },
    },
    guide: "guide",
    retriesOnce: { program: build.service("careless"), setup: { ...app, route } },
    deletesOnError: { program: build.service("careless"), setup: { ...app, route } },
  } as const;
  const { ledger, close } = await openLedger(judgeReads);
  try {
    return await run({
      ...rest,
      ares: build.part,
      servers: servers[route],
      ledger,
      baskets,
      lasts: { intents },
      addsUp: true,
    });
  } finally {
    await close();
    build.remove();
  }
}
