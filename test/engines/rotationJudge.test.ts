import { describe, expect, it } from "vitest";
import type { Harm } from "../../src/cli/prove/startFleet";
import { type Refresh, type SlowWrite, whyLinksEnded } from "./rotationJudge";

const T = 1_800_000_000_000;
const send = (change: Partial<Refresh> = {}): Refresh => ({
  user: "ada",
  link: "link-1",
  token: 1,
  server: 1,
  at: T,
  answeredAt: T + 100,
  ok: true,
  lost: false,
  late: false,
  ...change,
});
/** The same token, half a minute later, from another server. */
const again = send({ server: 2, at: T + 31_000, answeredAt: T + 31_100, ok: false });
const none = {
  "reply lost": 0,
  "reply late": 0,
  killed: 0,
  frozen: 0,
  "store out of reach": 0,
};
/** Its server tries to store the reply, and can't. */
const slow = (change: Partial<SlowWrite> = {}): SlowWrite => ({
  server: 1,
  from: T + 200,
  to: T + 5_200,
  ...change,
});
const harm = (change: Partial<Harm>): Harm => ({
  server: 1,
  what: "killed",
  from: T + 50,
  to: Infinity,
  ...change,
});

describe("a link ended", () => {
  it("never while each refresh token was sent once", () => {
    const all = [send(), send({ token: 2, at: T + 1_000 })];
    expect(whyLinksEnded(all, [], [])).toEqual({ counts: none, unexplained: [] });
  });

  it.each<[keyof typeof none, Refresh, Harm[], SlowWrite[]?]>([
    ["reply lost", send({ lost: true }), []],
    ["reply late", send({ late: true }), []],
    ["killed", send(), [harm({})]],
    ["killed", send(), [harm({ from: T - 60_000 })]],
    ["frozen", send(), [harm({ what: "frozen", to: T + 31_000 })]],
    ["frozen", send(), [harm({ what: "frozen", server: 2, from: T - 5_000, to: T + 30_000 })]],
    ["store out of reach", send(), [], [slow()]],
  ])("by %s, once a link", (cause, first, harms, slowWrites = []) => {
    const later = send({ token: 3, at: T + 60_000, ok: false });
    expect(whyLinksEnded([first, again, later], harms, slowWrites)).toEqual({
      counts: { ...none, [cause]: 1 },
      unexplained: [],
    });
  });

  it.each<[string, Refresh[], Harm[], SlowWrite[]?]>([
    ["two servers sent one token", [send(), again], []],
    ["another server was killed", [send(), again], [harm({ server: 3 })]],
    ["it was killed long after", [send(), again], [harm({ from: T + 6_000 })]],
    ["it was frozen before", [send(), again], [harm({ what: "frozen", from: 0, to: T - 3_000 })]],
    ["the repeated reply was lost, not the first", [send(), { ...again, lost: true }], []],
    ["the provider refused a token that came once", [send({ ok: false })], []],
    [
      "a reply was lost in another link",
      [send({ link: "link-2", token: 9, lost: true }), send(), again],
      [],
    ],
    ["another server could not store", [send(), again], [], [slow({ server: 2 })]],
    ["it could not store before", [send(), again], [], [slow({ from: T - 5_000, to: T })]],
    [
      "it could not store, but another server sent the token at once",
      [send(), { ...again, at: T + 1_000 }],
      [],
      [slow()],
    ],
  ])("for no reason: %s", (_, all, harms, slowWrites = []) => {
    expect(whyLinksEnded(all, harms, slowWrites).unexplained).toEqual([
      expect.stringContaining("link-1: token 1 from 1"),
    ]);
  });
});
