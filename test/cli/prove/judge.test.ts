import { describe, expect, test } from "vitest";
import type { Operation } from "../../../src/cli/prove/customer";
import { needsTwoCharges } from "../../../src/cli/prove/history";
import { makeIntent } from "../../../src/cli/prove/intents";
import { type Evidence, judge } from "../../../src/cli/prove/judge";

const intent = makeIntent(1, 1, [[{ usage: "pdf", isKept: true }]]);

function answer(
  from: number,
  to: number,
  said: Operation["said"],
  more: Partial<Operation> = {},
): Operation {
  return {
    intent: intent.name,
    key: intent.keys[0] ?? "",
    does: "charge",
    from,
    to,
    said,
    fresh: false,
    code: said,
    ...more,
  };
}

const fresh = { fresh: true };

describe("the judge", () => {
  const fine: [string, Omit<Evidence, "intent">][] = [
    ["a charge", { deducted: [5], booked: ["charged"], answers: [answer(1, 9, "charged")] }],
    ["a lost answer", { deducted: [5], booked: ["unknown"], answers: [answer(1, 9, "open")] }],
    ["a lost request", { deducted: [], booked: ["unknown"], answers: [answer(1, 9, "nothing")] }],
    [
      "the refusal of one key beside the charge of another",
      { deducted: [5], booked: ["declined", "charged"], answers: [] },
    ],
    ["a refusal", { deducted: [], booked: ["declined"], answers: [answer(1, 9, "declined")] }],
    [
      "a duplicate that spoke first",
      {
        deducted: [5],
        booked: ["charged"],
        answers: [answer(1, 6, "not_charged"), answer(1, 9, "charged")],
      },
    ],
  ];
  const wrong: [string, Omit<Evidence, "intent">, ...string[]][] = [
    ["two deductions", { deducted: [5, 6], booked: ["charged"], answers: [] }, "doubled"],
    [
      "a charged row without a deduction",
      { deducted: [], booked: ["charged"], answers: [] },
      "contradicted",
    ],
    [
      "a declined row with one of two",
      { deducted: [5, 6], booked: ["declined", "charged"], answers: [] },
      "doubled",
      "contradicted",
    ],
    ["a deduction that no row knows", { deducted: [5], booked: [], answers: [] }, "unbooked"],
    [
      "a deduction under a row that is free to be sent",
      { deducted: [5], booked: ["claimed"], answers: [] },
      "unbooked",
    ],
    [
      "paid before it was paid",
      { deducted: [5], booked: ["charged"], answers: [answer(1, 4, "charged")] },
      "contradicted",
    ],
    [
      "declined, and charged later",
      { deducted: [5], booked: ["charged"], answers: [answer(1, 4, "declined")] },
      "contradicted",
    ],
    [
      "not charged, long after",
      { deducted: [5], booked: ["charged"], answers: [answer(6, 9, "not_charged")] },
      "contradicted",
    ],
  ];

  test.each(fine)("accepts %s", (_, evidence) => {
    expect(judge({ intent, ...evidence })).toEqual([]);
  });

  test.each(wrong)("complains of %s", (_, evidence, ...complaints) => {
    expect(judge({ intent, ...evidence }).map(({ is }) => is)).toEqual(complaints);
  });
});

describe("the history checker", () => {
  const one: [string, Operation[]][] = [
    ["one charge, repeated", [answer(1, 5, "charged", fresh), answer(6, 8, "charged")]],
    [
      "an answer that was lost, and the repeat that found the charge",
      [answer(1, 5, "nothing"), answer(6, 8, "charged")],
    ],
    [
      "a repeat that was answered before the original",
      [answer(1, 9, "charged", fresh), answer(2, 4, "open"), answer(2, 8, "charged")],
    ],
    [
      "not charged so far, while the charge was under way",
      [answer(1, 9, "charged", fresh), answer(2, 4, "not_charged")],
    ],
    ["nothing but refusals", [answer(1, 5, "declined"), answer(6, 8, "declined")]],
  ];
  const two: [string, Operation[]][] = [
    [
      "two requests that each charged",
      [answer(1, 5, "charged", fresh), answer(2, 6, "charged", fresh)],
    ],
    [
      "not charged so far, after charged",
      [answer(1, 5, "charged", fresh), answer(6, 8, "not_charged", { does: "read" })],
    ],
    [
      "charged under a key that was declined",
      [answer(1, 5, "declined"), answer(6, 8, "charged", fresh)],
    ],
    [
      "charged by nobody who could have",
      [answer(1, 5, "not_charged"), answer(6, 8, "charged", { does: "read" })],
    ],
    [
      "a fresh charge after a repetition of one",
      [answer(1, 2, "nothing"), answer(3, 4, "charged"), answer(6, 8, "charged", fresh)],
    ],
  ];

  test.each(one)("explains %s by one charge", (_, operations) => {
    expect(needsTwoCharges(operations)).toBe(false);
  });

  test.each(two)("can't explain %s by one charge", (_, operations) => {
    expect(needsTwoCharges(operations)).toBe(true);
  });
});
