import { isAresError } from "../contract";
import type { ObserveCall } from "./ares/aresApi";
import type { AresReply } from "./ares/classify";
import type { AresEvent } from "./charge/events";
import type { ChargeReceipt } from "./charge/receipt";
import type { Ledger } from "./ledger/ledger";
import { isOfFramework } from "./refusals";

/**
 * Hears of a server's work, for traces and metrics: what `telemetry` of `createAresServer` takes. `otel()` of
 * `ares-react/otel` makes one for OpenTelemetry.
 *
 * Nothing that it hears names a user, a key or a resource, but the headers of a request, from which it takes the parent of
 * a trace. Its errors go to `onError`, and change no answer.
 */
export interface Telemetry {
  /** A piece of work starts. */
  start(work: TelemetryWork): TelemetrySpan;
  /** A charge changed, as `onEvent` hears it. */
  event(event: AresEvent): void;
  /** The unconfirmed charges that a run of `reconcile` left, and the age of the oldest in milliseconds, or 0. */
  unknown(left: { count: number; oldestMs: number }): void;
}

/** One piece of work. */
export type TelemetryWork =
  /** All that a request asks for. Its headers may name the trace that it belongs to. */
  | { type: "request"; headers: Pick<Headers, "get" | "keys"> }
  /** One charge, from the sign-in to its outcome. */
  | { type: "charge" }
  /** The app's own sign-in. */
  | { type: "authenticate" }
  /** One call of the ledger, such as `claim`. */
  | { type: "ledger"; verb: string }
  /** One call of ARES, over HTTP. */
  | { type: "api"; method: "GET" | "POST"; url: string };

/** A piece of work under way. */
export interface TelemetrySpan {
  /** Calls `run` at once. What `run` starts is a part of this work. */
  within(run: () => void): void;
  /** Called once, when the work has ended. */
  end(outcome: TelemetryOutcome): void;
}

/** How a piece of work ended. */
export interface TelemetryOutcome {
  /**
   * Why it failed: a code of the error table, the name of an error of the app, `timeout`, or, for a call of ARES, `not_sent`
   * or `lost`.
   */
  error?: string;
  /** The status of ARES's answer. */
  httpStatus?: number;
  charge?: {
    chargeId: string;
    usage?: string | undefined;
    /** Of a paid charge. */
    credits?: number;
    replayed?: boolean;
  };
}

type Work<T> = () => Promise<T>;

/** How the parts of a server tell of their work. */
export interface Watch {
  request<T>(from: Request | Headers, run: Work<T>): Promise<T>;
  charge<T>(
    from: Request | Headers,
    run: Work<T>,
    receiptOf: (result: T) => ChargeReceipt,
  ): Promise<T>;
  authenticate<T>(run: Work<T>): Promise<T>;
  api: ObserveCall;
  ledger(ledger: Ledger): Ledger;
  event(event: AresEvent): void;
  unknown(left: { count: number; oldestMs: number }): void;
}

/** Nobody hears of the work. */
const nobody: Watch = {
  request: (_, run) => run(),
  charge: (_, run) => run(),
  authenticate: (run) => run(),
  api: (_, run) => run(),
  ledger: (ledger) => ledger,
  event: () => {},
  unknown: () => {},
};

/** Work that takes longer is told as `timeout`: a span that never ends is never seen. */
const LONGEST_MS = 30_000;

/** Tells a telemetry of the work. Whatever the telemetry does, the work runs once, and its result is its own. */
export function createWatch(
  telemetry: Telemetry | undefined,
  onError: (error: unknown) => void,
): Watch {
  if (!telemetry) return nobody;

  function safely<T>(tell: () => T): T | undefined {
    try {
      const told = tell();
      if (told instanceof Promise) told.catch(onError);
      return told;
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  function observe<T>(
    work: () => TelemetryWork,
    run: Work<T>,
    outcomeOf: (result: T) => TelemetryOutcome = () => ({}),
  ): Promise<T> {
    const span = safely(() => telemetry?.start(work()));
    let running: Promise<T> | undefined;
    const once = () => (running ??= (async () => run())());
    // A telemetry may give back what it ran. How the work ended is no error of the telemetry.
    safely(() => span?.within(() => void once()));
    const result = once();

    let isOver = false;
    function end(outcome: () => TelemetryOutcome): void {
      clearTimeout(timer);
      if (!isOver) safely(() => span?.end(outcome()));
      isOver = true;
    }
    const timer = setTimeout(() => end(() => ({ error: "timeout" })), LONGEST_MS);
    // The timer alone must not keep a process alive. Other runtimes give a number.
    if (typeof timer === "object") timer.unref();
    result.then(
      (value) => end(() => outcomeOf(value)),
      (error: unknown) => end(() => failureOf(error)),
    );
    return result;
  }

  const request: Watch["request"] = (from, run) =>
    observe(() => ({ type: "request", headers: "url" in from ? from.headers : from }), run);

  return {
    request,
    charge: (from, run, receiptOf) =>
      request(from, () =>
        observe(
          () => ({ type: "charge" }),
          run,
          (result) => {
            const { id, usage, credits, replayed } = receiptOf(result);
            return { charge: { chargeId: id, usage, credits, replayed } };
          },
        ),
      ),
    authenticate: (run) => observe(() => ({ type: "authenticate" }), run),
    api: (call, run) => observe(() => ({ type: "api", ...call }), run, outcomeOfReply),
    ledger: (ledger) =>
      // A frozen ledger would forbid a proxy of its own to give other functions.
      new Proxy<Ledger>(Object.create(ledger), {
        get(_, verb) {
          const member = Reflect.get(ledger, verb);
          if (typeof member !== "function" || typeof verb !== "string") return member;
          return (...args: unknown[]) =>
            observe(
              () => ({ type: "ledger", verb }),
              () => member.apply(ledger, args),
            );
        },
      }),
    event: (event) => void safely(() => telemetry.event(event)),
    unknown: (left) => void safely(() => telemetry.unknown(left)),
  };
}

function outcomeOfReply(reply: AresReply): TelemetryOutcome {
  return reply.status === "answered" ? { httpStatus: reply.http } : { error: reply.status };
}

/** What a framework throws, such as a redirect, is no failure. */
function failureOf(thrown: unknown): TelemetryOutcome {
  if (isOfFramework(thrown)) return {};
  if (!isAresError(thrown)) return { error: thrown instanceof Error ? thrown.name : "unknown" };
  const { chargeId, usage } = thrown.details;
  // The usage of a row has a price. Any other name is whatever the request said.
  const charge = chargeId === undefined ? {} : { charge: { chargeId, usage } };
  return { error: thrown.code, ...charge };
}
