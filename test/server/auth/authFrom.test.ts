import { describe, expect, it, vi } from "vitest";
import {
  AresError,
  type AuthFromOptions,
  authFrom,
  createAresServer,
  memoryLedger,
  type ReadToken,
} from "../../../src/server";
import { createAresSimulator } from "../../../src/testing";
import { prices } from "../world";

const request = () => new Request("https://app.example");
const MINUTE = 60_000;

/** An app whose sign-in keeps the tokens. */
function app(options: Partial<AuthFromOptions> = {}) {
  const clock = { ms: 1_800_000_000_000 };
  const now = () => clock.ms;
  const simulator = createAresSimulator({ users: { ada: 698 }, now });
  const reads: { userId: string; account: string | undefined; refresh: boolean }[] = [];
  const errors: unknown[] = [];
  const read = vi.fn<AuthFromOptions["read"]>(async ({ refresh }) => {
    const token = refresh ? simulator.refreshToken("ada") : simulator.tokenOf("ada");
    return token === null ? null : { token, expiresAt: clock.ms + 30 * MINUTE };
  });
  const auth = authFrom({
    session: () => "user-1",
    read: (user) => {
      reads.push(user);
      return read(user);
    },
    now,
    ...options,
  });
  const ares = createAresServer({
    clientId: "client-1",
    prices,
    ledger: memoryLedger({ now }),
    auth,
    ares: { fetch: simulator.fetch },
    rateLimit: false,
    onError: (error) => errors.push(error),
    now,
  });
  const balance = () => ares.getUser(request()).then(({ credits }) => credits);
  return { clock, simulator, auth, ares, reads, read, errors, balance };
}

describe("authFrom", () => {
  it("reads a token once for many requests, until a minute before its end or ten minutes later", async () => {
    const { balance, reads, clock } = app();

    expect(await Promise.all([balance(), balance(), balance()])).toEqual([698, 698, 698]);
    clock.ms += 10 * MINUTE - 1;
    await balance();
    expect(reads).toEqual([{ userId: "user-1", account: undefined, refresh: false }]);
    clock.ms += 1;
    await balance();
    expect(reads).toHaveLength(2);
  });

  it("reads once more, past any cache, after ARES refused the token", async () => {
    const { balance, reads, simulator } = app();
    await balance();
    simulator.expireToken("ada");

    expect(await balance()).toBe(698);
    expect(reads.map(({ refresh }) => refresh)).toEqual([false, true]);
  });

  it("is reconnect where the token that was read again is refused too", async () => {
    const { balance, read, reads } = app();
    read.mockImplementation(async () => "stale");

    await expect(balance()).rejects.toMatchObject({ code: "reconnect" });
    expect(reads).toHaveLength(2);
  });

  it("tells an outage from a link that has ended, and both from no link", async () => {
    const { balance, read, errors } = app();
    read.mockImplementation(() => Promise.reject(new Error("503 from the sign-in")));
    await expect(balance()).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(errors.map(String)).toEqual(["Error: 503 from the sign-in"]);

    read.mockImplementation(() => {
      throw new AresError("reconnect", "The link has ended.");
    });
    await expect(balance()).rejects.toMatchObject({ code: "reconnect" });
    for (const none of [null, undefined, ""]) {
      read.mockImplementation(() => none);
      await expect(balance()).rejects.toMatchObject({ code: "not_connected" });
    }
    expect(errors).toHaveLength(1);
  });

  it("keeps no failure: the next request reads again", async () => {
    const { balance, read } = app();
    read.mockImplementationOnce(() => Promise.reject(new Error("down")));

    await expect(balance()).rejects.toMatchObject({ code: "auth_unavailable" });
    expect(await balance()).toBe(698);
  });

  it.each<[string, unknown]>([
    ["a number", 5],
    ["an object without a token", { accessToken: "x" }],
    ["a token that is no text", { token: 5 }],
    ["an end that is no number", { token: "x", expiresAt: "soon" }],
    ["an end that is no time", { token: "x", expiresAt: Number.NaN }],
  ])("refuses %s for a token, with words for the app", async (_, answer) => {
    const { balance, read, errors } = app();
    read.mockImplementation(() => answer as ReadToken);

    await expect(balance()).rejects.toMatchObject({
      code: "auth_unavailable",
      cause: { message: expect.stringContaining("read() of authFrom") },
    });
    expect(errors).toHaveLength(0);
  });

  it("lets a read that hangs hold up no later request", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { auth, read } = app();
    read.mockImplementationOnce(() => new Promise(() => {}));
    const hung = expect(auth.forUser("user-1").getAccessToken()).rejects.toThrow("No answer");
    await vi.advanceTimersByTimeAsync(10_000);
    await hung;
    vi.useRealTimers();

    expect(await auth.forUser("user-1").getAccessToken()).not.toBeNull();
  });

  it("takes more of the user: an account, and a session that may only look", async () => {
    const { ares, reads } = app({
      session: async () => ({ userId: "user-1", account: "account_2", mayCharge: false }),
    });

    await ares.getUser(request());
    expect(reads).toEqual([{ userId: "user-1", account: "account_2", refresh: false }]);
    await expect(
      ares.charge(new Request("https://app.example", { method: "POST" }), { usage: "export-pdf" }),
    ).rejects.toMatchObject({ code: "not_allowed" });
  });

  it.each([null, undefined])("knows nobody for a session that is %s", async (none) => {
    const { balance } = app({ session: () => none });

    await expect(balance()).rejects.toMatchObject({ code: "not_signed_in" });
  });
});
