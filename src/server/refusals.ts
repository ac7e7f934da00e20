import {
  AresError,
  type AresErrorDetails,
  errorMessages,
  errorTable,
  type ServerErrorCode,
} from "../contract";

/** Makes the error of a code. Its text is the table's, unless `message` gives another. */
export function refuse(
  code: ServerErrorCode,
  details: AresErrorDetails = {},
  options: { message?: string | undefined; cause?: unknown } = {},
): AresError {
  const retryable = errorTable[code].retry === "same_key";
  return new AresError(code, options.message ?? errorMessages[code], {
    ...options,
    retryable,
    details,
  });
}

/**
 * True for what a framework throws through an app's code, and catches itself: a redirect of Next.js, whose digest begins with
 * `NEXT_`, or a Response of React Router. Whoever swallows it breaks the app's way to its sign-in.
 */
export function isOfFramework(thrown: unknown): boolean {
  if (thrown instanceof Response) return true;
  const { digest }: { digest?: unknown } = Object(thrown);
  return typeof digest === "string" && digest.startsWith("NEXT_");
}

/** The refusal for a session that may read the balance but must not spend credits. */
export function lookOnly(): AresError {
  return refuse(
    "not_allowed",
    {},
    { message: "This session may read the balance, but not spend credits. Nothing was charged." },
  );
}

/** Milliseconds as whole seconds for `Retry-After`, at least one. */
export function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

export function inProgress(row: { id: string; usage: string }): AresError {
  return refuse("charge_in_progress", askAgain(row, 1));
}

/** The details of a refusal that tells the caller to ask for the charge again. */
export function askAgain(
  { id, usage }: { id: string; usage: string },
  retryAfterSeconds: number | undefined,
): AresErrorDetails {
  return { chargeId: id, usage, retryAfterSeconds };
}
