import { describe, expect, it } from "vitest";
import {
  claimed,
  givenBack,
  isAlive,
  linked,
  maySend,
  nextStep,
  refused,
  renewalAt,
  renewed,
  sent,
  type TokenRow,
} from "../../src/connect/tokenRow";
import { rowWith } from "./tokenRules";

const T = 1_800_000_000_000;
const SECOND = 1000;

const base = rowWith({ version: "v1", revision: "r1" });
const seen = { first: "v1", refused: null };

/** Every value that a decision may meet, by member. */
const values = {
  step: ["stored", "claimed", "sent"],
  stepUntil: [0, T - 1, T, T + 1, T + 30_001, T + 86_400_000],
  retryAt: [0, T, T + 1, T + 4_000, T + 60_001, T + 86_400_000],
  expiresAt: [T - 86_400_000, T - 1, T, T + 1, T + 59_999, T + 60_001, T + 1e9],
  refreshToken: ["refresh", null],
  ended: [false, true],
} satisfies { [M in keyof TokenRow]?: TokenRow[M][] };

/** Every mix of these values. */
function everyRow(): TokenRow[] {
  const old = { ...base, storedAt: T - 2 * 86_400_000 };
  return Object.entries(values).reduce<TokenRow[]>(
    (rows, [member, all]) =>
      rows.flatMap((row) => all.map((value) => ({ ...row, [member]: value }))),
    [old],
  );
}

describe("what a caller does about a row", () => {
  const mixes = everyRow().flatMap((row) =>
    [null, "v0", "v1"].map((refusedVersion) => ({
      row,
      refusedVersion,
      next: nextStep(row, T, { first: "v1", refused: refusedVersion }),
    })),
  );
  const where = (fits: (mix: (typeof mixes)[number]) => boolean) => {
    const found = mixes.filter(fits);
    expect(found.length).toBeGreaterThan(0);
    return new Set(found.map(({ next }) => next.do));
  };

  it("is decided for every mix", () => {
    expect(mixes.length).toBe(3 * 6 * 6 * 7 * 2 * 2 * 3);
    expect(where(() => true)).toEqual(
      new Set(["use", "wait", "claim", "reconnect", "unavailable"]),
    );
  });

  it("is to connect again for a link that has ended, whatever else the row says", () => {
    expect(where(({ row }) => row.ended)).toEqual(new Set(["reconnect"]));
  });

  it("is to use a token that is not near its end and was not refused, whatever step runs", () => {
    const isGood = ({ row, refusedVersion }: (typeof mixes)[number]) =>
      !row.ended && refusedVersion !== "v1" && row.expiresAt > T + 60_000;
    expect(where(isGood)).toEqual(new Set(["use"]));
  });

  it("is to use a token that has come since the first look, however soon it ends, unless ARES refused it", () => {
    for (const row of everyRow().filter(({ ended }) => !ended)) {
      expect(nextStep(row, T, { first: "v0", refused: "v0" })).toEqual({ do: "use" });
      expect(nextStep(row, T, { first: "v0", refused: null })).toEqual({ do: "use" });
      expect(nextStep(row, T, { first: "v0", refused: "v1" })).not.toEqual({ do: "use" });
    }
  });

  it("is never to use a token that ARES refused, or that has ended", () => {
    const isBad = ({ row, refusedVersion }: (typeof mixes)[number]) =>
      refusedVersion === "v1" || row.expiresAt <= T;
    expect(where(isBad)).not.toContain("use");
  });

  it("is never to claim without a refresh token, nor what another server holds", () => {
    expect(where(({ row }) => row.refreshToken === null)).toEqual(new Set(["use", "reconnect"]));
    const isHeld = ({ row }: (typeof mixes)[number]) =>
      row.step !== "stored" && row.stepUntil > T && row.stepUntil <= T + 35_000;
    expect(where(isHeld)).not.toContain("claim");
    const needs = ({ row, refusedVersion }: (typeof mixes)[number]) =>
      !row.ended && row.refreshToken !== null && (refusedVersion === "v1" || row.expiresAt <= T);
    expect(where((mix) => isHeld(mix) && needs(mix))).toEqual(new Set(["wait"]));
  });

  it("is to claim a free row whose token ends, and one whose step has ended", () => {
    const isFree = ({ row, refusedVersion }: (typeof mixes)[number]) =>
      !row.ended &&
      row.refreshToken !== null &&
      (refusedVersion === "v1" || row.expiresAt <= T + 60_000) &&
      (row.step === "stored" || row.stepUntil <= T || row.stepUntil > T + 35_000) &&
      (row.retryAt <= T || row.retryAt > T + 65_000);
    expect(where(isFree)).toEqual(new Set(["claim"]));
  });

  it("is to leave ARES alone for a moment, with a living token meanwhile", () => {
    const isPaused = ({ row }: (typeof mixes)[number]) =>
      !row.ended && row.step === "stored" && row.retryAt === T + 4_000 && row.refreshToken !== null;
    expect(where((mix) => isPaused(mix) && mix.row.expiresAt === T + 1)).toEqual(
      new Set(["use", "unavailable"]),
    );
    expect(nextStep({ ...base, retryAt: T + 4_000, expiresAt: T }, T, seen)).toEqual({
      do: "unavailable",
      retryAfterMs: 4_000,
    });
  });
});

