import { describe, expect, it } from "vitest";
import {
  claimed,
  givenBack,
  linked,
  maySend,
  nextStep,
  refused,
  renewed,
  sent,
  type TokenRow,
} from "../../src/connect/tokenRow";
import { rowWith } from "./tokenRules";

/** A provider that rotates refresh tokens and ends a link whose old token comes back. One family a link. */
interface Provider {
  newest: number;
  spent: readonly string[];
  ended: readonly string[];
}

type Answer = { got: string } | "invalid_grant" | "unavailable" | "lost";

/** One server's refresh, as far as it has come. */
type Worker =
  | { at: "idle" }
  | { at: "looked"; row: TokenRow; asOf: number }
  | { at: "claimed"; row: TokenRow; asOf: number }
  | { at: "marked"; row: TokenRow; asOf: number }
  | { at: "answered"; row: TokenRow; answer: Answer };

interface World {
  now: number;
  row: TokenRow;
  provider: Provider;
  workers: readonly Worker[];
  /** What may still go wrong, or happen. */
  left: { waits: number; freezes: number; losses: number; links: number; outages: number };
  /** A lost answer, a killed server, or one that was frozen between its send and its write. */
  harmed: boolean;
  writes: number;
}

const T = 1_800_000_000_000;
const WAITS = [16_000, 31_000];

function start(left: World["left"]): World {
  const row = rowWith({
    version: "link-0",
    revision: "w0",
    refreshToken: "link-0/0",
    accessToken: "a",
    storedAt: T - 3_600_000,
    expiresAt: T - 1,
    signedInSince: 0,
  });
  return {
    now: T,
    row,
    provider: { newest: 0, spent: [], ended: [] },
    workers: [{ at: "idle" }, { at: "idle" }],
    left,
    harmed: false,
    writes: 1,
  };
}

const familyOf = (token: string) => token.split("/")[0] ?? "";

/** Every world that may come next. */
function following(world: World): World[] {
  const { left, now, workers } = world;
  const worlds = workers.flatMap((worker, index) => steps(world, worker, index));
  // A worker that stands between its mark and its write meanwhile is frozen.
  const isFrozen = workers.some(({ at }) => at === "marked" || at === "answered");
  const kind = isFrozen ? "freezes" : "waits";
  if (left[kind] > 0)
    for (const ms of WAITS) {
      const harmed = world.harmed || isFrozen;
      worlds.push({ ...world, now: now + ms, harmed, left: { ...left, [kind]: left[kind] - 1 } });
    }
  if (left.links > 0) worlds.push(connectAgain(world));
  return worlds;
}

function connectAgain(world: World): World {
  const tokens = { ...world.row, refreshToken: "link-1/0", version: "link-1", lifetimeMs: 1 };
  const row = linked(world.row, tokens, world.now, `w${world.writes}`);
  const left = { ...world.left, links: world.left.links - 1 };
  return { ...world, row, left, writes: world.writes + 1 };
}

function move(world: World, index: number, worker: Worker, change: Partial<World> = {}): World {
  const workers = world.workers.map((each, place) => (place === index ? worker : each));
  return { ...world, ...change, workers };
}

function write(world: World, index: number, next: TokenRow, was: string, worker: Worker): World {
  if (world.row.revision !== was) return move(world, index, { at: "idle" });
  return move(world, index, worker, { row: next, writes: world.writes + 1 });
}

function steps(world: World, worker: Worker, index: number): World[] {
  const { now, row, left } = world;
  const revision = `w${world.writes}`;
  switch (worker.at) {
    case "idle": {
      // The second worker's looks at the clock are a millisecond behind, as two looks at one instant can be.
      const asOf = now - index;
      const { do: step } = nextStep(row, asOf, { first: row.version, refused: null });
      return step === "claim" ? [move(world, index, { at: "looked", row, asOf })] : [];
    }
    case "looked": {
      const next = claimed(worker.row, worker.asOf, revision);
      const holds = { at: "claimed", row: next, asOf: worker.asOf } as const;
      return [write(world, index, next, worker.row.revision, holds)];
    }
    case "claimed": {
      const next = sent(worker.row, worker.asOf, revision);
      const marked = { at: "marked", row: next, asOf: worker.asOf } as const;
      return [write(world, index, next, worker.row.revision, marked)];
    }
    case "marked":
      return maySend(now - worker.asOf)
        ? sends(world, worker.row, index)
        : [giveBack(world, worker.row, index, revision)];
    case "answered":
      return [
        settle(world, worker, index, revision),
        ...(left.losses > 0 ? [killed(world, index)] : []),
      ];
  }
}

