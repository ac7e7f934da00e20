import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linked, type TokenRow } from "../../src/connect/tokenRow";
import type { TokenStore } from "../../src/connect/tokenStore";

export interface OpenStore {
  tokens: TokenStore;
  close(): void | Promise<void>;
}

/** As `npx ares-react secret` prints one. */
export const newSecret = () =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");

const newId = () => crypto.randomUUID();

export function rowWith(change: Partial<TokenRow> = {}): TokenRow {
  const link = {
    version: newId(),
    account: "ares-1",
    holds: null,
    accessToken: "v1.key.nonce.access",
    refreshToken: "v1.key.nonce.refresh",
    lifetimeMs: 1_800_000,
  };
  return { ...linked(null, link, 1_800_000_000_000, newId()), ...change };
}

/** Checks a store against every rule. */
export function keepsTheTokenRules(engine: string, open: () => Promise<OpenStore>) {
  describe(`tokens in ${engine}`, () => {
    let opened: OpenStore;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const read = async (id: string) => (await opened.tokens.read(id)).row;

    test("tell the store's clock, with a row and without", async () => {
      const [before, id] = [Date.now(), newId()];
      const empty = await opened.tokens.read(id);
      await opened.tokens.write(id, rowWith(), null);
      const full = await opened.tokens.read(id);

      expect(empty.row).toBeNull();
      for (const { now } of [empty, full]) {
        expect(Number.isSafeInteger(now)).toBe(true);
        expect(Math.abs(now - before)).toBeLessThan(60_000);
      }
    });

    test.each<[string, Partial<TokenRow>]>([
      ["a new link", {}],
      ["a claim", { step: "claimed", stepUntil: 1_800_000_015_000 }],
      ["a request", { step: "sent", stepUntil: 1_800_000_030_000, retryAt: 1_800_000_005_000 }],
      ["a link without a refresh token", { refreshToken: null }],
      ["a refusal", { refusedAt: 1_800_000_000_001 }],
      ["an end", { ended: true }],
      ["an account that is held", { holds: newId() }],
      ["long tokens", { accessToken: "a".repeat(12_000), refreshToken: "r".repeat(60_000) }],
      ["an account of any letters", { account: `"'\\;-- {} é 日本 🙂` }],
    ])("keep %s as it was written", async (_, change) => {
      const [id, row] = [newId(), rowWith(change)];

      expect(await opened.tokens.write(id, row, null)).toBe("written");
      expect(await read(id)).toEqual(row);
    });

    test("take a first row once", async () => {
      const [id, row] = [newId(), rowWith()];
      await opened.tokens.write(id, row, null);

      expect(await opened.tokens.write(id, rowWith(), null)).toBe("stale");
      expect(await read(id)).toEqual(row);
    });

    test("take a change only from who has seen the last one", async () => {
      const [id, first, second] = [newId(), rowWith(), rowWith({ step: "claimed" })];
      await opened.tokens.write(id, first, null);

      expect(await opened.tokens.write(id, second, first.revision)).toBe("written");
      expect(await opened.tokens.write(id, rowWith(), first.revision)).toBe("stale");
      expect(await opened.tokens.write(id, rowWith(), newId())).toBe("stale");
      expect(await read(id)).toEqual(second);
    });

    test("give a repeated write the same answer", async () => {
      const [id, first, second] = [newId(), rowWith(), rowWith({ refreshToken: null })];

      expect(await opened.tokens.write(id, first, null)).toBe("written");
      expect(await opened.tokens.write(id, first, null)).toBe("written");
      expect(await opened.tokens.write(id, second, first.revision)).toBe("written");
      expect(await opened.tokens.write(id, second, first.revision)).toBe("written");
      expect(await read(id)).toEqual(second);
    });

    test("change nothing for a row that is gone, also where it came back", async () => {
      const [id, first] = [newId(), rowWith()];
      await opened.tokens.write(id, first, null);
      await opened.tokens.remove(id);

      expect(await opened.tokens.write(id, rowWith(), first.revision)).toBe("stale");
      expect(await read(id)).toBeNull();
      const again = rowWith();
      expect(await opened.tokens.write(id, again, null)).toBe("written");
      expect(await opened.tokens.write(id, rowWith(), first.revision)).toBe("stale");
      expect(await read(id)).toEqual(again);
    });

    test("remove what is not there without an error", async () => {
      await opened.tokens.remove(newId());
    });

    test("let exactly one of many writers through", async () => {
      const [id, first] = [newId(), rowWith()];
      await opened.tokens.write(id, first, null);
      const rows = Array.from({ length: 20 }, () => rowWith({ step: "claimed" }));

      const answers = await Promise.all(
        rows.map((row) => opened.tokens.write(id, row, first.revision)),
      );

      expect(answers.filter((answer) => answer === "written")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "stale")).toHaveLength(19);
      expect(await read(id)).toEqual(rows[answers.indexOf("written")]);
    });

    test("let exactly one of many users hold an account", async () => {
      const holds = newId();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => opened.tokens.write(newId(), rowWith({ holds }), null)),
      );

      expect(answers.filter((answer) => answer === "written")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "taken")).toHaveLength(9);
    });

    test("free an account with its row, or with another account", async () => {
      const [one, two, account, other] = [newId(), newId(), newId(), newId()];
      const first = rowWith({ holds: account });
      await opened.tokens.write(one, first, null);
      expect(await opened.tokens.write(two, rowWith({ holds: account }), null)).toBe("taken");

      const moved = rowWith({ holds: other });
      expect(await opened.tokens.write(one, moved, first.revision)).toBe("written");
      const second = rowWith({ holds: account });
      expect(await opened.tokens.write(two, second, null)).toBe("written");
      expect(await opened.tokens.write(one, rowWith({ holds: account }), moved.revision)).toBe(
        "taken",
      );
      expect(await read(one)).toEqual(moved);

      await opened.tokens.remove(two);
      expect(await opened.tokens.write(one, rowWith({ holds: account }), moved.revision)).toBe(
        "written",
      );
    });

    test("let any number of users share an account that nobody holds alone", async () => {
      const answers = await Promise.all(
        [1, 2, 3].map(() => opened.tokens.write(newId(), rowWith({ account: "shared" }), null)),
      );

      expect(answers).toEqual(["written", "written", "written"]);
    });
  });
}
