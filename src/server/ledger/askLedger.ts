import type { AresError, AresErrorDetails, ServerErrorCode } from "../../contract";
import { tenAtATime, within } from "../bounded";
import { refuse } from "../refusals";
import type { ChargeFilter, ChargeRow, Ledger } from "./ledger";

const LEDGER_MS = 5_000;

/** Asks the ledger within a time limit. A failing or slow ledger stops the charge: nothing is sent. */
export async function askLedger<T>(
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

/** The refusal for a ledger's answer that this version does not know: no guess about money. */
export function strangeAnswer(answer: { k?: unknown; status?: unknown }): AresError {
  const cause = new Error(
    `The ledger gave an answer that this version of ares-react does not know: ${String(answer.k ?? answer.status)}.`,
  );
  return refuse("ledger_unavailable", {}, { cause });
}

/** The rows with these ids, by id. */
export async function rowsById(
  ledger: Ledger,
  ids: readonly string[],
): Promise<Map<string, ChargeRow>> {
  const distinct = [...new Set(ids)];
  const one = distinct.length === 1;
  const rows = await askLedger(async () =>
    !one && ledger.findAll
      ? ledger.findAll(distinct)
      : tenAtATime(distinct, (id) => ledger.find(id)),
  );
  return new Map(rows.flatMap((row) => (row ? [[row.id, row]] : [])));
}

const PAGE = 100;

/** All matching rows younger than `ms` on the ledger's own clock, newest first. */
export async function rowsWithin(
  ledger: Ledger,
  filter: Pick<ChargeFilter, "userId" | "status">,
  ms: number,
): Promise<ChargeRow[]> {
  const rows: ChargeRow[] = [];
  for (;;) {
    const page = await askLedger(() =>
      ledger.list({ ...filter, limit: PAGE, before: rows.at(-1), maxAgeMs: ms }),
    );
    rows.push(...page);
    if (page.length < PAGE || page.some(({ ageMs }) => ageMs >= ms))
      return rows.filter(({ ageMs }) => ageMs < ms);
  }
}
