import { AresError, type AresErrorDetails, errorTable, type ServerErrorCode } from "../contract";

/** Makes the error of a code, with the table's text unless another says more. */
export function refuse(
  code: ServerErrorCode,
  details: AresErrorDetails = {},
  options: { message?: string | undefined; cause?: unknown } = {},
): AresError {
  const row = errorTable[code];
  return new AresError(code, options.message ?? row.message, {
    retryable: row.retry === "same_key",
    details,
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  });
}

/** For a session that may see what its user has, and must not spend it. */
export function lookOnly(): AresError {
  return refuse("not_allowed", {}, { message: "This session may look, but not spend its user's credits. Nothing was charged." });
}

export function inProgress(row: { id: string; usage: string }): AresError {
  return refuse("charge_in_progress", soon(row));
}

/** What is said of a charge that may be asked for again in a moment. */
export function soon({ id, usage }: { id: string; usage: string }): AresErrorDetails {
  return { chargeId: id, usage, retryAfterSeconds: 1 };
}
