import type { FaultAnswer, FaultName } from "./faults";
import type { AresRoute } from "./knobs";

/** One request to ARES, as the simulator saw it. */
export interface LoggedRequest {
  at: number;
  route: AresRoute;
  /** Whose token it carried; `null` without a token that ever was one. */
  userId: string | null;
  /** What it suffered. */
  fault: FaultName | FaultAnswer | null;
  /** The status of the answer; `null` while there is none, and for ever when the connection broke. */
  status: number | null;
}

/** How often each route was asked, and the last thousand requests, oldest first. */
export interface RequestLog {
  user: number;
  usage: number;
  token: number;
  log: LoggedRequest[];
}

const LIMIT = 1000;

export type RequestRecorder = ReturnType<typeof createRequestLog>;

export function createRequestLog() {
  const counts = { user: 0, usage: 0, token: 0 };
  let log: LoggedRequest[] = [];

  return {
    /** Writes a request down before it is answered; the entry gets its status later. */
    open(request: Omit<LoggedRequest, "status">): LoggedRequest {
      const entry: LoggedRequest = { ...request, status: null };
      counts[request.route] += 1;
      log = [...log.slice(1 - LIMIT), entry];
      return entry;
    },
    read: (): RequestLog => ({ ...counts, log: log.map((entry) => ({ ...entry })) }),
  };
}
