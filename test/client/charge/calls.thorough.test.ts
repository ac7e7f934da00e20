import { describe, expect, test } from "vitest";
import { callRules } from "../../../src/client/charge/calls";
import { next } from "../../../src/client/charge/next";
import type { Charge, Event, Facts, Told } from "../../../src/client/charge/states";
import { AresError } from "../../../src/contract";
import {
  Broken,
  canFinish,
  checkWorld,
  type Decide,
  isQuiet,
  movesOf,
  type Setting,
  start,
  type World,
} from "./callWorld";

/** Walks through every world that can be reached, nearest first, until a law breaks. */
function walk(setting: Setting, decide: Decide = next): { worlds: number; broken?: string } {
  const moves = movesOf(setting, decide);
  const first = start(setting);
  const cameFrom = new Map<string, string>([[nameOf(first), ""]]);
  let edge: World[] = [first];
  while (edge.length > 0) {
    const beyond: World[] = [];
    for (const world of edge) {
      const way = cameFrom.get(nameOf(world)) ?? "";
      let label = "";
      try {
        for (const [move, after] of moves(world)) {
          label = move;
          const name = nameOf(after);
          if (cameFrom.has(name)) continue;
          checkWorld(after);
          cameFrom.set(name, `${way} > ${move}`);
          beyond.push(after);
        }
        label = "";
        if (isQuiet(world) && !canFinish(world, decide)) throw new Broken("Nothing is stuck.");
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        return { worlds: cameFrom.size, broken: `${error.message} ${way} > ${label}` };
      }
    }
    edge = beyond;
  }
  return { worlds: cameFrom.size };
}

/** Two worlds of one name have the same future. */
function nameOf(world: World): string {
  return JSON.stringify(world, (name, value: unknown) => {
    if (name === "step" || name === "looks" || name === "wait" || name === "readMs")
      return undefined;
    if (name === "waited") return Number(value) >= 60_000;
    return value instanceof Error && "code" in value ? value.code : value;
  });
}

const oneTab: Setting = {
  tabs: 1,
  limits: { presses: 3, faults: 2, resets: 1, reloads: 1, losses: 1 },
};
const twoTabs: Setting = {
  tabs: 2,
  limits: { presses: 2, faults: 1, resets: 0, reloads: 0, losses: 0 },
};

describe("a paid call keeps its laws in every order of events", () => {
  test.each([
    ["in one tab", oneTab],
    ["in two tabs", twoTabs],
  ])("%s", (_, setting) => {
    expect(walk(setting)).toEqual({ worlds: expect.any(Number) });
  });
});

/** A machine that decides one thing otherwise. */
function otherwise(
  spoil: (charge: Charge, event: Event) => [Charge, Event] | Charge | undefined,
): Decide {
  return (charge, event, facts) => {
    const spoilt = spoil(charge, event);
    if (!spoilt) return next(charge, event, facts);
    return Array.isArray(spoilt) ? next(...spoilt, facts) : spoilt;
  };
}

const error = new AresError("network_error", "");
const idle = ({ step, out }: Charge): Charge => ({ step: step + 1, out, status: "idle" });
const refused = (charge: Charge): Charge => {
  const { pending } = charge;
  return { ...idle(charge), pending, status: "refused", error, at: 0 };
};
const rowOf = (event: Event) => (event.type === "read" ? event.answer?.body?.charge : undefined);
const endsAs = (event: Event, as: Told["as"]) => event.type === "ended" && event.told.as === as;

const mutants: [string, Setting, Decide][] = [
  [
    "mints a new key after work that failed",
    oneTab,
    otherwise((charge, event) =>
      event.type === "press" && charge.status === "failed" ? [idle(charge), event] : undefined,
    ),
  ],
  [
    "sends again while its call is under way",
    oneTab,
    otherwise((charge, event) =>
      event.type === "press" && charge.status === "posted" ? [idle(charge), event] : undefined,
    ),
  ],
  [
    "takes a lost answer for a refusal",
    oneTab,
    otherwise((charge, event) => (endsAs(event, "failure") ? refused(charge) : undefined)),
  ],
  [
    "takes any answer of 200 for the work",
    oneTab,
    otherwise((charge, event) =>
      event.type === "ended" && event.told.as === "answer"
        ? [charge, { ...event, told: { as: "served" } }]
        : undefined,
    ),
  ],
  [
    "believes the app's own answer that a key is refused",
    oneTab,
    otherwise((charge, event) => (endsAs(event, "refusal") ? idle(charge) : undefined)),
  ],
  [
    "ends a key whose navigation no look has confirmed",
    oneTab,
    otherwise((charge, event) => (endsAs(event, "navigation") ? idle(charge) : undefined)),
  ],
  [
    "believes absent too early",
    oneTab,
    otherwise((charge, event) =>
      event.type === "read" && rowOf(event)?.status === "absent"
        ? [
            { ...charge, out: undefined },
            { ...event, sentAt: -1_000_000 },
          ]
        : undefined,
    ),
  ],
  [
    "takes a key that a new ledger forgot for absent",
    oneTab,
    otherwise((charge, event) =>
      rowOf(event)?.status === "unknown" && !rowOf(event)?.id ? refused(charge) : undefined,
    ),
  ],
  [
    "keeps a key whose work was done too often",
    oneTab,
    otherwise((charge, event) =>
      rowOf(event)?.repeatsLeft === 0
        ? { ...idle(charge), pending: charge.pending, status: "failed", error, paid: true }
        : undefined,
    ),
  ],
  [
    "keeps a key that was declined",
    oneTab,
    otherwise((charge, event) =>
      rowOf(event)?.status === "declined" ? refused(charge) : undefined,
    ),
  ],
  [
    "forgets with its page what was sent",
    oneTab,
    otherwise((charge, event) =>
      event.type === "turn" && event.orphan ? [charge, { ...event, orphan: undefined }] : undefined,
    ),
  ],
  [
    "mints beside another tab's key",
    twoTabs,
    otherwise((charge, event) =>
      event.type === "turn" && event.orphan ? [charge, { ...event, orphan: undefined }] : undefined,
    ),
  ],
];

test.each(mutants)("a machine that %s breaks a law", (_, setting, decide) => {
  expect(walk(setting, decide).broken).toBeDefined();
});

const facts: Facts = { usage: "image", call: "call-1", rules: callRules, now: 1_000_000 };
const pending = { key: "key-1", usage: "image", call: "call-1", at: 0, sent: true };

test("an orphaned key of another tab is not taken for one that nothing was sent with", () => {
  const queued: Charge = {
    step: 1,
    status: "queued",
    credits: 1,
    wait: 0,
    second: false,
    untouched: true,
  };
  const fresh = { ...pending, key: "key-2", sent: undefined };
  const stored = next(queued, { type: "turn", orphan: pending, fresh, error: undefined }, facts);

  expect(next(stored, { type: "token", error: undefined }, facts)).toMatchObject({
    status: "posted",
    again: true,
  });
});

test("a call that never settles, and that no look finds, can be given up after a minute", () => {
  const watching: Charge = {
    step: 1,
    pending,
    out: pending.key,
    status: "watching",
    reading: true,
    wait: 32_000,
    waited: 60_000,
    readMs: 0,
    credits: 1,
  };
  const answer = { status: 200, ok: true, contract: true, body: { charge: { status: "absent" } } };
  const asked = facts.now;
  const look = { answer, rowless: false, asked, sentAt: 0, shownElsewhere: false };

  expect(next(watching, { type: "read", ...look }, facts)).toMatchObject({ status: "unknown" });
});
