import { describe, expect, it } from "vitest";
import { createSealing, type Place, type Purpose } from "../../src/connect/sealing";
import { newSecret } from "./tokenRules";

const place: Place = { userId: "user-1", column: "access_token", version: "v1" };
const [old, current] = [newSecret(), newSecret()];

describe("a sealed text", () => {
  it("is opened where it belongs, and says nothing of itself", async () => {
    const sealing = createSealing(current, "client-1");
    const sealed = await sealing.seal("tokens", place, "canary 🙂");

    expect(await sealing.open("tokens", place, sealed)).toBe("canary 🙂");
    expect(sealed).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
    expect(sealed).not.toContain("canary");
    expect(await sealing.seal("tokens", place, "canary 🙂")).not.toBe(sealed);
  });

  it.each<[string, Purpose, Partial<Place>, string]>([
    ["another purpose", "session", {}, "client-1"],
    ["another user", "tokens", { userId: "user-2" }, "client-1"],
    ["another column", "tokens", { column: "refresh_token" }, "client-1"],
    ["another version", "tokens", { version: "v2" }, "client-1"],
    ["another app", "tokens", {}, "client-2"],
  ])("is worthless in the place of %s", async (_, purpose, change, clientId) => {
    const sealed = await createSealing(current, "client-1").seal("tokens", place, "text");
    const other = createSealing(current, clientId);

    expect(await other.open(purpose, { ...place, ...change }, sealed)).toBeNull();
  });

  it("is opened by every secret of the list, and sealed by the first", async () => {
    const before = createSealing(old, "client-1");
    const both = createSealing([current, undefined, old], "client-1");
    const sealed = await before.seal("tokens", place, "text");

    expect(await both.open("tokens", place, sealed)).toBe("text");
    const anew = await both.seal("tokens", place, "text");
    expect(await before.open("tokens", place, anew)).toBeNull();
    expect(await createSealing([current], "client-1").open("tokens", place, anew)).toBe("text");
  });

  it("is opened in no other form, and with no letter changed", async () => {
    const sealing = createSealing(current, "client-1");
    const sealed = await sealing.seal("tokens", place, "text");
    const [form, id, nonce, body] = sealed.split(".");
    const flipped = `${sealed.slice(0, -6)}${sealed.at(-6) === "A" ? "B" : "A"}${sealed.slice(-5)}`;
    const spoilt = [
      "",
      "v1",
      `v2.${id}.${nonce}.${body}`,
      `${form}.${id}.${nonce}`,
      `${sealed}.`,
      `${form}.${id}..${body}`,
      `${form}.${id}.${nonce}.`,
      `${form}.${id}.!.${body}`,
      flipped,
    ];

    for (const text of spoilt) expect(await sealing.open("tokens", place, text)).toBeNull();
  });
});

describe("a secret", () => {
  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["an empty list", []],
    ["only undefined ones", [undefined, ""]],
    ["a short one", "c2hvcnQ"],
    ["words", "correct horse battery staple, and a few more words"],
    ["a short one in a list", [newSecret(), "c2hvcnQ"]],
  ])("that is %s is refused at the first use, with words for the log", async (_, secret) => {
    const sealing = createSealing(secret, "client-1");

    await expect(sealing.seal("tokens", place, "text")).rejects.toMatchObject({
      code: "internal",
      cause: { code: "invalid_request", message: expect.stringContaining("ares-react secret") },
    });
  });

  it("may be padded, as other tools print it", async () => {
    const sealing = createSealing(`${"A".repeat(43)}=`, "client-1");

    await expect(sealing.seal("tokens", place, "text")).resolves.toBeTruthy();
  });
});
