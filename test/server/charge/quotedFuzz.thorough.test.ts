import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { quoted } from "../../../src/server";
import { type worldOf as open, worldOf } from "../world";

/** What the price function does with its next input. */
type Answer = number | string | null | "throws" | undefined;

/** Not so near to a hundredth that noise and price can't be told apart. */
function isClear(credits: number): boolean {
  const away = Math.abs(credits * 100 - Math.round(credits * 100));
  return !(away > 1e-10 && away < 1e-7);
}

const anyAmount = fc.oneof(
  // Products and sums of binary fractions, with their noise.
  fc.tuple(fc.nat(3_000), fc.nat(999)).map(([pages, thousandths]) => pages * (thousandths / 1_000)),
  fc
    .array(fc.constantFrom(0.1, 0.01, 0.07, 1.1), { maxLength: 50 })
    .map((parts) => parts.reduce((sum, each) => sum + each, 0)),
  fc.double(),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1e-17,
    1e-17,
    100,
    100.001,
    1e308,
    -1e308,
  ),
);
const amount = anyAmount.filter(isClear);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 9, arbitrary: amount },
  { weight: 1, arbitrary: fc.constantFrom("throws", "1", null, undefined) },
);
const input = fc.jsonValue({ maxDepth: 2 });
const shown = fc.constantFrom<"none" | "asked" | "another">("none", "asked", "another");
const presses = fc.array(
  fc.record({
    input,
    quote: answer,
    charge: answer,
    moved: fc.boolean(),
    shown,
    resource: fc.constantFrom(undefined, "a", "b"),
    again: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

const MOST = 100;

/** The price as whole arithmetic on the shortest decimal of the number has it; null where nothing may be charged. */
function hundredthsOf(given: Answer): number | null {
  if (typeof given !== "number" || !Number.isFinite(given) || given < -1e-11 || given > MOST + 1e-9)
    return null;
  // Twelve digits: the noise of a binary fraction stands behind them.
  const [whole = "0", places = ""] = Math.abs(given).toFixed(12).split(".");
  const exact = BigInt(whole + places);
  const step = 10n ** 10n;
  const up = exact / step + (exact % step > 10n ? 1n : 0n);
  return Number(up) > MOST * 100 ? null : Number(up);
}

/** A server with one usage, whose price function does what `next` says. */
function quoting() {
  const price: { next: Answer } = { next: 0 };
  const prices = {
    any: quoted({
      input: z.unknown(),
      async credits() {
        if (price.next === "throws") throw new Error("no rates");
        return price.next as never;
      },
      maxCredits: MOST,
    }),
  };
  const w: ReturnType<typeof open> = worldOf(prices, {
    balance: 1e9,
    rateLimit: false,
    onError: () => {},
  });
  return { ...w, price };
}

type Quoting = ReturnType<typeof quoting>;
type Press = typeof presses extends fc.Arbitrary<(infer P)[]> ? P : never;

const inHundredths = (credits: unknown) => Math.round(Number(credits) * 100);

/** Asks for the price of a press's input. */
async function askPrice({ get, price }: Quoting, { input, quote }: Press): Promise<unknown> {
  price.next = quote;
  const asked = new URLSearchParams({ usage: "any", input: JSON.stringify(input) });
  const told = await (await get(`?${asked}`)).json();
  const credits: unknown = told.answers?.[0]?.credits;
  const fits = new TextEncoder().encode(JSON.stringify(input)).length <= 512;
  if (fits && credits !== undefined) expect(inHundredths(credits)).toBe(hundredthsOf(quote));
  return credits;
}

/** Shows a price, lets it move where the press says so, and charges. */
async function play(w: Quoting, press: Press): Promise<void> {
  const { resource, input } = press;
  const quote = await askPrice(w, press);
  if (press.moved) w.price.next = press.charge;
  const due = hundredthsOf(w.price.next);
  const amounts = { asked: quote, another: Number(quote ?? 0) + 0.01, none: undefined };
  const credits = amounts[press.shown];

  const sent = w.ares.book.length;
  const headers = { "Idempotency-Key": w.key() };
  const send = () => w.post({ usage: "any", resource, input, credits }, headers);
  const response = await send();
  const body = await response.json();
  if (press.again) await send();
  const taken = w.ares.book.slice(sent).map((entry) => inHundredths(entry.credits));

  const isReplay = response.headers.get("Idempotency-Replayed") !== "false";
  if (response.status !== 200 || isReplay) {
    expect(taken).toEqual([]);
    return;
  }
  expect(due).not.toBeNull();
  expect(taken).toEqual(due === 0 ? [] : [due]);
  expect(inHundredths(body.charge.credits)).toBe(due);
  if (credits !== undefined) expect(inHundredths(credits)).toBe(due);
}

describe("any price function, any input and any order of presses", () => {
  it("never take another amount than the computed price, shown or not", async () => {
    await fc.assert(
      fc.asyncProperty(presses, async (all) => {
        const w = quoting();
        for (const press of all) await play(w, press);
        for (const row of await w.ledger.list({ limit: 1_000 })) expect(row.status).toBe("charged");
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 300) },
    );
  });
});
