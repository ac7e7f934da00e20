import type { Answer } from "../../../src/client/answer";
import { callRules } from "../../../src/client/charge/calls";
import { next } from "../../../src/client/charge/next";
import type { Charge, Event, Facts, Told } from "../../../src/client/charge/states";
import { AresError } from "../../../src/contract";

const keyOf = (name: string) => ({ key: name, usage: "report", at: 0 });
const contract = (status: number, body: Answer["body"]): Answer => ({
  status,
  ok: status < 300,
  contract: true,
  body,
});
const row = (status: string) => contract(200, { charge: { status } });
const paidRow = (work: object) => contract(200, { charge: { status: "charged", ...work } });
const error = (retryable: boolean) => new AresError("auth_unavailable", "", { retryable });

/** Every kind of answer that a POST or a read may bring. */
const answers: readonly Answer[] = [
  contract(200, { message: "Success", status: "charged" }),
  contract(402, { code: "insufficient_credits" }),
  contract(503, { code: "ledger_unavailable", retryable: true }),
  contract(409, { code: "charge_in_progress" }),
  contract(409, { code: "outcome_unknown" }),
  contract(409, { code: "ledger_reset" }),
  ...["charged", "sending", "unknown", "absent", "declined"].map(row),
  { status: 200, ok: true, contract: false, body: { user: {} } },
];

/** Every kind of end that a call of the app's own may have. */
const ends: readonly Told[] = [
  { as: "served" },
  { as: "value" },
  { as: "navigation" },
  { as: "answer", error: error(false) },
  { as: "failure", error: error(false) },
  ...(["rate_limited", "price_changed", "used_up", "other_body", "outcome_unknown"] as const).map(
    (code): Told => ({ as: "refusal", error: new AresError(code, "") }),
  ),
];
const works = [{ work: "running" }, { work: "none" }, { work: "ended", repeatsLeft: 0 }];

/** One event of every kind that a charge may meet. */
function eventsFor({ step, out }: Charge, { rules }: Facts): Event[] {
  // No key whose POST is out is minted again, or orphaned.
  const other = (name: string) => keyOf(name === out ? `${name} next` : name);
  const orphans = [undefined, other("orphaned")];
  const fresh = other("minted");
  const sent = out === undefined ? [] : [keyOf(out)];
  const isCall = rules !== undefined;
  const posted = isCall ? [] : sent;
  const called = isCall ? sent : [];
  const looks = isCall ? [...answers, ...works.map(paidRow)] : answers;
  return [
    ...orphans.map((orphan) => ({ type: "shown" as const, orphan })),
    ...[true, false].map((online) => ({ type: "press" as const, credits: 1, online })),
    ...orphans.flatMap((orphan) =>
      [undefined, error(true)].map((failed) => ({
        type: "turn" as const,
        step,
        orphan,
        fresh,
        error: failed,
      })),
    ),
    ...[undefined, error(true), error(false)].map((failed) => ({
      type: "token" as const,
      step,
      error: failed,
    })),
    ...called.flatMap((pending) => ends.map((told) => ({ type: "ended" as const, pending, told }))),
    ...posted.flatMap((pending) =>
      answers.flatMap((answer) =>
        [true, false].map((again) => ({
          type: "answer" as const,
          pending,
          again,
          delivered: false,
          shownElsewhere: false,
          answer,
        })),
      ),
    ),
    ...posted.map((pending) => ({ type: "broken" as const, pending })),
    { type: "late", step },
    { type: "due", step, online: true },
    ...[undefined, ...looks].flatMap((answer) =>
      [0, -60_000].map((sentAt) => ({
        type: "read" as const,
        step,
        answer,
        rowless: false,
        asked: 0,
        sentAt,
        shownElsewhere: false,
      })),
    ),
    { type: "foreign", step },
    { type: "woken" },
    { type: "woken", old: true },
    { type: "check" },
    { type: "reset" },
    { type: "delivered" },
  ];
}

/** How long was waited matters only at the end of the minute, and the number of looks never. */
function settle(charge: Charge): Charge {
  const settled = { ...charge, step: 0, looks: undefined };
  return settled.status === "watching" || settled.status === "asking"
    ? { ...settled, waited: settled.waited < 60_000 ? 0 : 60_000, wait: 60_000 }
    : settled;
}

/** The arrows of the diagram: each state, its next states and their events, for all reachable charges. */
function findEdges(targets: readonly Facts[]): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const open: [Charge, Facts][] = targets.map((facts) => [{ step: 0, status: "idle" }, facts]);
  for (let reached = open.pop(); reached; reached = open.pop()) {
    const [from, facts] = reached;
    for (const event of eventsFor(from, facts)) {
      const to = settle(next(from, event, facts));
      if (to.status !== from.status) {
        const edge = `${from.status} --> ${to.status}`;
        edges.set(edge, (edges.get(edge) ?? new Set()).add(event.type));
      }
      const name = JSON.stringify([to, facts]);
      if (!seen.has(name)) open.push([to, facts]);
      seen.add(name);
    }
  }
  return edges;
}

/** The charges of gates, and the charges of an app's own calls. */
export const drawn = {
  machine: [
    { usage: "report", now: 0 },
    { usage: "report", resource: "r", now: 0 },
  ],
  calls: [{ usage: "report", call: "call-1", joins: true, rules: callRules, now: 0 }],
} satisfies Record<string, Facts[]>;

/** The charge machine as a Mermaid state diagram. A state stays what it is when an event has no arrow. */
export function drawMachine(targets: readonly Facts[]): string {
  const lines = [...findEdges(targets)].map(
    ([edge, events]) => `  ${edge}: ${[...events].sort().join(", ")}`,
  );
  return ["```mermaid", "stateDiagram-v2", "  [*] --> idle", ...lines.sort(), "```"].join("\n");
}
