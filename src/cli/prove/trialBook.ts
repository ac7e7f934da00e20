import { setTimeout as pause } from "node:timers/promises";
import { mintKey } from "../../contract";
import type { ChargeRow, Ledger } from "../../server";
import { until } from "./pace";

/** A new ledger refuses the keys of its first moments: at most so long. */
const FIRST_MOMENTS_MS = 60_000;
/** A sender counts as lost 20 seconds after its time limit. */
const LEASE_ENDS_MS = 45_000;
/** A slow ARES may still deduct for a request whose server has given up or died. */
const SLOWEST_MS = 3_500;

/** Waits until the ledger is old enough for the keys of this moment. */
export async function untilKeysAreTaken(ledger: Ledger): Promise<void> {
  // The ledger's age begins at the first look.
  await ledger.health();
  const isTaken = async () => {
    const id = crypto.randomUUID();
    const claim = { ...targetOf("nobody", id), attempt: id, key: mintKey(Date.now()) };
    const claimed = await ledger.claim(id, { ...claim, mintedAt: Date.now() });
    return claimed.k === "mine";
  };
  if (await until(isTaken, { everyMs: 250, withinMs: FIRST_MOMENTS_MS })) return;
  throw new Error("The ledger takes no key, a minute after it began. Is its skewMs so long?");
}

/** Waits until the leases of killed senders have ended. Until then their charges have no final state. */
export async function untilNobodySends(ledger: Ledger): Promise<void> {
  await pause(SLOWEST_MS);
  const isQuiet = async () => (await ledger.list({ status: "sending", limit: 1 })).length === 0;
  if (await until(isQuiet, { everyMs: 1_000, withinMs: LEASE_ENDS_MS })) return;
  throw new Error("There are still rows that say sending. Their leases should have ended.");
}

const PAGE = 500;

export async function allRows(ledger: Ledger): Promise<ChargeRow[]> {
  const rows: ChargeRow[] = [];
  let page: ChargeRow[];
  do {
    page = await ledger.list({ limit: PAGE, before: rows.at(-1) });
    rows.push(...page);
  } while (page.length === PAGE);
  return rows;
}

/** What a user's rows add up to, in whole hundredths. */
export function spentOf(rows: readonly ChargeRow[], userId: string): number {
  return rows
    .filter(
      (row) =>
        row.userId === userId &&
        (row.status === "sending" || row.status === "unknown" || row.status === "charged"),
    )
    .reduce((sum, { hundredths }) => sum + hundredths, 0);
}

/** True when one more credit begins under a limit that just has room for it, and not under one with a hundredth less. */
export async function allowsExactly(
  ledger: Ledger,
  userId: string,
  spent: number,
): Promise<boolean> {
  const answers: (string | undefined)[] = [];
  for (const day of [spent + 99, spent + 100]) {
    const [id, attempt] = [crypto.randomUUID(), crypto.randomUUID()];
    await ledger.claim(id, { ...targetOf(userId, id), attempt, key: id });
    const begun = await ledger.beginWithin?.(id, { attempt, leaseMs: 60_000, most: { day } });
    answers.push(begun?.k);
    await ledger.settle(id, { attempt, to: "claimed", outcome: {} });
  }
  return answers.join() === "over,yes";
}

function targetOf(userId: string, fingerprint: string) {
  const target = { userId, usage: "image", resource: null, fingerprint, hundredths: 100 };
  return { ...target, mintedAt: Date.now() + 60_000, leaseMs: 60_000, retainMs: 60_000 };
}
