import type { Baskets } from "../../src/cli/prove/intents";

const usages = Array.from({ length: 10 }, (_, n) => `usage-${n}`);

/** Each usage costs one credit, and each customer buys each of them. */
export const prices = Object.fromEntries(usages.map((usage) => [usage, 1]));
export const baskets: Baskets = [usages.map((usage) => ({ usage, isKept: true }))];
