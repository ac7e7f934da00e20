import { askLedger } from "../ledger/askLedger";
import type { ChargeRow, Ledger, Settlement } from "../ledger/ledger";
import { type AresEvent, factsOf } from "./events";

type Settled = Pick<ChargeRow, "id" | "usage" | "hundredths">;

export interface OutcomeRecorder {
  /** Stores an outcome. When the ledger fails, the outcome waits and is stored after the answer. Never rejects. */
  settle(row: Settled, settlement: Settlement): Promise<void>;
  /** Stores an outcome after the answer. */
  settleLater(row: Settled, settlement: Settlement): void;
}

export interface OutcomeRecorderParts {
  ledger: Ledger;
  emit: (event: Omit<AresEvent, "at">) => void;
  /** Keeps a serverless function alive until the promise ends. */
  waitUntil?: ((work: Promise<void>) => void) | undefined;
}

interface Waiting {
  row: Settled;
  settlement: Settlement;
  stored: () => void;
}

const MOST_WAITING = 1_000;
/** Tries of one outcome until it is given up: a minute of seconds, then a day of minutes. */
const MOST_TRIES = 60 + 24 * 60;

/** The wait before the next try, after so many failures in a row. */
function waitMs(failures: number): number {
  if (failures === 0) return 100;
  return failures <= 60 ? 1_000 : 60_000;
}

/** Stores outcomes. A failing ledger never changes the answer that a user gets. */
export function createOutcomeRecorder({ ledger, emit, waitUntil }: OutcomeRecorderParts): OutcomeRecorder {
  let waiting: Waiting[] = [];
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function settleLater(row: Settled, settlement: Settlement): void {
    if (waiting.length >= MOST_WAITING) {
      lose(row, settlement);
      return;
    }
    const stored = new Promise<void>((resolve) => waiting.push({ row, settlement, stored: resolve }));
    waitUntil?.(stored);
    schedule();
  }

  function schedule(): void {
    if (timer !== undefined || waiting.length === 0) return;
    timer = setTimeout(() => void tryOne(), waitMs(failures));
    // The timer alone must not keep a process alive. Other runtimes give a number.
    if (typeof timer === "object") timer.unref();
  }

  /** One outcome asks whether the ledger is back. When the ledger stores it, the others follow at once. */
  async function tryOne(): Promise<void> {
    const [first, ...others] = waiting;
    if (first && (await isStored(first))) {
      failures = 0;
      const left = await Promise.all(others.map(async (each) => ((await isStored(each)) ? [] : [each])));
      waiting = [...left.flat(), ...waiting.slice(1 + others.length)];
    } else if (first) {
      failures += 1;
      // Another outcome asks the next time: one row that can't be stored must not hold up the rest.
      waiting = [...waiting.slice(1), first];
    }
    if (failures > MOST_TRIES) giveUp();
    timer = undefined;
    schedule();
  }

  async function isStored({ row, settlement, stored }: Waiting): Promise<boolean> {
    const done = await write(row, settlement).then(
      () => true,
      () => false,
    );
    if (done) stored();
    return done;
  }

  function giveUp(): void {
    for (const { row, settlement, stored } of waiting) {
      lose(row, settlement);
      stored();
    }
    waiting = [];
    failures = 0;
  }

  function lose(row: Settled, { to }: Settlement): void {
    emit({ type: "settle_lost", ...factsOf(row), ...verdictOf(to) });
  }

  async function write(row: Settled, settlement: Settlement): Promise<void> {
    const { attempt, to } = settlement;
    if (await askLedger(() => ledger.settle(row.id, settlement))) return;
    if (to === "claimed") return askLedger(() => free(row, attempt));
    // An operator has ended the row. ARES's own yes corrects an operator's no, and the operator hears of both.
    const corrected = to === "charged" && (await askLedger(() => correct(row.id, attempt)));
    emit({ type: corrected ? "settle_corrected" : "settle_lost", ...factsOf(row), ...verdictOf(to) });
  }

  async function correct(id: string, attempt: string): Promise<boolean> {
    const said = (await ledger.find(id))?.outcome.note ?? "";
    return ledger.resolve(id, { to: "charged", note: `${said} ARES confirmed it later.`.trim(), attempt });
  }

  /** `reconcile` may have stored the lost sender's row as unknown. The sender knows better: nothing was sent. */
  async function free(row: Settled, attempt: string): Promise<void> {
    const found = await ledger.find(row.id);
    if (found?.status !== "unknown" || found.attempt !== attempt) return;
    const ended = await ledger.resolve(row.id, { to: "declined", note: "ARES did nothing with this charge." });
    if (ended) emit({ type: "resolved", ...factsOf(row), code: "not_charged" });
  }

  return {
    async settle(row, settlement) {
      try {
        await write(row, settlement);
      } catch {
        emit({ type: "settle_delayed", ...factsOf(row), ...verdictOf(settlement.to) });
        settleLater(row, settlement);
      }
    },
    settleLater,
  };
}

/** The verdict of an outcome, as `charges.resolve` takes it. An unknown outcome has none. */
function verdictOf(to: Settlement["to"]): Pick<AresEvent, "verdict"> {
  if (to === "unknown") return {};
  return { verdict: to === "charged" ? "charged" : "not_charged" };
}
