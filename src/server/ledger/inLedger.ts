import type { AresErrorDetails, ServerErrorCode } from "../../contract";
import { within } from "../bounded";
import { refuse } from "../refusals";

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
