import { type LedTo, stateOf } from "./ledTo";
import type { Verdict } from "./runTrial";

/** How a run ends. */
export type Ending = "proved" | "refuted" | "nothing proved";

/** Everything that a run has found out. */
export interface Report {
  ending: Ending;
  /** Why, in a sentence. */
  because: string;
  book: string;
  control: Verdict;
  app: Verdict;
  leftOut: readonly string[];
}

const count = (number: number) => number.toLocaleString("en");

/** What each fault is, by its name. */
const faultWords: Readonly<Record<string, string>> = {
  claimed: "server killed before the send was noted",
  begun: "server killed right before the send",
  answered: "server killed before ARES's yes was stored",
  "drop-before-charge": "connection lost before the deduction",
  "drop-after-charge": "reply lost after the deduction",
  "500-before": "500, nothing deducted",
  "502-after": "502 after the deduction",
  "garbage-200-after": "broken 200 after the deduction",
  slow: "ARES slower than the time limit",
  "403-expired": "token expired",
  insufficient: "too few credits",
};

/** The run for a terminal. */
export function linesOf({ ending, because, control, app, leftOut }: Report): string {
  const { figures, complaints, mostOfOneUser } = app;
  const { charged = 0, unknown = 0, declined = 0, free = 0 } = statesOf(app.booked);
  const facts: [string, string][] = [
    ["intents", `${count(figures.intents)}, each asked for ${figures.duplicates} times at once`],
    ["requests", `${count(figures.requests)} in ${count(figures.seconds)} s`],
    ["servers killed", count(figures.disturbances)],
    ["deductions", count(figures.deductions)],
    ["charged", count(charged)],
    ["unknown", `${count(unknown)}: nobody can tell yet, and nothing is sent again`],
    ["declined", count(declined)],
    ["free", `${count(free)}: nothing was charged, and the next press may`],
    ["doubled", count(complaints.doubled)],
    ["contradicted", `${count(complaints.contradicted)}: an answer or a row that ARES refutes`],
    ["unbooked", `${count(complaints.unbooked)}: deductions that no row knows`],
    ["most of one user", `${count(mostOfOneUser.deducted)} credits`],
  ];
  return [
    "",
    `The control, the guide's own route: ${count(control.figures.intents)} double clicks, ${count(control.figures.deductions)} deductions, ${count(control.complaints.doubled)} doubled`,
    "",
    ...facts.map(([name, value]) => `${name.padEnd(18)}${value}`),
    "",
    ...tableOf(app.faults),
    ...leftOut.map((words) => `Left out: ${words}`),
    ...complaints.examples.map((words) => `Wrong: ${words}`),
    "",
    `${ending[0]?.toUpperCase()}${ending.slice(1)}: ${because}`,
  ].join("\n");
}

/** Intents by their state. In the verdict they stand by the states of their rows. */
function statesOf(booked: Verdict["booked"]): Record<string, number> {
  const states: Record<string, number> = {};
  for (const [rows, intents] of Object.entries(booked)) {
    const state = stateOf(rows.split("+"));
    states[state] = (states[state] ?? 0) + intents;
  }
  return states;
}

const columns = [
  "intents",
  "charged",
  "unknown",
  "declined",
  "free",
  "doubled",
  "contradicted",
] as const;

function tableOf(faults: readonly LedTo[]): string[] {
  const width = Math.max(...Object.values(faultWords).map((words) => words.length)) + 2;
  const row = (first: string, cells: readonly string[]) =>
    first.padEnd(width) + cells.map((cell, n) => cell.padStart(widthOf(n))).join("");
  return [
    row("what each fault led to", columns),
    ...faults.map((each) =>
      row(
        faultWords[each.fault] ?? each.fault,
        columns.map((name) => count(each[name])),
      ),
    ),
    "",
  ];
}

const widthOf = (n: number) => (columns[n]?.length ?? 0) + 2;
