import { type AresSimulator, createAresSimulator, faultNames } from "ares-react/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { charge } from "./ask";

const users = ["ada", "bob"] as const;
const user = fc.constantFrom(...users);
const hundredths = fc.integer({ min: 1, max: 700 });

const step = fc.oneof(
  fc.record({ do: fc.constant("charge" as const), user, hundredths }),
  fc.record({ do: fc.constant("topUp" as const), user, hundredths }),
  fc.record({ do: fc.constant("spendElsewhere" as const), user, hundredths }),
  fc.record({
    do: fc.constant("fail" as const),
    fault: fc.constantFrom(...faultNames.filter((name) => !/hang|stall|slow|huge/.test(name))),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Takes one step, and writes down in hundredths what moved beside the charges. */
async function take(
  each: Step,
  simulator: AresSimulator,
  moved: Record<"ada" | "bob", number>,
): Promise<void> {
  if (each.do === "fail") return void simulator.fail(each.fault);
  const { user, hundredths } = each;
  const credits = hundredths / 100;
  switch (each.do) {
    case "charge":
      await charge(simulator, user, { credits }).catch(() => {});
      return;
    case "topUp":
      simulator.topUp(user, credits);
      moved[user] += hundredths;
      return;
    case "spendElsewhere":
      try {
        simulator.spendElsewhere(user, credits);
        moved[user] -= hundredths;
      } catch {
        expect(simulator.balanceOf(user)).toBeLessThan(credits);
      }
  }
}

it("balance = start + top ups - other apps - book, exactly, for every user and whatever goes wrong", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer(), async (steps, seed) => {
      const simulator = createAresSimulator({ users: { ada: 10, bob: 0.07 }, seed });
      const moved = { ada: 1000, bob: 7 };
      for (const each of steps) await take(each, simulator, moved);

      for (const who of users) {
        const booked = simulator.charges
          .filter(({ userId }) => userId === who)
          .reduce((sum, { credits }) => sum + Math.round(credits * 100), 0);
        expect(Math.round(simulator.balanceOf(who) * 100)).toBe(moved[who] - booked);
        expect(simulator.balanceOf(who)).toBe((moved[who] - booked) / 100);
        expect(simulator.balanceOf(who)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 150, seed: 20261123 },
  );
});

it("hands out no more than there is when a hundred charges arrive at once", async () => {
  const simulator = createAresSimulator({ users: { ada: 7 }, latencyMs: 5 });

  const statuses = await Promise.all(
    Array.from({ length: 100 }, () => charge(simulator, "ada").then(({ status }) => status)),
  );

  expect(statuses.filter((status) => status === 200)).toHaveLength(7);
  expect(simulator.charges).toHaveLength(7);
  expect(simulator.balanceOf("ada")).toBe(0);
});

it("gives out copies: nobody can write in the book", () => {
  const simulator = createAresSimulator();
  simulator.charges.push({ at: 0, userId: "user_1", clientId: "x", usage: "x", credits: 1 });

  expect(simulator.charges).toEqual([]);
});

it("gives out copies of the log too", async () => {
  const simulator = createAresSimulator();
  await charge(simulator, "user_1");
  for (const entry of simulator.requests.log) entry.status = 500;

  expect(simulator.requests.log).toMatchObject([{ status: 200 }]);
});
