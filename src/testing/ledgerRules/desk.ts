import type { ChargeRow, Claim, ClaimResult, Ledger, Outcome } from "ares-react/server";

/** One law every ledger keeps. */
export interface LedgerRule {
  /** The law, as a sentence in the present tense that follows "a ledger". */
  title: string;
  /** Rejects with a sentence when the ledger breaks the law. Uses ids of its own, so rules may share a ledger and run at once. */
  run(ledger: Ledger, tools?: LedgerRuleTools): Promise<void>;
}

/** How the rules of a ledger make ids and wait. */
export interface LedgerRuleTools {
  /** @default crypto.randomUUID */
  newId?: () => string;
  /** Waits on the ledger's clock. @default setTimeout */
  wait?: (ms: number) => Promise<void>;
}

/** A row's way through its states, by one attempt. */
export type Reached = "claimed" | "sending" | "charged" | "declined" | "unknown";

/** What a rule works with: a ledger, one row of its own, and an attempt to charge it. */
export interface Desk {
  ledger: Ledger;
  id: string;
  userId: string;
  /** The first attempt and its key. */
  attempt: string;
  key: string;
  wait(ms: number): Promise<void>;
  newId(): string;
  /** A claim of this desk's row by the first attempt, with changes. */
  order(changes?: Partial<Claim>): Claim;
  claim(changes?: Partial<Claim>, id?: string): Promise<ClaimResult>;
  /** Brings a row to a state by the first attempt. */
  reach(
    state: Reached,
    options?: { id?: string; outcome?: Outcome; leaseMs?: number; changes?: Partial<Claim> },
  ): Promise<void>;
  begin(attempt?: string, leaseMs?: number): Promise<boolean>;
  settle(
    to: "charged" | "declined" | "unknown" | "claimed",
    options?: { attempt?: string; outcome?: Outcome },
  ): Promise<boolean>;
  /** The row; the rule fails when there is none. */
  row(id?: string): Promise<ChargeRow>;
  equal(actual: unknown, expected: unknown, what: string): void;
}

/** Long enough for the slowest test machine; short enough to wait for. */
export const LONG_MS = 60_000;
export const SHORT_MS = 15;
export const PAST_SHORT_MS = 30;

/** Makes a rule that gets a fresh desk each time it runs. */
export function rule(title: string, check: (desk: Desk) => Promise<void>): LedgerRule {
  return {
    title,
    async run(ledger, tools = {}) {
      await check(await openDesk(ledger, title, tools));
    },
  };
}

async function openDesk(ledger: Ledger, title: string, tools: LedgerRuleTools): Promise<Desk> {
  const newId = tools.newId ?? (() => crypto.randomUUID());
  const [id, userId, attempt, key] = [newId(), newId(), newId(), newId()];
  const { epoch } = await ledger.health();

  function fail(what: string, actual: unknown, expected: unknown): never {
    throw new Error(
      `A ledger ${title}: ${what} is ${show(actual)}; it should be ${show(expected)}.`,
    );
  }

  const order: Desk["order"] = (changes) => ({
    attempt,
    key,
    fingerprint: `of ${id}`,
    // Later than any margin a ledger keeps around its epoch.
    mintedAt: epoch + LONG_MS,
    leaseMs: LONG_MS,
    retainMs: Number.POSITIVE_INFINITY,
    userId,
    usage: "export-pdf",
    resource: null,
    hundredths: 100,
    ...changes,
  });

  const desk: Desk = {
    ledger,
    id,
    userId,
    attempt,
    key,
    newId,
    order,
    wait: tools.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    claim: (changes, of = id) => ledger.claim(of, order(changes)),
    begin: (by = attempt, leaseMs = LONG_MS) => ledger.begin(id, { attempt: by, leaseMs }),
    settle: (to, { attempt: by = attempt, outcome = {} } = {}) =>
      ledger.settle(id, { attempt: by, to, outcome }),
    async reach(state, { id: of = id, outcome = {}, leaseMs = LONG_MS, changes = {} } = {}) {
      const claim = order({ ...(state === "claimed" && { leaseMs }), ...changes });
      desk.equal((await ledger.claim(of, claim)).k, "mine", "the answer to the first claim");
      if (state === "claimed") return;
      desk.equal(
        await ledger.begin(of, { attempt: claim.attempt, leaseMs }),
        true,
        "the answer to the first begin",
      );
      if (state === "sending") return;
      desk.equal(
        await ledger.settle(of, { attempt: claim.attempt, to: state, outcome }),
        true,
        "the answer to the first settlement",
      );
    },
    async row(of = id) {
      return (await ledger.find(of)) ?? fail("the row that was found", null, "a row");
    },
    equal(actual, expected, what) {
      if (show(actual) !== show(expected)) fail(what, actual, expected);
    },
  };
  return desk;
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      isRecord(each) ? Object.fromEntries(Object.entries(each).sort()) : each,
    ) ?? "undefined"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
