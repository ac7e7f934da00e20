import {
  type AresError,
  type Charge,
  contractVersion,
  errorTable,
  fromHundredths,
  headers,
  isAresError,
  type ServerErrorCode,
} from "../../contract";
import { isObject } from "../ares/classify";
import type { Charged } from "../charge/charge";
import type { ChargeRow } from "../ledger/ledger";
import { refuse } from "../refusals";

/** Every answer is private to its user and names the contract. */
export function answer(status: number, body: unknown, extra: Record<string, string> = {}, type = "application/json"): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": type,
      "Cache-Control": "private, no-store",
      Vary: "Cookie, Authorization",
      "X-Content-Type-Options": "nosniff",
      [headers.contract]: contractVersion,
      ...extra,
    },
  });
}

/** A refusal as RFC 9457 problem details, with `message` and `error` for readers of the guide's shape. */
export function problem(error: ServerError): Response {
  const { code } = error;
  const { status } = errorTable[code];
  const body = {
    type: `urn:ares-react:${code}`,
    title: code.replaceAll("_", " "),
    status,
    code,
    message: error.message,
    error: error.message,
    retryable: error.retryable,
    ...error.details,
  };
  return answer(status, body, extraHeaders(error), "application/problem+json");
}

/** The same refusal as the guide's own route words it, for its button, which knows no keys. */
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

/** What a user may see of their own row. A claimed row that nobody holds any more has charged nothing. */
export function chargeState(row: ChargeRow | null): Charge {
  if (!row || (row.status === "claimed" && row.leaseLeftMs <= 0)) return { status: "absent" };
  return publicCharge(row);
}

function publicCharge(row: Charged["row"] & { status: ChargeRow["status"]; outcome?: ChargeRow["outcome"] }): Charge {
  return {
    status: row.status,
    id: row.id,
    usage: row.usage,
    resource: row.resource ?? undefined,
    credits: fromHundredths(row.hundredths),
    createdAt: row.createdAt,
    settledAt: row.settledAt ?? undefined,
    code: row.status === "declined" ? row.outcome?.code : undefined,
  };
}

function extraHeaders({ code, details: { retryAfterSeconds } }: ServerError): Record<string, string> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { [headers.retryAfter]: String(retryAfterSeconds) }),
    ...(code === "method_not_allowed" ? { Allow: "GET, POST" } : {}),
    ...(code === "not_signed_in" ? { "WWW-Authenticate": 'Bearer realm="app"' } : {}),
  };
}

/** An error of the table, as a server answers with. */
export type ServerError = AresError & { readonly code: ServerErrorCode };

/** What a user is told of anything that was thrown; the app hears all of it. */
export function refusalOf(thrown: unknown, onError: (error: unknown) => void): ServerError {
  const error = asServerError(thrown);
  if (error !== thrown) onError(thrown);
  else if (error.cause !== undefined) onError(error.cause);
  return error;
}

/** Anything that is not an `AresError` of the table is `internal`, without its text. */
function asServerError(error: unknown): ServerError {
  return isServerError(error) ? error : asServerError(refuse("internal"));
}

function isServerError(error: unknown): error is ServerError {
  return isAresError(error) && Object.hasOwn(errorTable, error.code) && isObject(error.details);
}