describe("a token is renewed", () => {
  it.each([
    ["a minute before its end", 1_800 * SECOND, 1_740 * SECOND],
    ["after half of a short life", 30 * SECOND, 15 * SECOND],
    ["after half of a life of one millisecond", 1, 0.5],
  ])("%s", (_, lifetimeMs, after) => {
    const row = linked(null, { ...sealed, lifetimeMs }, T, "r2");

    expect(renewalAt(row) - T).toBe(after);
    expect(isAlive(row, T + lifetimeMs - 1, null)).toBe(true);
    expect(isAlive(row, T + lifetimeMs, null)).toBe(false);
  });

  it("after half an hour where ARES names no end", () => {
    const row = linked(null, { ...sealed, lifetimeMs: undefined }, T, "r2");

    expect(row.expiresAt - T).toBe(1_800 * SECOND);
  });
});

const sealed = {
  version: "v2",
  account: "ares-2",
  holds: null,
  accessToken: "sealed access 2",
  refreshToken: "sealed refresh 2",
  lifetimeMs: 1_800_000,
};

describe("the steps of a refresh", () => {
  it("change nothing but the step, and write another revision", () => {
    const rows = [
      claimed(base, T, "r2"),
      sent(base, T, "r2"),
      givenBack(sent(base, T, "r3"), "r2"),
    ];

    expect(rows.map(({ step, stepUntil }) => [step, stepUntil && stepUntil - T])).toEqual([
      ["claimed", 15_000],
      ["sent", 30_000],
      ["stored", 0],
    ]);
    for (const row of rows)
      expect({ ...row, step: "stored", stepUntil: 0 }).toEqual({ ...base, revision: "r2" });
  });

  it.each([
    [-1, false],
    [0, true],
    [20_000, true],
    [20_001, false],
    [Number.NaN, false],
  ])("send %d ms after the row said so: %s", (elapsed, may) => {
    expect(maySend(elapsed)).toBe(may);
  });

  it("store new tokens where the row still has those that were sent", () => {
    const running = { ...sent(base, T, "r2"), refusedAt: T, retryAt: T + 1, signedInSince: 7 };
    const row = renewed(running, "v1", sealed, T + 5, "r3");

    expect(row).toEqual({
      ...running,
      revision: "r3",
      version: "v2",
      accessToken: "sealed access 2",
      refreshToken: "sealed refresh 2",
      storedAt: T + 5,
      expiresAt: T + 5 + 1_800_000,
      step: "stored",
      stepUntil: 0,
      retryAt: 0,
      refusedAt: null,
      ended: false,
    });
  });

  it("drop new tokens where the user has connected again, or the link is gone", () => {
    const again = linked(sent(base, T, "r2"), sealed, T, "r3");

    expect(renewed(again, "v1", { ...sealed, version: "v3" }, T, "r4")).toBeNull();
    expect(renewed(null, "v1", { ...sealed, version: "v3" }, T, "r4")).toBeNull();
  });

  it("let sessions go on when the user connects again, and begin when the user had no link", () => {
    const before = { ...base, signedInSince: 7, ended: true };

    expect(linked(before, sealed, T, "r2")).toMatchObject({ signedInSince: 7, ended: false });
    expect(linked(null, sealed, T, "r2")).toMatchObject({ signedInSince: T, account: "ares-2" });
  });
});

describe("an answer without tokens", () => {
  const running = sent(base, T, "r2");
  const answered = (answer: Parameters<typeof refused>[1], row = running, now = T + 500) =>
    refused(row, answer, now, "r3");

  it("ends a link at once only for invalid_grant", () => {
    expect(answered({ status: "ended" })).toMatchObject({ ended: true, step: "stored" });
    expect(answered({ status: "unavailable", why: "" })).toMatchObject({ ended: false });
    expect(answered({ status: "refused", http: 400 })).toMatchObject({ ended: false });
    expect(answered({ status: "lost" })).toBeNull();
  });

  it("never removes or changes tokens", () => {
    const answers = [
      { status: "ended" },
      { status: "unavailable", why: "" },
      { status: "refused", http: 401 },
    ] as const;
    const { version, accessToken, refreshToken, expiresAt } = base;
    for (const answer of answers)
      expect(answered(answer)).toMatchObject({ version, accessToken, refreshToken, expiresAt });
  });

  it("without a code ends a link the second time, a minute after the first", () => {
    const first = answered({ status: "refused", http: 403 }, running, T);
    expect(first).toMatchObject({ refusedAt: T, ended: false, retryAt: T + 5_000 });
    if (!first) throw new Error("There is a row.");

    const early = answered({ status: "refused", http: 403 }, first, T + 59_999);
    expect(early).toMatchObject({ refusedAt: T, ended: false });
    const late = answered({ status: "refused", http: 403 }, first, T + 60_000);
    expect(late).toMatchObject({ refusedAt: T, ended: true });
    const between = answered({ status: "unavailable", why: "" }, first, T + 60_000);
    expect(between).toMatchObject({ refusedAt: T, ended: false });
  });

  it.each([
    [undefined, 5_000],
    [0, 5_000],
    [12, 12_000],
    [86_400, 60_000],
  ])("after Retry-After %s leaves ARES alone for %d ms", (retryAfterSeconds, ms) => {
    expect(
      answered({ status: "unavailable", why: "", retryAfterSeconds }, running, T),
    ).toMatchObject({
      retryAt: T + ms,
    });
  });
});
