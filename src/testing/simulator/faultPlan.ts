import { type FaultAnswer, FaultName, type FaultOptions } from "./faults";
import type { AresRoute } from "./knobs";
import { seededRandom } from "./tokens";

/** Faults that strike at random: each name's share of all requests, from 0 to 1. */
export interface RandomFaults {
  seed: number;
  rates: Partial<Record<FaultName, number | undefined>>;
  /** Only this route of ARES. @default all */
  on?: AresRoute | undefined;
}

export interface PlannedFault {
  fault: FaultName | FaultAnswer;
  options: FaultOptions;
}

/** Which fault strikes the next request: scripted ones first, in the order they were written, then the random ones. */
export type FaultPlan = ReturnType<typeof createFaultPlan>;

export function createFaultPlan() {
  let scripted: (PlannedFault & { left: number })[] = [];
  let random: (RandomFaults & { next: () => number }) | null = null;

  function drawn(route: AresRoute): PlannedFault | null {
    if (!random || (random.on && random.on !== route)) return null;
    let number = random.next();
    for (const name of FaultName.options) {
      number -= random.rates[name] ?? 0;
      if (number < 0) return { fault: name, options: {} };
    }
    return null;
  }

  return {
    script(fault: FaultName | FaultAnswer, options: FaultOptions): void {
      scripted.push({
        fault,
        options,
        left: options.times === "always" ? Number.POSITIVE_INFINITY : (options.times ?? 1),
      });
    },
    randomly(faults: RandomFaults): void {
      const sum = Object.values(faults.rates).reduce(
        (total: number, rate) => total + (rate ?? 0),
        0,
      );
      if (sum > 1)
        throw new Error(
          `The rates of the random faults add up to ${sum}. No request can suffer more than one. Keep the sum at 1 or below.`,
        );
      random = { ...faults, next: seededRandom(faults.seed) };
    },
    heal(): void {
      scripted = [];
      random = null;
    },
    next(route: AresRoute): PlannedFault | null {
      const due = scripted.find(
        ({ options, left }) => left > 0 && (options.on ?? "usage") === route,
      );
      if (!due) return drawn(route);
      due.left -= 1;
      scripted = scripted.filter(({ left }) => left > 0);
      return due;
    },
    pending: () =>
      scripted.map(({ fault, options, left }) => ({
        fault,
        on: options.on ?? "usage",
        left: left === Number.POSITIVE_INFINITY ? "always" : left,
      })),
  };
}
