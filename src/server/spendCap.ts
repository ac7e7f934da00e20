import { toHundredths } from "../contract";
import { inLedger } from "./inLedger";
import type { ChargeRow, Ledger } from "./ledger";
import { refuse } from "./refuse";

/** The most credits one user may spend in this app, over all servers that share the ledger. */
export interface SpendCap {
  perMinute?: number;
  perDay?: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Refuses a charge that would pass the cap, before anything is claimed. Unconfirmed charges count as spent.
 *
 * Requests at the same instant may pass it together, each by its own price: it bounds a runaway, not a race.
 */
export function createSpendCap(
  cap: SpendCap | undefined,
  ledger: Ledger,
  now: () => number,
): (userId: string, hundredths: number) => Promise<void> {
  const limits = [
    { ms: MINUTE_MS, credits: cap?.perMinute },
    { ms: DAY_MS, credits: cap?.perDay },
  ].flatMap(({ ms, credits }) => (credits === undefined ? [] : [{ ms, most: toHundredths(credits) }]));
  if (limits.length === 0) return async () => {};
  const widest = Math.max(...limits.map(({ ms }) => ms));

  return async (userId, hundredths) => {
    const spent = await spentSince(ledger, userId, now() - widest);
    for (const { ms, most } of limits) {
      const recent = spent.filter(({ at }) => at > now() - ms);
      if (recent.reduce((sum, each) => sum + each.hundredths, hundredths) <= most) continue;
      const oldest = Math.min(now(), ...recent.map(({ at }) => at));
      throw refuse("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil((oldest + ms - now()) / 1000)) }, { message: TOO_MUCH });
    }
  };
}

const TOO_MUCH = "This would pass the spending limit of this app. Nothing was charged. Try again later.";

async function spentSince(ledger: Ledger, userId: string, since: number): Promise<{ at: number; hundredths: number }[]> {
  const spent: { at: number; hundredths: number }[] = [];
  for (let before: ChargeRow | undefined; ; ) {
    const page = await inLedger(() => ledger.list({ userId, limit: 100, before }));
    const counted = page.filter(
      (row) => row.createdAt > since && (row.status === "charged" || row.status === "sending" || row.status === "unknown"),
    );
    spent.push(...counted.map((row) => ({ at: row.createdAt, hundredths: row.hundredths })));
    const last = page.at(-1);
    if (page.length < 100 || !last || last.createdAt <= since) return spent;
    before = last;
  }
}
