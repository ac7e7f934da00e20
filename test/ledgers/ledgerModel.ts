import fc from "fast-check";
import type { ChargeRow, Claim, Ledger, Redemption } from "../../src/server";

/** One step of an adversarial schedule. A lease ends at once or outlasts the run, so no step waits. */
type Step =
  /** `rows`: how many rows the user may have. Without it the row is claimed without a limit. */
  | {
      op: "claim";
      row: number;
      attempt: string;
      key: string;
      fingerprint: string;
      long: boolean;
      rows?: number | undefined;
    }
  /** `most`: the limit of a day, in charges. Without it the charge begins without limits. */
  | { op: "begin"; row: number; attempt: string; long: boolean; most?: number | undefined }
  | {
      op: "settle";
      row: number;
      attempt: string;
      to: "charged" | "declined" | "unknown" | "claimed";
      note: string;
    }
  | Redeem
  | {
      op: "resolve";
      row: number;
      to: "charged" | "declined";
      note: string;
      attempt: string | undefined;
    }
  | {
      op: "list";
      status: "claimed" | "sending" | "charged" | "declined" | "unknown" | undefined;
      key: string | undefined;
    };

/** Members that are undefined are left out of the redemption. A plain redemption leaves all of them out. */
interface Redeem {
  op: "redeem";
  row: number;
  by: string;
  uses: number;
  release: boolean;
  /** The run of the work: `attempt` of the redemption. */
  run?: string | undefined;
  lease?: Lease | undefined;
  work?: "goes_on" | "ended" | undefined;
  body?: string | undefined;
  repeats?: number | undefined;
  releases?: number | undefined;
}

/** `long`: the lease outlasts the schedule. `short`: the lease has ended at the next step. */
type Lease = "long" | "short";

const row = fc.constantFrom(0, 0, 0, 1);
// Mostly one attempt and one row. Otherwise few schedules would reach a charge that is used up.
const attempt = fc.constantFrom("a", "a", "a", "b", "c");
const note = fc.constantFrom("x", "y");
const long = fc.boolean();

const plain = {
  op: fc.constant("redeem" as const),
  row,
  by: fc.constantFrom("p", "p", "q", "r"),
  uses: fc.constantFrom(1, 2),
  release: fc.constantFrom(false, false, false, true),
};

/** Redemptions with every option. Mostly one use of one run: otherwise few schedules would reach its end. */
const redeem: fc.Arbitrary<Redeem> = fc.record({
  ...plain,
  by: fc.constantFrom("p", "p", "p", "q"),
  run: fc.constantFrom("x", "x", "y", undefined),
  lease: fc.constantFrom<(Lease | undefined)[]>("long", "short", undefined),
  work: fc.constantFrom(undefined, undefined, undefined, "goes_on" as const, "ended" as const),
  body: fc.constantFrom("m", "m", "m", "n", undefined),
  repeats: fc.constantFrom(1, 1, 2, undefined),
  releases: fc.constantFrom(1, 1, 2, undefined),
});

const claimed = (row: number, key: string): Step => ({
  op: "claim",
  row,
  attempt: "a",
  key,
  fingerprint: "f",
  long: true,
});

const sent: Step[] = [claimed(0, "1"), { op: "begin", row: 0, attempt: "a", long: true, most: 1 }];

const settled = (to: "charged" | "declined" | "unknown"): Step => ({
  op: "settle",
  row: 0,
  attempt: "a",
  to,
  note: "x",
});

/** A charge that was ended as not charged, and corrected. */
const corrected: Step = { op: "resolve", row: 0, to: "charged", note: "y", attempt: "a" };

/** How schedules begin. At random alone, few would reach the ends of a use, or a second row beside a settled one. */
const beginnings: Step[][] = [
  [],
  [...sent, settled("charged")],
  [...sent, settled("declined")],
  [...sent, settled("declined"), corrected, claimed(1, "2")],
  [...sent, settled("unknown"), claimed(1, "2")],
  [...sent, settled("charged"), claimed(1, "2")],
];

const scheduleOf = (redemption: fc.Arbitrary<Redeem>): fc.Arbitrary<Step[]> =>
  fc
    .tuple(fc.constantFrom(...beginnings), stepsWith(redemption), fc.boolean())
    .map(([before, steps, isCapped]) => [...before, ...steps].map(isCapped ? asIs : withoutLimit));

const asIs = (step: Step): Step => step;

/** A user's charges all begin under limits, or none of them does. */
function withoutLimit(step: Step): Step {
  return step.op === "begin" ? { ...step, most: undefined } : step;
}

