import {
  context,
  propagation,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from "@opentelemetry/api";
import type {
  AresEvent,
  Telemetry,
  TelemetryOutcome,
  TelemetrySpan,
  TelemetryWork,
} from "../server/index";
import { endOf, errorTypeOf, isFault, known, type SpanWork, spanOf } from "./attributes";
import { createInstruments, type Instruments, SCOPE } from "./instruments";

/**
 * Traces and measures a server with OpenTelemetry, through the SDK that your app registers. Without one it does nothing.
 *
 * Spans: `ares.charge`, `ares.authenticate`, `ares.ledger.<verb>`, and one of kind client for each call of ARES. They stand
 * under the active span, or where none is active under the `traceparent` of the request. No attribute names a user, a key or
 * a resource; `ares.charge.id` is the id of the ledger's row.
 *
 * The SDK needs a context manager, as the one for Node has. Without it each span is a trace of its own.
 *
 * @example
 * export const ares = createAresServer({ clientId, prices, auth, ledger, telemetry: otel() })
 */
export function otel(): Telemetry {
  let made: Instruments | undefined;
  const instruments = () => {
    made ??= createInstruments();
    return made;
  };

  return {
    start: (work) =>
      work.type === "request" ? requestOf(work.headers) : startSpan(work, instruments),
    event: (event) => countEvent(event, instruments()),
    unknown({ count, oldestMs }) {
      const { unknownCharges, unknownAge } = instruments();
      unknownCharges.record(count);
      unknownAge.record(oldestMs / 1000);
    },
  };
}

/** A request has no span of its own. It names the trace that its work belongs to, where the app has named none. */
function requestOf(headers: RequestHeaders): TelemetrySpan {
  const active = context.active();
  const parent = trace.getSpan(active) ? active : propagation.extract(active, headers, getter);
  return { within: (run) => context.with(parent, run), end: () => {} };
}

type RequestHeaders = Extract<TelemetryWork, { type: "request" }>["headers"];

const getter: TextMapGetter<RequestHeaders> = {
  get: (headers, name) => headers.get(name) ?? undefined,
  keys: (headers) => [...headers.keys()],
};

function startSpan(work: SpanWork, instruments: () => Instruments): TelemetrySpan {
  const { name, ...start } = spanOf(work);
  const span = trace.getTracer(SCOPE).startSpan(name, start);
  const startedAt = performance.now();
  return {
    within: (run) => context.with(trace.setSpan(context.active(), span), run),
    end(outcome) {
      const seconds = (performance.now() - startedAt) / 1000;
      const errorType = errorTypeOf(outcome);
      span.setAttributes(endOf(outcome));
      if (errorType !== undefined && isFault(errorType))
        span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      measure(work, outcome, seconds, instruments());
    },
  };
}

function measure(
  work: SpanWork,
  outcome: TelemetryOutcome,
  seconds: number,
  { apiDuration, ledgerDuration, refusals }: Instruments,
): void {
  const errorType = errorTypeOf(outcome);
  switch (work.type) {
    case "charge":
      if (errorType !== undefined) refusals.add(1, { "error.type": errorType });
      return;
    case "ledger":
      ledgerDuration.record(
        seconds,
        known({ "ares.ledger.verb": work.verb, "error.type": errorType }),
      );
      return;
    case "api": {
      const { "url.full": _, ...attributes } = spanOf(work).attributes;
      const { httpStatus } = outcome;
      apiDuration.record(
        seconds,
        known({
          ...attributes,
          "http.response.status_code": httpStatus,
          "error.type": errorType,
        }),
      );
    }
  }
}

function countEvent(event: AresEvent, { charges, credits: taken }: Instruments): void {
  const { type, usage, credits } = event;
  const errorType = "code" in event ? event.code : undefined;
  charges.add(1, known({ "ares.usage": usage, "ares.outcome": type, "error.type": errorType }));
  if (type === "charged") taken.add(credits, { "ares.usage": usage });
}
