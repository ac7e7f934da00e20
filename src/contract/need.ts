import { AresError } from "./errors";

/** Stops a start with an option that can't work. */
export function need(works: unknown, otherwise: string): asserts works {
  if (!works) throw new AresError("invalid_request", `ARES: ${otherwise}`);
}
