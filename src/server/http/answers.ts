import {
  type AresError,
  type Charge,
  contractVersion,
  errorTable,
  fromHundredths,
  headers,
  isAresError,
  isErrorCode,
  type ServerErrorCode,
} from "../../contract";
import { isObject } from "../ares/classify";
import type { Charged } from "../charge/intent";
import type { ChargeRow } from "../ledger/ledger";
import { isOfFramework, refuse } from "../refusals";

/** No cache gives an answer of one user to another. */
export const privateHeaders = {
  "Cache-Control": "private, no-store",
  Vary: "Cookie, Authorization",
} as const;

/**
 * Builds an answer: private to its user, never cached, and with the contract's version. The version stands in the body
 * too: a bridge or a proxy may lose the headers.
 */
export function answer(
  status: number,
  body: object,
  extra: Record<string, string> = {},
  type = "application/json",
): Response {
  return new Response(JSON.stringify({ ...body, contract: Number(contractVersion) }), {
    status,
    headers: {
      "Content-Type": type,
      ...privateHeaders,
      "X-Content-Type-Options": "nosniff",
      [headers.contract]: contractVersion,
      ...extra,
    },
  });
}

/** Marks every answer of a server that only pretends. */
export function sayingPretend(
  serve: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await serve(request);
    response.headers.set(headers.pretend, "1");
    return response;
  };
}

/** A refusal as problem details (RFC 9457). `pages` is where the app explains the codes. `message` and `error` are for code that expects the guide's shape. */
export function problem(error: ServerError, pages?: string, facts: object = {}): Response {
  const { code } = error;
  const { status } = errorTable[code];
  const body = {
    type: `${pages ? `${pages}#` : "urn:ares-react:"}${code}`,
    title: code.replaceAll("_", " "),
    status,
    code,
    message: error.message,
    error: error.message,
    retryable: error.retryable,
    ...error.details,
    ...facts,
  };
  return answer(status, body, extraHeaders(error), "application/problem+json");
}

/** A refusal in the words of the guide's route, for the guide's button, which sends no key. */
export function guideProblem(error: ServerError): Response {
  const { code } = error;
  const { status } = errorTable[code];
  const texts: Partial<Record<ServerErrorCode, { message: string }>> = {
    not_signed_in: { message: "User not found" },
    not_connected: { message: "Access token not found" },
    invalid_request: { message: "Missing required fields" },
  };
  const body = texts[code] ?? { error: `ARES API error: ${status}`, message: error.message };
  return answer(status, { ...body, code }, extraHeaders(error));
}

export function chargedAnswer({ row, replayed, balanceAfter }: Charged): Response {
  const charge = publicCharge({ ...row, status: "charged" });
  const body = {
    message: "Success",
    status: "charged",
    charge,
    usage: { usage: row.usage, credits: charge.credits },
    user: balanceAfter === undefined ? undefined : { credits: fromHundredths(balanceAfter) },
  };
  return answer(200, body, { [headers.replayed]: String(replayed) });
}

/** The public state of a user's own row. A claim whose lease has ended has charged nothing. */
export function chargeState(row: ChargeRow | null): Charge {
  if (!row || (row.status === "claimed" && row.leaseLeftMs <= 0)) return { status: "absent" };
  return publicCharge(row);
}

function publicCharge(
  row: Charged["row"] & { status: ChargeRow["status"]; outcome?: ChargeRow["outcome"] },
): Charge {
  return {
    status: row.status,
    id: row.id,
    key: row.key,
    usage: row.usage,
    resource: row.resource ?? undefined,
    credits: fromHundredths(row.hundredths),
    createdAt: row.createdAt,
    settledAt: row.settledAt ?? undefined,
    code: row.status === "declined" ? row.outcome?.code : undefined,
  };
}

function extraHeaders({
  code,
  details: { retryAfterSeconds },
}: ServerError): Record<string, string> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { [headers.retryAfter]: String(retryAfterSeconds) }),
    ...(code === "method_not_allowed" ? { Allow: "GET, POST" } : {}),
    ...(code === "not_signed_in" ? { "WWW-Authenticate": 'Bearer realm="app"' } : {}),
  };
}

/** An error with a code that a server answers. */
export type ServerError = AresError & { readonly code: ServerErrorCode };

/** The refusal for a thrown error. The app's `onError` receives the error itself. What a framework throws is thrown on. */
export function refusalOf(thrown: unknown, onError: (error: unknown) => void): ServerError {
  if (isOfFramework(thrown)) throw thrown;
  const error = asServerError(thrown);
  if (error !== thrown) onError(thrown);
  else if (error.cause !== undefined) onError(error.cause);
  return error;
}

/** An error that is not in the table becomes `internal`, without its text. */
function asServerError(error: unknown): ServerError {
  return isServerError(error) ? error : asServerError(refuse("internal"));
}

function isServerError(error: unknown): error is ServerError {
  return (
    isAresError(error) &&
    isErrorCode(error.code) &&
    errorTable[error.code].status > 0 &&
    isObject(error.details)
  );
}
