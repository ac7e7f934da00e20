import { hashKey } from "@tanstack/react-query";
import { onePerClient } from "../../client";

/** The quotes that one user was shown on this page. The cache of queries may have dropped them since. */
export interface ShownQuotes {
  /** The price that was last shown for an input, in credits. Undefined: none was shown. */
  find(usage: string, input: unknown): number | undefined;
  add(usage: string, input: unknown, credits: number): void;
}

/** More inputs than this were not read, so the oldest are forgotten. */
const MOST_SHOWN = 1000;

export const shownQuotesOf = /* @__PURE__ */ onePerClient((): ShownQuotes => {
  const shown = new Map<string, number>();
  return {
    find: (usage, input) => shown.get(hashKey([usage, input])),
    add(usage, input, credits) {
      const name = hashKey([usage, input]);
      shown.delete(name);
      shown.set(name, credits);
      const [oldest] = shown.keys();
      if (shown.size > MOST_SHOWN && oldest !== undefined) shown.delete(oldest);
    },
  };
});

/** True for inputs of one text. The order of members does not count. */
export function isSameInput(one: unknown, other: unknown): boolean {
  return hashKey([one]) === hashKey([other]);
}
