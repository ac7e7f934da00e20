import { expect, test } from "vitest";
import { json, world } from "../world";

const body = { usage: "report", resource: "r-1" };
const refuses = () => json(402, {});

/** What ARES does with a second key. */
test.each([
  ["declined too: one repeat is charged, for nothing in the ledger knows the first key", refuses, 402],
  ["charged: no repeat is sent", undefined, 200],
  [
    "taken, and no answer comes: no repeat is sent",
    (deduct: () => void) => {
      deduct();
      return json(500, {});
    },
    409,
  ],
])("a declined key that comes again four times after another key of its resource was %s", async (_, second, status) => {
  const { ares, post, key, clock } = world();
  const declined = key();
  ares.next(refuses, ...(second ? [second] : []));
  expect((await post(body, { "Idempotency-Key": declined })).status).toBe(402);
  clock.ms += 1_000;
  expect((await post(body)).status).toBe(status);

  const repeats = await Promise.all([1, 2, 3, 4].map(() => post(body, { "Idempotency-Key": declined })));

  expect(ares.book).toHaveLength(1);
  expect(repeats.some(({ status }) => status === 402)).toBe(false);
});
