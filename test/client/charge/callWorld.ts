import { callRules } from "../../../src/client/charge/calls";
import { next } from "../../../src/client/charge/next";
import {
  type Charge,
  type Event,
  type Facts,
  type Told,
  view,
} from "../../../src/client/charge/states";
import type { PendingKey } from "../../../src/client/pendingKeys";
import { AresError, type AresErrorCode } from "../../../src/contract";

/** A row of the server's ledger. `again`: how often finished work is done once more. */
interface Row {
  status: "charged" | "declined" | "unknown";
  work: "none" | "ended";
  again: number;
}

/** A request of a key: on its way, or served with its answer on the way back. */
interface Flight {
  tab: number;
  key: string;
  /** False once its page has given up on it, or is gone. */
  heard: boolean;
  /** What the server made of it. Undefined: it has not arrived. */
  answer?: Told | undefined;
}

export interface World {
  /** A page per tab. */
  tabs: readonly Charge[];
  flights: readonly Flight[];
  rows: Readonly<Record<string, Row>>;
  stored: Readonly<Record<string, PendingKey>>;
  /** The key that was paid last, and the tabs that had been pressed before that: they still find it. */
  retired?: { key: PendingKey; tabs: readonly number[] } | undefined;
  /** The deductions by key. ARES may have deducted though its answer was lost. */
  deducted: Readonly<Record<string, number>>;
  /** The keys that a new ledger no longer knows. */
  forgotten: readonly string[];
  keys: number;
  /** How often the user has agreed to a payment, and whether the last time is still open. */
  intents: number;
  isOpen: boolean;
  used: Readonly<Record<Limit, number>>;
}

export type Limit = "presses" | "faults" | "resets" | "reloads" | "losses";
export type Decide = (charge: Charge, event: Event, facts: Facts) => Charge;
export interface Setting {
  tabs: number;
  limits: Readonly<Record<Limit, number>>;
}

export class Broken extends Error {}

const NOW = 1_000_000;
const facts: Facts = { usage: "image", call: "call-1", joins: true, rules: callRules, now: NOW };
const refusal = (code: AresErrorCode): Told => ({ as: "refusal", error: new AresError(code, "") });
const gateway: Told = {
  as: "failure",
  error: new AresError("unexpected_response", ""),
};
const workFailed = gateway;
const page: Told = { as: "answer", error: new AresError("unexpected_response", "") };

export const start = ({ tabs }: Setting): World => ({
  tabs: Array.from({ length: tabs }, () => ({ step: 0, status: "idle" })),
  flights: [],
  rows: {},
  stored: {},
  deducted: {},
  forgotten: [],
  keys: 0,
  intents: 0,
  isOpen: false,
  used: { presses: 0, faults: 0, resets: 0, reloads: 0, losses: 0 },
});

export type Move = [label: string, after: World];

/** Everything that can happen next. */
export function movesOf(setting: Setting, decide: Decide = next) {
  const may = (world: World, limit: Limit) => world.used[limit] < setting.limits[limit];
  const use = (world: World, limit: Limit): World => ({
    ...world,
    used: { ...world.used, [limit]: world.used[limit] + 1 },
  });

  return function* moves(world: World): Generator<Move> {
    for (const [tab, charge] of world.tabs.entries()) {
      const take = (event: Event, from = world) => stepped(from, tab, event, decide);
      const { step } = charge;
      if (may(world, "presses"))
        yield [`press ${tab}`, pressed(use(world, "presses"), tab, decide)];
      if (may(world, "resets") && isGivenUp(charge))
        yield [
          `start over ${tab}`,
          take({ type: "reset" }, use({ ...world, isOpen: false }, "resets")),
        ];
      if (charge.status === "unknown") yield [`check ${tab}`, take({ type: "check" })];
      if (may(world, "reloads")) yield [`reload ${tab}`, use(reloaded(world, tab), "reloads")];
      yield* tasksOf(world, tab, take, step);
    }
    for (const flight of world.flights) {
      if (!flight.answer) yield* arrivals(world, flight, may(world, "faults"), use);
      yield* ends(world, flight, may(world, "faults"), use, decide);
    }
    if (may(world, "losses")) yield ["a new ledger", use(lostLedger(world), "losses")];
  };
}

