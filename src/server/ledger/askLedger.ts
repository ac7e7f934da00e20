import type { AresErrorDetails, ServerErrorCode } from "../../contract";
import { within } from "../bounded";
import { refuse } from "../refusals";
import type { ChargeFilter, ChargeRow, Ledger } from "./ledger";

const LEDGER_MS = 5_000;

/** A ledger that can't answer, or not in time, stops the charge: nothing may be sent on its silence. */
export async function inLedger<T>(
  operation: () => Promise<T>,
  code: ServerErrorCode = "ledger_unavailable",
  details: AresErrorDetails = {},
): Promise<T> {
  try {
    return await within(LEDGER_MS, operation());
  } catch (cause) {
    throw refuse(code, details, { cause });
  }
}

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
