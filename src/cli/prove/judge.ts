import type { Operation } from "./customer";
import type { Intent } from "./intents";
import type { Deduction } from "./startAres";

/** Everything known about one intent at the end. */
export interface Evidence {
  intent: Intent;
  /** When ARES took credits for this intent. */
  deducted: number[];
  /** The final states of this intent's rows in the ledger. */
  booked: string[];
  answers: Operation[];
}

/** What is wrong with one intent. A reader should never see one of these. */
export interface Complaint {
  is: "doubled" | "contradicted" | "unbooked";
  why: string;
}

/** Groups deductions, rows and answers by intent. */
export function gather(
  intents: readonly Intent[],
  deductions: readonly Deduction[],
  rows: readonly { userId: string; usage: string; status: string }[],
  history: readonly Operation[],
): Evidence[] {
  const evidence = new Map<string, Evidence>(
    intents.map((intent) => [intent.name, { intent, deducted: [], booked: [], answers: [] }]),
  );
  for (const { userId, usage, at } of deductions)
    evidence.get(`${userId} ${usage}`)?.deducted.push(at);
  for (const { userId, usage, status } of rows)
    evidence.get(`${userId} ${usage}`)?.booked.push(status);
  for (const operation of history) evidence.get(operation.intent)?.answers.push(operation);
  return [...evidence.values()];
}

/** Compares ARES's book with the ledger and with every answer. */
export function judge({ deducted, booked, answers }: Evidence): Complaint[] {
  return [
    ...judgeLedger(deducted, booked),
    ...answers.flatMap((answer) => judgeAnswer(deducted, answer)),
  ];
}

function judgeLedger(
  deducted: Evidence["deducted"],
  booked: Evidence["booked"],
): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const contradicted = (why: string) => complaints.push({ is: "contradicted", why });
  const isBooked = booked.includes("charged") || booked.includes("unknown");

  if (deducted.length > 1) complaints.push({ is: "doubled", why: `${deducted.length} deductions` });
  if (booked.includes("charged") && deducted.length === 0)
    contradicted("the ledger says charged, ARES took nothing");
  // Two keys of a resource may have two rows: one was declined, and the other was charged. Each deduction needs a row of its own.
  const mayBeCharged = booked.filter(
    (status) => status === "charged" || status === "unknown",
  ).length;
  if (booked.includes("declined") && deducted.length > mayBeCharged)
    contradicted("the ledger says declined, ARES took credits");
  if (deducted.length > 0 && !isBooked) {
    const said = booked.join(" and ") || "nothing";
    complaints.push({ is: "unbooked", why: `ARES took credits, the ledger says ${said}` });
  }
  return complaints;
}

function judgeAnswer(
  deducted: Evidence["deducted"],
  { said, code, from, to }: Evidence["answers"][number],
): readonly Complaint[] {
  const contradicted = (why: string): Complaint[] => [{ is: "contradicted", why }];
  if (said === "charged" && !deducted.some((at) => at <= to))
    return contradicted(`answered "${code}", ARES had taken nothing`);
  if (said === "declined" && deducted.length > 0)
    return contradicted(`answered "${code}", ARES took credits under this key`);
  if (said === "not_charged" && deducted.some((at) => at < from))
    return contradicted(`answered "${code}" after ARES had taken credits`);
  return [];
}
