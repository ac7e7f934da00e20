import { AresError, type AresErrorDetails, errorTable, type ServerErrorCode } from "../contract";

/** Makes the error of a code, with the table's text unless another says more. */
export function refuse(
  code: ServerErrorCode,
  details: AresErrorDetails = {},
  options: { message?: string; cause?: unknown } = {},
): AresError {
  const row = errorTable[code];
  return new AresError(code, options.message ?? row.message, {
    retryable: row.retry === "same_key",
    details,
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  });
}

export function inProgress(row: { id: string; usage: string }): AresError {
  return refuse("charge_in_progress", { chargeId: row.id, usage: row.usage, retryAfterSeconds: 1 });
}
