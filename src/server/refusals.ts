import { AresError, type AresErrorDetails, errorTable, type ServerErrorCode } from "../contract";

/** Makes the error of a code, with the table's text unless another says more. */
export function refuse(
  code: ServerErrorCode,
  details: AresErrorDetails = {},
  options: { message?: string | undefined; cause?: unknown } = {},
): AresError {
  const row = errorTable[code];
  return new AresError(code, options.message ?? row.message, { ...options, retryable: row.retry === "same_key", details });
}

/** For a session that may see what its user has, and must not spend it. */
export function lookOnly(): AresError {
  return refuse("not_allowed", {}, { message: "This session may look, but not spend its user's credits. Nothing was charged." });
}

export function inProgress(row: { id: string; usage: string }): AresError {
  return refuse("charge_in_progress", askAgain(row, 1));
}

/** What is said of a charge that may be asked for again. */
export function askAgain({ id, usage }: { id: string; usage: string }, retryAfterSeconds: number | undefined): AresErrorDetails {
  return { chargeId: id, usage, retryAfterSeconds };
}
