// @vitest-environment jsdom

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { ChargeHandle, ChargeState } from "../../src/client";
import { chargesOf } from "../../src/client";
import { createBrowser, createEndpoint, type Fate, type Page } from "./browser";

/** A request arrives within 8 seconds, or never. Within this limit the page may believe "absent". */
const fate: fc.Arbitrary<Fate> = fc.record({
  there: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    fc.integer({ min: 1, max: 8000 }),
    fc.constant(null),
  ),
  work: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 })),
  outcome: fc.oneof(
    { weight: 5, arbitrary: fc.constant<Fate["outcome"]>("charged") },
    fc.constantFrom<Fate["outcome"]>("declined", "unknown, deducted", "unknown, not deducted"),
  ),
  back: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    fc.integer({ min: 1, max: 8000 }),
    fc.constant(null),
  ),
});

const step = fc.record({
  tab: fc.constantFrom(0, 1),
  does: fc.oneof(
    { weight: 4, arbitrary: fc.constant("press" as const) },
    fc.constantFrom(
      "press twice" as const,
      "remount" as const,
      "unmount" as const,
      "reload" as const,
      "check" as const,
    ),
  ),
  after: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: 0, max: 40_000 }),
  ),
});

/** Longer than any read here: the token, the way there, the work and the way back take at most 22 seconds. */
const LONGEST_READ_MS = 25_000;

type Deed = "press" | "press twice" | "remount" | "unmount" | "reload" | "check";

interface Schedule {
  steps: { tab: number; does: Deed; after: number }[];
  fates: Fate[];
  /** How long each token takes. */
  tokens?: number[];
}
const schedule: fc.Arbitrary<Schedule> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 10 }),
  fates: fc.array(fate, { minLength: 1, maxLength: 12 }),
  tokens: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 })), { maxLength: 12 }),
});

interface Tab {
  page: Page;
  handle: ChargeHandle;
  leave: () => void;
}

/** Plays a user who wants one thing once. The user presses until some tab has shown it, and never after that. */
async function play(
  { steps, fates, tokens = [] }: Schedule,
  { contract, resource, cold }: { contract: boolean; resource?: string; cold?: boolean },
) {
  let next = 0;
  let asked = 0;
  const well: Fate = { there: 0, work: 0, outcome: "charged", back: 0 };
  const endpoint = createEndpoint(contract, () => fates[next++] ?? well);
  const first = cold ? undefined : endpoint.first;
  const browser = createBrowser(endpoint.fetchOf, () => tokens[asked++] ?? 0, first);
  const shown: ChargeState["status"][] = [];
  let liesAt = 0;

  const open = (page: Tab["page"]): Tab => {
    const handle = chargesOf(page.client).open({ usage: "export", resource });
    const lies = () =>
      handle.get().status === "not_charged" &&
      endpoint.deductions.length > 0 &&
      !endpoint.hasDeclined();
    const see = () => {
      if (page.isGone()) return;
      shown.push(handle.get().status);
      // "Not charged" must be true when it is said. A request on its way arrives within the limit. Another tab's press
      // can make it untrue until that tab's message arrives and a read has told. When ARES declined one key and another
      // key was pressed later, both states are right.
      if (!lies()) return;
      setTimeout(() => {
        if (!page.isGone() && lies()) liesAt = shown.length;
      }, LONGEST_READ_MS);
    };
    const leave = handle.subscribe(see);
    return { page, handle, leave };
  };
  const tabs = [open(browser.openPage()), open(browser.openPage())];
  await vi.advanceTimersByTimeAsync(0);

  const press = ({ handle }: Tab) => {
    if (!shown.includes("charged")) void handle.charge(1);
  };
  /** Does one thing in a tab, and gives the tab that stands there then. */
  const act = (tab: Tab, does: Deed): Tab => {
    switch (does) {
      case "press":
        press(tab);
        return tab;
      case "press twice":
        press(tab);
        press(tab);
        return tab;
      case "check":
        void tab.handle.check();
        return tab;
      case "unmount":
        tab.leave();
        return tab;
      case "remount":
        tab.leave();
        return open(tab.page);
      case "reload":
        tab.page.close();
        return open(browser.openPage());
    }
  };

  for (const { tab: index, does, after } of steps) {
    const tab = tabs[index];
    if (!tab) continue;
    tabs[index] = act(tab, does);
    await vi.advanceTimersByTimeAsync(after);
  }
  await vi.advanceTimersByTimeAsync(200_000);
  for (const { page } of tabs) page.close();
  await vi.advanceTimersByTimeAsync(1000);
  return {
    ...endpoint,
    shown,
    liesAt,
    states: tabs.map(({ handle }) => handle.get()),
    entries: browser.entries,
  };
}

