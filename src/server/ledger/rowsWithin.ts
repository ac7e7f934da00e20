import { inLedger } from "./inLedger";
import type { ChargeFilter, ChargeRow, Ledger } from "./ledger";

const PAGE = 100;

/** All of these rows that are younger than this on the ledger's own clock, newest first. */
export async function rowsWithin(ledger: Ledger, filter: Pick<ChargeFilter, "userId" | "status">, ms: number): Promise<ChargeRow[]> {
  const rows: ChargeRow[] = [];
  for (;;) {
    const page = await inLedger(() => ledger.list({ ...filter, limit: PAGE, before: rows.at(-1) }));
    rows.push(...page);
    if (page.length < PAGE || page.some(({ ageMs }) => ageMs >= ms)) return rows.filter(({ ageMs }) => ageMs < ms);
  }
}