const stepsWith = (redemption: fc.Arbitrary<Redeem>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          op: fc.constant("claim" as const),
          row,
          attempt,
          key: fc.constantFrom("1", "2", "3"),
          fingerprint: fc.constantFrom("f", "f", "f", "f", "g"),
          long,
          rows: fc.constantFrom(undefined, undefined, 1, 2, 3),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          op: fc.constant("begin" as const),
          row,
          attempt,
          long,
          most: fc.constantFrom(0, 1, 1, 2),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          op: fc.constant("settle" as const),
          row,
          attempt,
          to: fc.constantFrom(
            "charged" as const,
            "charged" as const,
            "declined" as const,
            "unknown" as const,
            "claimed" as const,
          ),
          note,
        }),
      },
      { weight: 8, arbitrary: redemption },
      {
        weight: 2,
        arbitrary: fc.record({
          op: fc.constant("resolve" as const),
          row,
          to: fc.constantFrom("charged" as const, "declined" as const),
          note,
          attempt: fc.constantFrom(undefined, "a", "b"),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constant("list" as const),
          status: fc.constantFrom(
            undefined,
            "claimed" as const,
            "sending" as const,
            "charged" as const,
            "declined" as const,
            "unknown" as const,
          ),
          key: fc.constantFrom(undefined, "1", "2"),
        }),
      },
    ),
    { maxLength: 40, size: "max" },
  );

const schedule = scheduleOf(redeem);

interface ModelRow {
  status: "claimed" | "sending" | "charged" | "declined" | "unknown";
  attempt: string;
  key: string;
  fingerprint: string;
  leased: boolean;
  note: string | undefined;
  uses: Map<string, ModelUse>;
  /** How often uses were given back under a limit. */
  returned: number;
}

/** A use without a lease has ended. */
interface ModelUse {
  run: string | undefined;
  lease: Lease | undefined;
  body: string | undefined;
  repeats: number;
}