beforeAll(() => {
  vi.useFakeTimers();
});
afterAll(() => {
  vi.useRealTimers();
});

const fine: Fate = { there: 0, work: 0, outcome: "charged", back: 0 };
const unheard: Fate = { ...fine, there: null };

/** Faults that earlier runs found. Each of these schedules once charged twice, or said "not charged" of a charge. */
const lessons: Schedule[] = [
  // Another tab sent the key again after this tab had begun to read.
  {
    steps: [
      { tab: 1, does: "press twice", after: 0 },
      { tab: 0, does: "press", after: 13_027 },
      { tab: 1, does: "press", after: 0 },
    ],
    fates: [unheard, unheard, unheard, { ...fine, back: 4918 }],
  },
  // The answer "absent" was old when it arrived.
  {
    steps: [
      { tab: 1, does: "press", after: 11_002 },
      { tab: 1, does: "press", after: 0 },
      { tab: 1, does: "reload", after: 0 },
      { tab: 0, does: "press", after: 0 },
    ],
    fates: [
      unheard,
      fine,
      { ...fine, there: 2751 },
      { ...fine, back: 1748 },
      unheard,
      { ...fine, back: 7250 },
    ],
  },
  // Another tab settled the key, and dropped the key, while this tab was reading.
  {
    steps: [
      { tab: 0, does: "press", after: 11_000 },
      { tab: 1, does: "press", after: 2 },
      { tab: 0, does: "press", after: 0 },
    ],
    fates: [unheard, { ...fine, back: 1 }, { ...fine, back: 1103 }],
  },
  // A gate was unmounted while its press waited for the lock, and was mounted again.
  {
    steps: [
      { tab: 1, does: "unmount", after: 0 },
      { tab: 0, does: "press", after: 0 },
      { tab: 1, does: "press", after: 0 },
      { tab: 1, does: "remount", after: 0 },
      { tab: 0, does: "press", after: 0 },
    ],
    fates: [{ ...fine, work: 1, back: 1 }],
  },
  // A press in the same millisecond in which the other tab showed the unlock.
  {
    steps: [
      { tab: 0, does: "unmount", after: 0 },
      { tab: 0, does: "press", after: 2 },
      { tab: 1, does: "press", after: 0 },
      { tab: 0, does: "remount", after: 0 },
      { tab: 0, does: "press", after: 0 },
    ],
    fates: [fine, { ...fine, there: 1, work: 1 }],
  },
  // A gate came back to what was paid while it was gone, and its listener was not told.
  {
    steps: [
      { tab: 1, does: "unmount", after: 0 },
      { tab: 1, does: "press", after: 3 },
      { tab: 1, does: "remount", after: 1 },
      { tab: 0, does: "press", after: 0 },
    ],
    fates: [fine],
  },
  // The token of the read that follows another tab's message was slow. "Not charged" stood until that read was answered.
  {
    steps: [
      { tab: 0, does: "press", after: 30_000 },
      { tab: 1, does: "press", after: 0 },
      { tab: 0, does: "press", after: 2 },
      { tab: 0, does: "reload", after: 0 },
      { tab: 1, does: "press", after: 0 },
      { tab: 0, does: "press", after: 0 },
    ],
    fates: [
      { ...unheard, work: 1 },
      { ...fine, there: 1, back: null },
    ],
    tokens: [0, 1, 1, 0, 0, 0, 0, 242],
  },
];

const worlds = [
  ["this kit's handler", { contract: true }],
  ["this kit's handler and a resource", { contract: true, resource: "r-1" }],
  ["the guide's route", { contract: false }],
  ["this kit's handler, on pages that have asked nothing", { contract: true, cold: true }],
  ["the guide's route, on pages that have asked nothing", { contract: false, cold: true }],
] as const;

describe.each(worlds)("on %s", (_, world) => {
  test("a user who wants one thing is charged at most once, whatever tabs, reloads, remounts and the network do", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (given) => {
        const { deductions, shown, liesAt } = await play(given, world);
        expect(deductions.length, "deductions").toBeLessThanOrEqual(1);
        if (shown.includes("charged")) expect(deductions.length, "unlocked for nothing").toBe(1);
        expect(liesAt, "called not charged, and was").toBe(0);
      }),
      {
        numRuns: Number(process.env.SCHEDULES ?? 1000),
        examples: lessons.map((lesson) => [lesson]),
      },
    );
  }, 600_000);
});
