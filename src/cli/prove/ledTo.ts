import { type Evidence, judge } from "./judge";
import type { Met } from "./startAres";

/** What a fault led to: intents by their state at the end. One intent may have met several faults. */
export interface LedTo {
  fault: string;
  intents: number;
  charged: number;
  unknown: number;
  declined: number;
  /** Nothing was charged, and the next press may charge. */
  free: number;
  doubled: number;
  contradicted: number;
}

/** Counts, for each fault, what became of the intents that met it. The commonest fault comes first. */
export function whatFaultsLedTo(evidence: readonly Evidence[], met: readonly Met[]): LedTo[] {
  const byFault = new Map<string, Set<string>>();
  for (const { fault, user, usage } of met) {
    const names = byFault.get(fault) ?? new Set();
    byFault.set(fault, names.add(`${user} ${usage}`));
  }
  return [...byFault]
    .map(([fault, names]) =>
      count(
        fault,
        evidence.filter(({ intent }) => names.has(intent.name)),
      ),
    )
    .filter(({ intents }) => intents > 0)
    .sort((a, b) => b.intents - a.intents);
}

function count(fault: string, all: readonly Evidence[]): LedTo {
  const states = all.map(({ booked }) => stateOf(booked));
  const inState = (state: string) => states.filter((each) => each === state).length;
  const withFault = (is: string) =>
    all.filter((each) => judge(each).some((complaint) => complaint.is === is)).length;
  return {
    fault,
    intents: all.length,
    charged: inState("charged"),
    unknown: inState("unknown"),
    declined: inState("declined"),
    free: inState("free"),
    doubled: withFault("doubled"),
    contradicted: withFault("contradicted"),
  };
}

/** Two keys of one resource may have two rows: what may have charged counts. */
export function stateOf(booked: readonly string[]): string {
  return ["charged", "unknown", "declined"].find((state) => booked.includes(state)) ?? "free";
}
