import { inLedger } from "./inLedger";
import type { ChargeRow, Ledger } from "./ledger";

const PAGE = 100;

/** All of a user's rows that are younger than this on the ledger's own clock, newest first. */
export async function rowsWithin(ledger: Ledger, userId: string, ms: number): Promise<ChargeRow[]> {
  const rows: ChargeRow[] = [];
  for (;;) {
    const page = await inLedger(() => ledger.list({ userId, limit: PAGE, before: rows.at(-1) }));
    rows.push(...page);
    const last = page.at(-1);
    if (page.length < PAGE || !last || last.ageMs >= ms) return rows.filter(({ ageMs }) => ageMs < ms);
  }
}