/** What the runner of a tab does next. */
function* tasksOf(
  world: World,
  tab: number,
  take: (event: Event, from?: World) => World,
  step: number,
): Generator<Move> {
  const charge = world.tabs[tab];
  if (charge?.reading) {
    yield [`look ${tab}`, take(lookAt(world, charge))];
    if (!isOnWay(world, charge.pending?.key))
      yield [`late look ${tab}`, take(lookAt(world, charge, true))];
    yield [`no look ${tab}`, take({ ...lookAt(world, charge), answer: undefined })];
    return;
  }
  switch (charge?.status) {
    case "queued": {
      const key = `key-${world.keys}`;
      const fresh = { key, usage: "image", call: "call-1", at: NOW };
      const turned = take({ type: "turn", step, orphan: orphanOf(world, tab), fresh });
      const isMinted = turned.tabs[tab]?.pending?.key === key;
      yield [`turn ${tab}`, isMinted ? { ...turned, keys: world.keys + 1 } : turned];
      return;
    }
    case "stored": {
      const sent = take({ type: "token", step, error: undefined });
      const flight = { tab, key: charge.pending.key, heard: true };
      yield [`send ${tab}`, { ...sent, flights: [...sent.flights, flight] }];
      return;
    }
    case "watching":
      yield [`wait ${tab}`, take({ type: "due", step, online: true })];
      return;
  }
}

/** The stored key that a tab may take over. */
function orphanOf({ tabs, stored, retired }: World, tab: number): PendingKey | undefined {
  const own = tabs[tab]?.pending?.key;
  const found = Object.values(stored).find(({ key }) => key !== own);
  return found ?? (retired?.tabs.includes(tab) ? retired.key : undefined);
}

/** The truth about a tab's key, as a look tells it. `late`: half a minute after the last send. */
function lookAt(world: World, charge: Charge, late = false): Event<"read"> {
  const name = charge.pending?.key ?? "";
  const row = world.rows[name];
  const gone = world.forgotten.includes(name);
  const told = row && {
    status: row.status,
    id: name,
    ...(row.status === "charged" && { work: row.work }),
    ...(row.work === "ended" && { repeatsLeft: row.again }),
  };
  const body = { charge: told ?? { status: gone ? "unknown" : "absent" } };
  return {
    type: "read",
    step: charge.step,
    answer: { status: 200, ok: true, contract: true, body },
    rowless: false,
    asked: NOW,
    sentAt: late ? NOW - 40_000 : (world.stored[name]?.at ?? NOW),
    shownElsewhere: false,
  };
}

const isOnWay = (world: World, key: string | undefined) =>
  world.flights.some((flight) => flight.key === key && !flight.answer);

/** True for a request that nobody waits for, or that this tab waits for. A press of another tab is told there. */
const isOnWayOf = (world: World, tab: number, key: string) =>
  world.flights.some(
    (flight) => flight.key === key && !flight.answer && (!flight.heard || flight.tab === tab),
  );

