/**
 * How much a trial does: each day a part, and with `LONG_TRIALS=1` all that the figures of `docs/guarantees.md` stand on.
 * `npm run test:long` sets that.
 */
export const daily = (part: number, { long }: { long: number }): number =>
  process.env.LONG_TRIALS === "1" ? long : part;
