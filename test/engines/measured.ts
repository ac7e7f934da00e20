import type { RotationVerdict } from "./rotation";
import { causes } from "./rotationJudge";
import type { Verdict } from "./trial";

/** The figures of one run, in the columns of the table in `docs/guarantees.md`. */
export interface Measured {
  what: string;
  on: string;
  intents: string;
  requests?: number;
  killed?: number;
  deductions?: number;
  booked: string;
  doubled?: number;
  elsewise?: string;
}

/** Prints a run as a row for the page. */
export function printRow({
  what,
  on,
  intents,
  requests,
  killed,
  deductions,
  booked,
  doubled,
  elsewise = "",
}: Measured): void {
  printCells(
    what,
    on,
    intents,
    count(requests),
    count(killed),
    count(deductions),
    booked,
    bold(doubled),
    elsewise,
  );
}

/** Prints a trial as its row, and the faults it found. */
export function printTrial(
  what: string,
  on: string,
  { figures, booked, complaints }: Verdict,
): void {
  const { doubled, contradicted, unbooked, examples } = complaints;
  printRow({
    ...figures,
    what,
    on,
    intents: intentsOf(figures),
    booked: states(booked),
    doubled,
    elsewise: `${count(contradicted)}, ${count(unbooked)}`,
    ...(figures.disturbances > 0 && { killed: figures.disturbances }),
  });
  if (examples.length > 0) console.log(examples.join("\n"));
}

/** Prints a negative control as its row of the second table. */
export function printControl(what: string, { figures, complaints }: Verdict): void {
  printControlRow(what, intentsOf(figures), figures.deductions, complaints.doubled);
}

/** Prints a run of refreshes as its row of the third table. */
export function printRotation(
  who: string,
  on: string,
  { figures, ended, unexplained, ofAnotherUser }: RotationVerdict,
): void {
  const { refreshes, lost, killed, frozen, links } = figures;
  const reasons = causes.map((cause) => count(ended[cause])).join(" / ");
  printCells(
    who,
    on,
    count(refreshes),
    count(lost),
    `${count(killed)}, ${count(frozen)}`,
    count(links),
    reasons,
    bold(unexplained.length),
    bold(ofAnotherUser),
  );
}

export function printControlRow(
  what: string,
  intents: string,
  deductions: number,
  doubled: number,
): void {
  printCells(what, intents, count(deductions), bold(doubled));
}

/** The counts of other states follow by name, where there are any. */
function states({
  charged = 0,
  unknown = 0,
  declined = 0,
  ...others
}: Record<string, number>): string {
  const named = Object.entries(others).map(([state, times]) => `${count(times)} ${state}`);
  return [count(charged), count(unknown), count(declined), ...named].join(" / ");
}

function intentsOf({ intents, duplicates }: Verdict["figures"]): string {
  return `${count(intents)} × ${duplicates}`;
}

function printCells(...cells: string[]): void {
  console.log(`|${cells.map((cell) => (cell ? ` ${cell} ` : " ")).join("|")}|`);
}

function bold(number: number | undefined): string {
  return number === undefined ? "" : `**${count(number)}**`;
}

function count(number: number | undefined): string {
  return number?.toLocaleString("en") ?? "";
}