/** What the server may do with a request that arrives. */
function* arrivals(
  world: World,
  flight: Flight,
  faulty: boolean,
  use: (world: World, limit: Limit) => World,
): Generator<Move> {
  const { key } = flight;
  const row = world.rows[key];
  const answered = (answer: Told, after: World = world): World => ({
    ...after,
    flights: after.flights.map((each) => (each === flight ? { ...flight, answer } : each)),
  });
  const write = (changed: Row, from = world): World => ({
    ...from,
    rows: { ...from.rows, [key]: changed },
  });
  const deduct = (from: World): World => ({
    ...from,
    deducted: { ...from.deducted, [key]: (from.deducted[key] ?? 0) + 1 },
  });
  const done: Row = { status: "charged", work: "ended", again: 1 };
  if (world.forgotten.includes(key)) {
    yield ["arrives at the new ledger", answered(refusal("ledger_reset"))];
    return;
  }
  if (!row) {
    yield ["arrives, is charged and served", answered({ as: "served" }, deduct(write(done)))];
    if (!faulty) return;
    const struck = use(world, "faults");
    const failing: Row = { ...done, work: "none" };
    yield [
      "arrives, is charged, and the work fails",
      answered(workFailed, deduct(write(failing, struck))),
    ];
    const declined: Row = { status: "declined", work: "none", again: 0 };
    yield ["arrives and is declined", answered(refusal("declined"), write(declined, struck))];
    const unknown: Row = { status: "unknown", work: "none", again: 0 };
    yield [
      "arrives, and ARES's answer is lost",
      answered(refusal("outcome_unknown"), deduct(write(unknown, struck))),
    ];
    yield ["arrives and is refused", answered(refusal("rate_limited"), struck)];
    return;
  }
  if (row.status === "declined") yield ["arrives at a no", answered(refusal("declined"))];
  else if (row.status === "unknown")
    yield ["arrives at an open row", answered(refusal("outcome_unknown"))];
  else if (row.work === "none")
    yield ["arrives and is served", answered({ as: "served" }, write(done))];
  else if (row.again > 0)
    yield [
      "arrives and is served again",
      answered({ as: "served" }, write({ ...row, again: row.again - 1 })),
    ];
  else yield ["arrives too often", answered(refusal("used_up"))];
}

/** How a request ends for its page: as the server answered, or otherwise. It may be still on its way then. */
function* ends(
  world: World,
  flight: Flight,
  faulty: boolean,
  use: (world: World, limit: Limit) => World,
  decide: Decide,
): Generator<Move> {
  const { tab, key, answer, heard } = flight;
  const rest = world.flights.filter((each) => each !== flight);
  const after = answer ? rest : [...rest, { ...flight, heard: false }];
  const end = (from: World, told: Told) =>
    stepped(
      { ...from, flights: after },
      tab,
      { type: "ended", pending: pendingOf(world, tab, key), told },
      decide,
    );
  if (!heard) {
    yield [answer ? "is answered to nobody" : "is lost on its way", { ...world, flights: rest }];
    return;
  }
  if (answer) yield ["answers", end(world, answer)];
  if (!faulty) return;
  const left: Told = { as: "navigation" };
  for (const told of [gateway, page, left])
    yield [`answers otherwise: ${told.as}`, end(use(world, "faults"), told)];
}

/** The key as the page sent it. */
function pendingOf(world: World, tab: number, key: string): PendingKey {
  return world.tabs[tab]?.pending ?? world.stored[key] ?? { key, usage: "image", at: NOW };
}

function isGivenUp(charge: Charge): boolean {
  const state = callRules.view(charge, view(charge));
  return state.status === "unknown" && !state.checking;
}

function reloaded(world: World, tab: number): World {
  const tabs = world.tabs.map(
    (charge, n): Charge => (n === tab ? { step: 0, status: "idle" } : charge),
  );
  const flights = world.flights.map((flight) =>
    flight.tab === tab ? { ...flight, heard: false } : flight,
  );
  return { ...world, tabs, flights };
}

function lostLedger(world: World): World {
  const forgotten = Array.from({ length: world.keys }, (_, n) => `key-${n}`);
  return { ...world, rows: {}, forgotten };
}

/** A press agrees to one payment, unless the last one is still open. */
function pressed(world: World, tab: number, decide: Decide): World {
  const { intents, isOpen } = world;
  const agreed = isOpen ? world : { ...world, intents: intents + 1, isOpen: true };
  const { retired } = agreed;
  const others = retired?.tabs.filter((each) => each !== tab) ?? [];
  const isNew = world.tabs[tab]?.status !== "queued";
  const from = retired && isNew ? { ...agreed, retired: { ...retired, tabs: others } } : agreed;
  return stepped(from, tab, { type: "press", credits: 1, online: true }, decide);
}

