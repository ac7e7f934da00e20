import { type Attributes, SpanKind } from "@opentelemetry/api";
import { isErrorCode, meaningOf } from "../contract";
import type { TelemetryOutcome, TelemetryWork } from "../server/index";

/** Work that has a span of its own. */
export type SpanWork = Exclude<TelemetryWork, { type: "request" }>;

/** What is known of a piece of work before it runs. */
export interface SpanStart {
  name: string;
  kind: SpanKind;
  attributes: Attributes;
}

/** The span of a piece of work. @source OpenTelemetry's conventions for HTTP client spans, 1.45. */
export function spanOf(work: SpanWork): SpanStart {
  switch (work.type) {
    case "charge":
      return { name: "ares.charge", kind: SpanKind.INTERNAL, attributes: {} };
    case "authenticate":
      return { name: "ares.authenticate", kind: SpanKind.INTERNAL, attributes: {} };
    case "ledger":
      return {
        name: `ares.ledger.${work.verb}`,
        kind: SpanKind.INTERNAL,
        attributes: { "ares.ledger.verb": work.verb },
      };
    case "api": {
      const { hostname, port, protocol, pathname, href } = new URL(work.url);
      const securePort = protocol === "https:" ? 443 : 80;
      return {
        // The path is one of two, and holds nothing of a user.
        name: `${work.method} ${pathname}`,
        kind: SpanKind.CLIENT,
        attributes: {
          "http.request.method": work.method,
          "server.address": hostname,
          "server.port": Number(port || securePort),
          "url.full": href,
          "url.template": pathname,
        },
      };
    }
  }
}

/** What the end of a piece of work adds to its span. */
export function endOf(outcome: TelemetryOutcome): Attributes {
  const { httpStatus, charge } = outcome;
  return known({
    "http.response.status_code": httpStatus,
    "error.type": errorTypeOf(outcome),
    "ares.charge.id": charge?.chargeId,
    "ares.usage": charge?.usage,
    "ares.credits": charge?.credits,
    "ares.replayed": charge?.replayed,
  });
}

/** Why a piece of work failed. An HTTP client's error is its status. */
export function errorTypeOf({ error, httpStatus }: TelemetryOutcome): string | undefined {
  if (error !== undefined) return error;
  return httpStatus !== undefined && httpStatus >= 400 ? String(httpStatus) : undefined;
}

/** True for a failure that somebody has to look at. A refusal for a reason of the user's is an answer. */
export function isFault(errorType: string): boolean {
  if (!isErrorCode(errorType)) return true;
  return errorType === "outcome_unknown" || meaningOf(errorType).status >= 500;
}

/** OpenTelemetry leaves open what an attribute without a value does. */
export function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
