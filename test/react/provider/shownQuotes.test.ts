import { expect, test } from "vitest";
import { createAresClient } from "../../../src/client";
import { isSameInput, shownQuotesOf } from "../../../src/react/provider/shownQuotes";

const openQuotes = () => shownQuotesOf(createAresClient({ endpoint: "/api/ares" }));

test("the price that was shown last counts, for its usage and its input alone", () => {
  const quotes = openQuotes();
  quotes.add("film", { pages: 1, paper: "A4" }, 1);
  quotes.add("film", { paper: "A4", pages: 1 }, 9);

  expect(quotes.find("film", { pages: 1, paper: "A4" })).toBe(9);
  expect(quotes.find("film", { pages: 2, paper: "A4" })).toBeUndefined();
  expect(quotes.find("poster", { pages: 1, paper: "A4" })).toBeUndefined();
});

test("a page that shows prices without end forgets the oldest", () => {
  const quotes = openQuotes();
  for (let pages = 0; pages <= 1000; pages++) quotes.add("film", { pages }, pages);

  expect(quotes.find("film", { pages: 0 })).toBeUndefined();
  expect(quotes.find("film", { pages: 1 })).toBe(1);
});

test("inputs are compared by text, and lists by their order too", () => {
  expect(
    isSameInput(
      { pages: 1, paper: { size: "A4", ink: 2 } },
      { paper: { ink: 2, size: "A4" }, pages: 1 },
    ),
  ).toBe(true);
  expect(isSameInput({ pages: 1, paper: undefined }, { pages: 1 })).toBe(true);
  expect(isSameInput([1, 2], [2, 1])).toBe(false);
  expect(isSameInput(undefined, { pages: 1 })).toBe(false);
});
