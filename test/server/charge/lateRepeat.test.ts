import { expect, test } from "vitest";
import { json, world } from "../world";

const body = { usage: "report", resource: "r-1" };
const refuses = () => json(402, { error: "Insufficient credits" });

/** What ARES does with a second key, and what a late repeat of the first key is told. */
test.each([
  ["declined too", refuses, 402, "insufficient_credits"],
  ["charged", undefined, 200, undefined],
  [
    "taken, and no answer comes",
    (deduct: () => void) => {
      deduct();
      return json(500, {});
    },
    409,
    "outcome_unknown",
  ],
])(
  "a declined key that comes again after another key of its resource was %s is never sent",
  async (_, second, status, told) => {
    const { ares, post, get, key, clock } = world();
    const declined = key();
    ares.next(refuses, ...(second ? [second] : []));
    expect((await post(body, { "Idempotency-Key": declined })).status).toBe(402);
    clock.ms += 1_000;
    expect((await post(body)).status).toBe(status);
    const sent = ares.posts();

    const repeats = await Promise.all(
      [1, 2, 3, 4].map(() => post(body, { "Idempotency-Key": declined })),
    );

    for (const repeat of repeats) expect((await repeat.json()).code).toBe(told);
    expect(ares.posts()).toBe(sent);
    expect((await (await get(`?charge=${declined}`)).json()).charge.status).toBe("declined");
  },
);

test("a declined key is refused again while another key's claim of the row has ended unsent", async () => {
  const { ares, post, key, clock } = world();
  const declined = key();
  ares.next(refuses, () => json(429, {}));
  await post(body, { "Idempotency-Key": declined });
  clock.ms += 1_000;
  expect((await post(body)).status).toBe(429);

  expect((await (await post(body, { "Idempotency-Key": declined })).json()).code).toBe(
    "insufficient_credits",
  );
  expect(ares.book).toEqual([]);
});

test("six declined keys of a resource whose paid time ends again and again are refused for a day, and no seventh charge is made", async () => {
  const { ares, post, key, clock } = world();
  const day = { usage: "day", resource: "d-1" };
  const declined: string[] = [];
  for (let n = 0; n < 6; n++) {
    declined.push(key());
    ares.next(refuses);
    expect((await post(day, { "Idempotency-Key": declined.at(-1) ?? "" })).status).toBe(402);
    clock.ms += 1_000;
  }
  expect((await post(day)).status).toBe(200);

  for (const late of declined) {
    clock.ms += 60 * 60_000;
    expect(await (await post(day, { "Idempotency-Key": late })).json()).toMatchObject({
      code: "insufficient_credits",
    });
  }

  expect(ares.book).toHaveLength(1);
});
