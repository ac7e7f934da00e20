import { beforeAll, describe, expect, test } from "vitest";
import type { Charge, Event } from "../../../src/client/charge/states";
import { AresError } from "../../../src/contract";
import { walk } from "./walk";
import { type Rules, rules, type Setting } from "./world";

/** How far the walks with two tabs go beyond what each run of the tests affords. */
const depth = Number(process.env.MACHINE_DEPTH ?? 0);
const any = Number.POSITIVE_INFINITY;

beforeAll(() => {
  // Worlds hold errors, and nobody reads where these were made.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
});

const ofResource = { contract: true, resource: "r-1" };
const endpoints = [
  ["this kit's handler", { contract: true }],
  ["this kit's handler and a resource", ofResource],
  ["the guide's route", { contract: false }],
] as const;

/** Each start over takes its own press and POST. With more start-overs fewer other moves may happen. */
const oneTab = (resets: 0 | 1 | 2): Omit<Setting, "contract"> => ({
  tabs: 1,
  gates: false,
  limits: {
    presses: resets === 1 && !depth ? 2 : 3,
    keys: 2,
    posts: depth || resets < 2 ? 3 : 2,
    resets,
    reloads: 0,
    faults: any,
    acts: any,
  },
});
const reloaded: Omit<Setting, "contract"> = {
  tabs: 1,
  gates: false,
  limits: { presses: 2, keys: 2, posts: 2, resets: 1, reloads: 1 + depth, faults: any, acts: any },
};
const twoTabs: Omit<Setting, "contract"> = {
  tabs: 2,
  gates: true,
  limits: { presses: 2, keys: 2, posts: 2, resets: 0, reloads: 0, faults: 1 + depth, acts: depth },
};

describe.each(endpoints)(
  "the browser's charge keeps its nine laws in every order of events, on %s",
  (_, endpoint) => {
    test.each([0, 1, 2] as const)("when its user starts over %i times", (resets) => {
      expect(walk({ ...oneTab(resets), ...endpoint })).toEqual({ worlds: expect.any(Number) });
    });

    test("when its page is reloaded, and the next one finds the key", () => {
      expect(walk({ ...reloaded, ...endpoint })).toEqual({ worlds: expect.any(Number) });
    });

    test("when two tabs share their storage", () => {
      expect(walk({ ...twoTabs, ...endpoint })).toEqual({ worlds: expect.any(Number) });
    });
  },
);

/** A server of another kind, which knows the row of a resource and no row by its key. */
const latestOnly = { owns: false };

test.each([
  ["when its page is reloaded", reloaded],
  ["when two tabs share their storage", twoTabs],
])(
  "the browser's charge keeps its nine laws though each read names the resource's row, %s",
  (_, setting) => {
    expect(walk({ ...setting, ...ofResource }, latestOnly)).toEqual({ worlds: expect.any(Number) });
  },
);

/** A machine that decides one thing otherwise. */
function otherwise(
  spoil: (charge: Charge, event: Event) => [Charge, Event] | Charge | undefined,
): Partial<Rules> {
  return {
    decide(charge, event, facts) {
      const spoilt = spoil(charge, event);
      if (!spoilt) return rules.decide(charge, event, facts);
      return Array.isArray(spoilt) ? rules.decide(...spoilt, facts) : spoilt;
    },
  };
}

const notCharged = new AresError("network_error", "", { retryable: true });
const refused = (charge: Charge): Charge => ({
  step: charge.step + 1,
  pending: charge.pending,
  status: "refused",
  error: notCharged,
  at: 0,
});
const idle = ({ step, pending, out }: Charge): Charge => ({ step, pending, out, status: "idle" });

const asOwn = otherwise((charge, event) => {
  if (event.type !== "read" || event.answer?.body?.charge?.status !== "declined") return undefined;
  const { body } = event.answer;
  return [
    charge,
    {
      ...event,
      answer: {
        ...event.answer,
        body: { ...body, charge: { ...body.charge, key: charge.pending?.key } },
      },
    },
  ];
});

const handler = { contract: true };
const guide = { contract: false };
const mutants: [string, Setting, Partial<Rules>][] = [
  [
    "sends again from unknown",
    { ...oneTab(0), ...handler },
    otherwise((charge, event) =>
      event.type === "press" && charge.status === "unknown" ? [idle(charge), event] : undefined,
    ),
  ],
  [
    "takes silence for a refusal",
    { ...oneTab(0), ...handler },
    otherwise((charge, event) =>
      event.type === "late" && charge.status === "posted" ? refused(charge) : undefined,
    ),
  ],
  [
    "replaces a key that a new ledger refuses, though the user was told that the outcome is unknown",
    { ...oneTab(0), ...handler },
    otherwise((charge, event) =>
      event.type === "answer" &&
      charge.status === "watching" &&
      event.answer.body?.code === "ledger_reset" &&
      charge.pending
        ? [{ step: charge.step, pending: charge.pending, status: "posted", again: false }, event]
        : undefined,
    ),
  ],
  ["sends a key that it did not store", { ...oneTab(0), ...handler }, { saves: false }],
  [
    "mints a new key after a refusal that kept one",
    { ...oneTab(0), ...handler },
    otherwise((charge, event) =>
      event.type === "press" && charge.status === "refused"
        ? [{ ...charge, pending: undefined }, event]
        : undefined,
    ),
  ],
  [
    "believes absent too early",
    { ...oneTab(0), ...handler },
    otherwise((charge, event) =>
      event.type === "read" ? [charge, { ...event, sentAt: -40_000 }] : undefined,
    ),
  ],
  [
    "lets a late answer change a charged charge",
    { ...oneTab(0), ...handler },
    otherwise((charge, event) =>
      event.type === "answer" && charge.status === "charged"
        ? [
            { ...idle(charge), status: "watching", wait: 0, waited: 0, readMs: 0, credits: 1 },
            event,
          ]
        : undefined,
    ),
  ],
  [
    "takes any declined row of the resource for its own key's",
    { ...reloaded, ...ofResource },
    { ...latestOnly, ...asOwn },
  ],
  ["forgets with its page what was sent", { ...reloaded, ...handler }, { looks: false }],
  [
    "takes a state that the guide's route can't tell for absent",
    { ...oneTab(0), ...guide },
    otherwise((charge, event) =>
      event.type === "read" && event.answer && charge.pending ? refused(charge) : undefined,
    ),
  ],
  ["mints without a look for another tab's key", { ...twoTabs, ...handler }, { looks: false }],
  ["mints before it can see what another tab stored", { ...twoTabs, ...handler }, { locks: false }],
  [
    "believes absent though another tab sent the key again",
    { ...twoTabs, ...handler, limits: { ...twoTabs.limits, presses: 3, keys: 1 } },
    { shares: false },
  ],
  [
    "sends an orphaned key before it looked",
    { ...twoTabs, ...guide },
    otherwise((charge, event) =>
      event.type === "turn" && event.orphan && !charge.pending
        ? [charge, { ...event, orphan: undefined, fresh: event.orphan }]
        : undefined,
    ),
  ],
];

test.each(mutants)("a machine that %s breaks a law", (_, setting, mutant) => {
  const { broken } = walk(setting, mutant);
  expect(broken).toBeDefined();
});