function giveBack(world: World, row: TokenRow, index: number, revision: string): World {
  return write(world, index, givenBack(row, revision), row.revision, { at: "idle" });
}

function killed(world: World, index: number): World {
  const left = { ...world.left, losses: world.left.losses - 1 };
  return move(world, index, { at: "idle" }, { harmed: true, left });
}

function sends(world: World, row: TokenRow, index: number): World[] {
  const { left, provider } = world;
  const token = row.refreshToken ?? "";
  const family = familyOf(token);
  const isGood = !provider.spent.includes(token) && !provider.ended.includes(family);
  const number = provider.newest + 1;
  const after: Provider = isGood
    ? { ...provider, newest: number, spent: [...provider.spent, token] }
    : { ...provider, ended: [...provider.ended, family] };
  const answer: Answer = isGood ? { got: `${family}/${number}` } : "invalid_grant";
  const worlds = [move(world, index, { at: "answered", row, answer }, { provider: after })];
  if (left.losses > 0) {
    const change = { provider: after, harmed: true, left: { ...left, losses: left.losses - 1 } };
    worlds.push(move(world, index, { at: "answered", row, answer: "lost" }, change));
  }
  if (left.outages > 0) {
    const change = { left: { ...left, outages: left.outages - 1 } };
    worlds.push(move(world, index, { at: "answered", row, answer: "unavailable" }, change));
  }
  return worlds;
}

function settle(
  world: World,
  { row: mine, answer }: Extract<Worker, { at: "answered" }>,
  index: number,
  revision: string,
): World {
  const idle = { at: "idle" } as const;
  if (typeof answer === "object") {
    const family = familyOf(answer.got);
    const version = `${family}#${answer.got}`;
    const tokens = { ...mine, version, refreshToken: answer.got, lifetimeMs: 1 };
    const next = renewed(world.row, mine.version, tokens, world.now, revision);
    return move(world, index, idle, next ? { row: next, writes: world.writes + 1 } : {});
  }
  const said = {
    invalid_grant: { status: "ended" },
    unavailable: { status: "unavailable", why: "" },
    lost: { status: "lost" },
  } as const;
  const next = refused(mine, said[answer], world.now, revision);
  return next ? write(world, index, next, mine.revision, idle) : move(world, index, idle);
}

/** Walks through every order of events, until a law is broken. */
function walk(left: World["left"]) {
  const seen = new Set<string>();
  const broken = new Set<string>();
  let hasEnded = false;
  // Nearest worlds first: under a broken rule there may be no end of them.
  const open = [start(left)];
  for (const world of open) {
    const name = JSON.stringify(world);
    if (seen.has(name)) continue;
    seen.add(name);
    for (const law of brokenLaws(world)) broken.add(law);
    hasEnded ||= world.row.ended;
    if (broken.size > 0) break;
    open.push(...following(world));
  }
  return { worlds: seen.size, broken: [...broken], hasEnded };
}

function brokenLaws({ row, provider, harmed, left, workers, now }: World): string[] {
  const laws: string[] = [];
  const family = familyOf(row.refreshToken ?? "");
  if (provider.ended.length > 0 && !harmed) laws.push("a good link was ended");
  if (row.ended && !harmed) laws.push("a user was sent to reconnect");
  if (row.ended && !provider.ended.includes(family)) laws.push("a link of another was ended");
  if (left.links === 0 && family !== "link-1") laws.push("an older link won over a newer one");
  const senders = workers.filter((worker) => worker.at === "marked" && maySend(now - worker.asOf));
  if (senders.length > 1 && !harmed) laws.push("two servers were about to send");
  return laws;
}

describe("every order of two servers' refreshes", () => {
  it("ends no link, while no answer is lost and nobody is killed or frozen", () => {
    const { worlds, broken, hasEnded } = walk({
      waits: 2,
      freezes: 0,
      losses: 0,
      links: 1,
      outages: 1,
    });

    expect(worlds).toBeGreaterThan(1_000);
    expect(broken).toEqual([]);
    expect(hasEnded).toBe(false);
  });

  it("ends a link only where an answer was lost or a server was frozen or killed", () => {
    const { worlds, broken, hasEnded } = walk({
      waits: 1,
      freezes: 1,
      losses: 1,
      links: 1,
      outages: 1,
    });

    expect(worlds).toBeGreaterThan(10_000);
    expect(broken).toEqual([]);
    expect(hasEnded).toBe(true);
  });
});
