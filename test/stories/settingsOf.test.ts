import { describe, expect, it } from "vitest";
import { settingsOf } from "../../.storybook/settingsOf";

describe("the toolbar", () => {
  it.each([
    [{ balance: "0" }, { balance: 0 }],
    [{ balance: 0.01 }, { balance: 0.01 }],
    [{ balance: 3 }, { balance: 3 }],
    [{ network: 429 }, { network: "429" }],
    [{ network: "lost-answer" }, { network: "lost-answer" }],
    [{ account: "signed_out" }, { account: "signed_out" }],
  ])(
    "overrules a story by %j, as text or as the number that an address makes of it",
    (globals, changed) => {
      expect(
        settingsOf({ balance: 12, network: "ok", account: "connected" }, globals),
      ).toMatchObject(changed);
    },
  );

  it.each([
    {},
    { balance: "story", network: "story", account: "story" },
    { balance: "much", network: 418, account: 1 },
  ])("leaves a story as it is at %j", (globals) => {
    expect(settingsOf({ balance: 12, network: "slow" }, globals)).toEqual({
      balance: 12,
      network: "slow",
    });
  });
});
