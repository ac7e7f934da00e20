import { describe, expect, it } from "vitest";
import { createTokenCache, type ReadToken } from "../../../src/server/auth/tokenCache";

const later = 10 ** 9;

describe("tokens in memory", () => {
  it("forgets the user who was away longest when there are too many", async () => {
    const reads: string[] = [];
    const read = async (userId: string) => {
      reads.push(userId);
      return { token: `of ${userId}`, expiresAt: later };
    };
    const cache = createTokenCache({ read, now: () => 0, maxUsers: 2 });

    for (const userId of ["ann", "bob", "ann", "cem", "ann", "bob"])
      expect(await cache.get(userId)).toBe(`of ${userId}`);

    expect(reads).toEqual(["ann", "bob", "cem", "bob"]);
  });

  it("does not let a slow read put an older token back", async () => {
    const answers: ((token: ReadToken) => void)[] = [];
    const cache = createTokenCache({
      read: () => new Promise((resolve) => answers.push(resolve)),
      now: () => 0,
    });
    const slow = cache.get("ann");
    const young = cache.renew("ann", null);
    answers[1]?.({ token: "young", expiresAt: later });
    await young;

    answers[0]?.({ token: "old", expiresAt: later });
    await slow;

    expect(await cache.get("ann")).toBe("young");
  });

  it("lets readers wait for a renewal instead of handing out the token that is being replaced", async () => {
    const answers: ((token: ReadToken) => void)[] = [];
    const cache = createTokenCache({
      read: () => new Promise((resolve) => answers.push(resolve)),
      now: () => 0,
    });
    const first = cache.get("ann");
    answers[0]?.({ token: "refused", expiresAt: later });
    await first;

    const renewal = cache.renew("ann", "refused");
    const reader = cache.get("ann");
    answers[1]?.({ token: "renewed", expiresAt: later });

    expect(await Promise.all([renewal, reader])).toEqual(["renewed", "renewed"]);
    expect(answers).toHaveLength(2);
  });
});