/** The answers that every ledger must give, in the fewest words: the laws of `ledger.ts` without a clock or a store. */
function createModel() {
  const rows = new Map<string, ModelRow>();
  const shown = (r: ModelRow) => (r.status === "sending" && !r.leased ? "unknown" : r.status);
  const view = (r: ModelRow) =>
    `${shown(r)} ${r.attempt} ${r.key} ${r.note ?? "-"} [${[...r.uses.keys()]}]`;

  /** True for a row that a claim may take: nobody works on it, or another key was refused. */
  function isFree(r: ModelRow, { attempt, key }: Extract<Step, { op: "claim" }>): boolean {
    if (r.status === "claimed") return !r.leased || r.attempt === attempt;
    return r.status === "declined" && r.key !== key;
  }

  function standsElsewhere(key: string, id: string): boolean {
    return [...rows].some(([other, row]) => other !== id && row.key === key);
  }

  /** True for a claim that would add a row above its limit. */
  function hasNoRoom(r: ModelRow | undefined, step: Extract<Step, { op: "claim" }>): boolean {
    const addsRow = r?.status !== "claimed";
    return addsRow && step.rows !== undefined && rows.size >= step.rows;
  }

  function taken(r: ModelRow): string {
    const isBusy = shown(r) === "claimed" || shown(r) === "sending";
    return `${isBusy ? "busy" : "done"} ${view(r)}`;
  }

  function claim(step: Extract<Step, { op: "claim" }>): string {
    const id = `${step.row}`;
    const r = rows.get(id);
    if (r && r.fingerprint !== step.fingerprint) return "mismatch";
    if (r && !isFree(r, step)) return taken(r);
    if (standsElsewhere(step.key, id)) return "mismatch";
    if (hasNoRoom(r, step)) return "over";
    if (r?.status === "declined") rows.set(`${id} ${r.key}`, r);
    rows.set(id, {
      status: "claimed",
      attempt: step.attempt,
      key: step.key,
      fingerprint: step.fingerprint,
      leased: step.long,
      note: undefined,
      uses: new Map(),
      returned: 0,
    });
    return "mine";
  }

  function begin({ row, attempt, long, most }: Extract<Step, { op: "begin" }>): string {
    const r = rows.get(`${row}`);
    if (r?.attempt !== attempt || (r.status !== "claimed" && r.status !== "sending")) return "no";
    const counted = [...rows.values()].filter(({ status }) =>
      ["sending", "unknown", "charged"].includes(status),
    );
    if (most !== undefined && r.status === "claimed" && counted.length >= most) {
      r.leased = false;
      return "over";
    }
    Object.assign(r, { status: "sending", leased: long });
    return "yes";
  }

  function settle({ row, attempt, to, note }: Extract<Step, { op: "settle" }>): string {
    const r = rows.get(`${row}`);
    if (r?.attempt !== attempt) return "false";
    if (r.status === to) return "true";
    if (r.status !== "sending" && (r.status !== "unknown" || to === "claimed")) return "false";
    Object.assign(r, { status: to, note, leased: false });
    return "true";
  }

  function redeem(step: Redeem): string {
    const r = rows.get(`${step.row}`);
    if (r?.status !== "charged") return "absent";
    const use = r.uses.get(step.by);
    const own = ownUse(use, step.run);
    if (step.release) return release(r, step, step.run === undefined ? use : own);
    if (step.work !== undefined) return tellOfWork(step, own);
    return use ? again(use, step, use === own) : firstUse(r, step);
  }

  /** The use, where this run holds it. */
  function ownUse(use: ModelUse | undefined, run: string | undefined): ModelUse | undefined {
    return run !== undefined && use?.run === run ? use : undefined;
  }

  function again(use: ModelUse, step: Redeem, mine: boolean): string {
    const hasBodies = step.body !== undefined && use.body !== undefined;
    if (hasBodies && step.body !== use.body) return "mismatch";
    return use.lease ? takeOver(use, step, mine) : repeat(use, step, mine);
  }

  function firstUse(r: ModelRow, { by, uses, run, lease, body }: Redeem): string {
    if (r.uses.size >= uses) return "used";
    r.uses.set(by, { run, lease, body, repeats: 0 });
    return "ok";
  }

  /** Work goes on, or has ended. */
  function tellOfWork({ work, lease }: Redeem, use: ModelUse | undefined): string {
    const goesOn = work === "goes_on";
    if (!use || (goesOn && !use.lease)) return "absent";
    use.lease = goesOn ? lease : undefined;
    return "ok";
  }

  function release(r: ModelRow, { by, releases }: Redeem, use: ModelUse | undefined): string {
    if (!use) return "absent";
    if (releases !== undefined && r.returned >= releases) {
      use.lease = undefined;
      return "used";
    }
    if (releases !== undefined) r.returned += 1;
    r.uses.delete(by);
    return "ok";
  }

  /** Work that has not ended goes to the next who asks, once its lease is over. */
  function takeOver(use: ModelUse, { run, lease }: Redeem, mine: boolean): string {
    // A lease that outlasts the asked one can only come from a clock that was set back.
    const lives = use.lease === "long" && lease !== "short";
    if (lives && !mine) return "busy";
    Object.assign(use, { run, lease });
    return "ok";
  }

  function repeat(use: ModelUse, { repeats }: Redeem, mine: boolean): string {
    if (mine) return "ok";
    if (repeats === undefined) return "already_by_me";
    if (use.repeats >= repeats) return "used";
    use.repeats += 1;
    return "already_by_me";
  }

  function corrects(r: ModelRow, { attempt, to }: Extract<Step, { op: "resolve" }>): boolean {
    return r.attempt === attempt && r.status === "declined" && to === "charged";
  }

  return {
    answer(step: Step): string {
      const r = "row" in step ? rows.get(`${step.row}`) : undefined;
      switch (step.op) {
        case "claim":
          return claim(step);
        case "begin":
          return begin(step);
        case "settle":
          return settle(step);
        case "redeem":
          return redeem(step);
        case "resolve":
          if (!r || (step.attempt === undefined ? shown(r) !== "unknown" : !corrects(r, step)))
            return "false";
          Object.assign(r, { status: step.to, note: step.note });
          return "true";
        case "list":
          return [...rows]
            .filter(
              ([, each]) =>
                (!step.status || shown(each) === step.status) &&
                (!step.key || each.key === step.key),
            )
            .map(([id]) => id)
            .sort()
            .join();
      }
    },
    /** Every row as it must read now. */
    book: () => [...rows].map(([id, row]) => `${id}: ${view(row)}`).sort(),
  };
}

function redemptionOf({
  by,
  uses,
  release,
  run,
  lease,
  work,
  body,
  repeats,
  releases,
}: Redeem): Redemption {
  return {
    by,
    uses,
    release,
    ...(run !== undefined && { attempt: run }),
    ...(lease !== undefined && { leaseMs: lease === "long" ? 600_000 : 0 }),
    ...(work !== undefined && { work }),
    ...(body !== undefined && { body }),
    ...(repeats !== undefined && { repeats }),
    ...(releases !== undefined && { releases }),
  };
}