/** Makes a step of a tab's machine, as the runner does: decide, store, tell. The laws are checked on the way. */
function stepped(world: World, tab: number, event: Event, decide: Decide): World {
  const from = world.tabs[tab] ?? { step: 0, status: "idle" };
  let to = decide(from, event, facts);
  if (to === from) return world;
  const paidKey = to.status === "charged" ? to.pending : undefined;
  check(world, tab, from, to);
  if (to.status === "charged") to = decide(to, { type: "delivered" }, facts);

  const stored = { ...world.stored };
  if (to.pending) stored[to.pending.key] = to.pending;
  if (from.pending && from.pending.key !== to.pending?.key) delete stored[from.pending.key];
  let { retired } = world;
  if (to.status === "charged" && paidKey) {
    delete stored[paidKey.key];
    const pressed = [...world.tabs.entries()].filter(([, { status }]) => status === "queued");
    retired = { key: paidKey, tabs: pressed.map(([n]) => n) };
  }
  const tabs = world.tabs.map((charge, n) => (n === tab ? to : charge));
  const isConcluded =
    paidKey !== undefined || (to.status === "refused" && !to.pending && from.status !== "refused");
  return { ...world, tabs, stored, retired, isOpen: world.isOpen && !isConcluded };
}

/** The laws about what a page tells. */
function check(world: World, tab: number, from: Charge, to: Charge): void {
  if (to.status === from.status) return;
  const key = (to.pending ?? from.pending)?.key ?? "";
  const paid = world.deducted[key] ?? 0;
  const isUsedUp = to.status === "refused" && to.error.code === "used_up";
  if (to.status === "charged" && paid === 0) throw new Broken("Served work follows a charge.");
  if (to.status === "failed" && to.paid && paid === 0)
    throw new Broken("What is told as paid was charged.");
  if (isUsedUp && paid === 0) throw new Broken("What is told as used up was charged.");
  const saysUncharged =
    (to.status === "failed" && !to.paid) || (to.status === "refused" && !isUsedUp);
  const byDecline = to.status === "refused" && to.error.code === "declined";
  if (saysUncharged && !byDecline && paid > 0)
    throw new Broken("What is told as not charged was not charged.");
  if (saysUncharged && !byDecline && isOnWayOf(world, tab, key))
    throw new Broken("What is told as not charged can't be charged any more.");
}

/** The laws about every world: one intent is one deduction. */
export function checkWorld({ deducted, intents }: World): void {
  const amounts = Object.values(deducted);
  if (amounts.some((each) => each > 1)) throw new Broken("One key is one deduction.");
  if (amounts.reduce((sum, each) => sum + each, 0) > intents)
    throw new Broken("One intent is one deduction.");
}

/** True when nothing is under way: only the user can go on. */
export function isQuiet({ tabs, flights }: World): boolean {
  const waits = ({ status, reading }: Charge) =>
    reading || ["queued", "stored", "posted", "watching"].includes(status);
  return flights.length === 0 && !tabs.some(waits);
}

/** Nothing is stuck: a press, an honest network and an honest server lead to the work. */
export function canFinish(world: World, decide: Decide = next): boolean {
  const quiet: Setting = {
    tabs: world.tabs.length,
    limits: { presses: 99, faults: 0, resets: 9, reloads: 0, losses: 0 },
  };
  const moves = movesOf(quiet, decide);
  let now = world;
  for (let steps = 0; steps < 200; steps++) {
    if (now.tabs[0]?.status === "charged" && now !== world) return true;
    const all = [...moves({ ...now, used: start(quiet).used })];
    const move =
      all.find(([label]) =>
        /^(turn|send|arrives|answers$|is answered|late look|start over 0|wait 0)/.test(label),
      ) ??
      all.find(([label]) => label === "look 0") ??
      all.find(([label]) => label === "press 0");
    if (!move || move[1] === now) return false;
    now = move[1];
  }
  return false;
}