/** The same steps on a real ledger, on rows of this run alone. The answers are in the model's words. */
function createPlayer(ledger: Ledger, { run, mintedAt }: { run: string; mintedAt: number }) {
  const idOf = (n: number) => `${run}-${n}`;
  const view = (r: ChargeRow) =>
    `${r.status} ${r.attempt} ${r.key} ${r.outcome.note ?? "-"} [${r.redeemedBy}]`;
  const leaseMs = (long: boolean) => (long ? 600_000 : 0);

  async function claim(id: string, step: Extract<Step, { op: "claim" }>): Promise<string> {
    const { attempt, key, fingerprint } = step;
    const facts: Claim = {
      attempt,
      key,
      fingerprint,
      mintedAt,
      leaseMs: leaseMs(step.long),
      retainMs: 86_400_000,
      userId: run,
      usage: "u",
      resource: null,
      hundredths: 1,
    };
    const most = step.rows !== undefined && { rows: step.rows, windowMs: 86_400_000 };
    const answer =
      most && ledger.claimWithin
        ? await ledger.claimWithin(id, { ...facts, most })
        : await ledger.claim(id, facts);
    return "row" in answer ? `${answer.k} ${view(answer.row)}` : answer.k;
  }

  async function begin(id: string, step: Extract<Step, { op: "begin" }>): Promise<string> {
    const { attempt, long, most } = step;
    const order = { attempt, leaseMs: leaseMs(long) };
    if (most === undefined || !ledger.beginWithin)
      return (await ledger.begin(id, order)) ? "yes" : "no";
    return (await ledger.beginWithin(id, { ...order, most: { day: most } })).k;
  }

  async function list({ status, key }: Extract<Step, { op: "list" }>): Promise<string> {
    const rows = await ledger.list({ userId: run, ...(status && { status }), ...(key && { key }) });
    const names = rows.map((each) => each.id.slice(run.length + 1));
    return names.sort().join();
  }

  return {
    async answer(step: Step): Promise<string> {
      const id = "row" in step ? idOf(step.row) : "";
      switch (step.op) {
        case "claim":
          return claim(id, step);
        case "begin":
          return begin(id, step);
        case "settle":
          return `${await ledger.settle(id, { attempt: step.attempt, to: step.to, outcome: { note: step.note } })}`;
        case "redeem":
          return ledger.redeem(id, redemptionOf(step));
        case "resolve":
          return `${await ledger.resolve(id, { to: step.to, note: step.note, ...(step.attempt !== undefined && { attempt: step.attempt }) })}`;
        case "list":
          return list(step);
      }
    },
    async book() {
      const rows = await ledger.list({ userId: run, limit: 1_000 });
      return rows.map((row) => `${row.id.slice(run.length + 1)}: ${view(row)}`).sort();
    },
  };
}

/**
 * The number of schedules for each adapter on an engine. Several adapters share an engine, and each run plays other schedules.
 * `npm run test:long` plays 2,000 for each.
 */
export const modelRuns = Number(process.env.ARES_MODEL_RUNS ?? 150);

/** Every schedule has rows of its own. So several are played at once, and an engine's waits overlap. */
const AT_ONCE = 5;

/** Plays random schedules on the ledger and on the model. Compares every answer, and the book at the end. */
export async function agreesWithModel(
  open: () => Ledger,
  numRuns: number,
  steps = schedule,
): Promise<void> {
  const share = Math.ceil(numRuns / AT_ONCE);
  const plays = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, () => playSchedules(open, share, steps)),
  );
  for (const play of plays) if (play.status === "rejected") throw play.reason;
}

async function playSchedules(
  open: () => Ledger,
  numRuns: number,
  steps: typeof schedule,
): Promise<void> {
  const seed = crypto.randomUUID();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      const ledger = open();
      const { epoch } = await ledger.health();
      const model = createModel();
      const player = createPlayer(ledger, { run: `${seed}-${++run}`, mintedAt: epoch + 600_000 });
      for (const [n, step] of played.entries()) {
        const [expected, actual] = [model.answer(step), await player.answer(step)];
        if (actual !== expected)
          throw new Error(
            `Step ${n} (${step.op}) answered "${actual}"; the model says "${expected}".`,
          );
      }
      const [expected, actual] = [model.book().join("; "), (await player.book()).join("; ")];
      if (actual !== expected)
        throw new Error(`The book reads "${actual}"; the model says "${expected}".`);
    }),
    { numRuns },
  );
}
