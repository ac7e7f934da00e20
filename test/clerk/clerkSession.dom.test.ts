import { describe, expect, it, vi } from "vitest";
import type { ClerkExternalAccount, ClerkUser } from "../../src/clerk/clerkHooks";
import { accountOf, clerkSession } from "../../src/clerk/clerkSession";
import { tokenFor } from "../../src/clerk/tokenFor";
import { startConnecting } from "../../src/clerk/useConnecting";

const never = () => Promise.reject(new Error("not expected"));

function account(
  status: string | null,
  error: string | null = null,
  more: Partial<ClerkExternalAccount> = {},
): ClerkExternalAccount {
  return {
    id: "eac_1",
    provider: "custom_ares",
    verification: {
      status,
      error: error === null ? null : { code: error },
      externalVerificationRedirectURL: null,
    },
    reauthorize: never,
    ...more,
  };
}

function userWith(
  externalAccounts: ClerkExternalAccount[],
  more: Partial<ClerkUser> = {},
): ClerkUser {
  return { id: "user_ann", externalAccounts, createExternalAccount: never, reload: never, ...more };
}

const auth = (isLoaded: boolean, isSignedIn?: boolean, userId?: string | null) => ({
  isLoaded,
  isSignedIn,
  userId,
  getToken: () => Promise.resolve(null),
});
const signedIn = auth(true, true, "user_ann");

describe("what Clerk's two hooks say together", () => {
  it.each([
    ["loading", "before Clerk has loaded", auth(false), undefined, undefined],
    ["loading", "while the user is still missing", signedIn, undefined, "user_ann"],
    [
      "loading",
      "while the user is still another one",
      signedIn,
      userWith([], { id: "user_bob" }),
      "user_ann",
    ],
    ["signed_out", "when nobody is signed in", auth(true, false, null), null, undefined],
    [
      "signed_out",
      "when the user of before is still there",
      auth(true, false, null),
      userWith([]),
      undefined,
    ],
    ["signed_in", "when both know the same user", signedIn, userWith([]), "user_ann"],
  ])("is %s %s", (session, _, authNow, user, userId) => {
    expect(clerkSession(authNow, user, "custom_ares")).toMatchObject({ session, userId });
  });

  it.each([
    ["not_connected", "without an account", []],
    [
      "not_connected",
      "with an account of another provider",
      [account("verified", null, { provider: "google" })],
    ],
    [
      "not_connected",
      "with one whose name only begins alike",
      [account("verified", null, { provider: "custom_ares2" })],
    ],
    [
      "not_connected",
      "with an account of unknown verification",
      [account("verified", null, { verification: null })],
    ],
    ["not_connected", "with an abandoned round trip", [account("unverified")]],
    ["not_connected", "with a refused one", [account("failed", "oauth_access_denied")]],
    ["not_connected", "with an expired one", [account("expired")]],
    ["not_connected", "with one that belongs to another user", [account("transferable")]],
    ["connected", "with a verified account", [account("verified")]],
    [
      "connected",
      "with a verified account under the prefixed name",
      [account("verified", null, { provider: "oauth_custom_ares" })],
    ],
    [
      "connected",
      "with a verified account after a failed one",
      [account("failed"), account("verified")],
    ],
    [
      "reconnect",
      "when Clerk can't refresh the account",
      [account("verified", "external_account_missing_refresh_token")],
    ],
    [
      "reconnect",
      "when Clerk can't exchange its token",
      [account("verified", "oauth_token_exchange_error")],
    ],
    [
      "connected",
      "when Clerk's complaint is about something else",
      [account("verified", "something_of_tomorrow")],
    ],
  ])("is %s %s", (connection, _, accounts) => {
    expect(clerkSession(signedIn, userWith(accounts), "custom_ares").connection).toBe(connection);
  });

  it.each([
    [true, "a refused round trip", account("failed", "oauth_access_denied")],
    [false, "one that was never finished", account("unverified")],
    [
      false,
      "a link that worked and ended",
      account("verified", "external_account_missing_refresh_token"),
    ],
  ])("says %s of a failed try to connect, for %s", (failed, _, linked) => {
    expect(clerkSession(signedIn, userWith([linked]), "custom_ares").connectFailed).toBe(failed);
  });

  it("takes the provider under either name", () => {
    expect(accountOf(userWith([account("verified")]), "oauth_custom_ares")).toBeDefined();
  });
});

describe("the token of a user", () => {
  const jwt = (claims: unknown) =>
    `e30.${btoa(JSON.stringify(claims)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}.sig`;

  it.each([
    ["their own session token", jwt({ sub: "user_ann", name: "Änn?>" })],
    ["a token that can't be read", "opaque"],
    ["a token without a subject", jwt({ sid: "sess_1" })],
  ])("is %s", async (_, token) => {
    expect(await tokenFor("user_ann", () => Promise.resolve(token))()).toBe(token);
  });

  it.each([
    ["another user's", jwt({ sub: "user_bob" })],
    ["none", null],
  ])("is refused when it is %s, so that nobody else pays", async (_, token) => {
    await expect(tokenFor("user_ann", () => Promise.resolve(token))()).rejects.toMatchObject({
      code: "not_signed_in",
    });
  });

  it("is not called signed out for want of a token while there is no network", async () => {
    const offline = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    await expect(tokenFor("user_ann", () => Promise.resolve(null))()).rejects.toMatchObject({
      code: "auth_unavailable",
      retryable: true,
    });
    offline.mockRestore();
  });
});

describe("a round trip to ARES", () => {
  const consent = new URL("https://ares.example/oauth?a=1");
  const started = account("unverified", null, {
    verification: { status: "unverified", error: null, externalVerificationRedirectURL: consent },
  });
  const begin = (user: ClerkUser, renew = false) =>
    startConnecting({ user, provider: "custom_ares", renew, redirectUrl: "https://app.example/" });

  it("renews by creating anew when Clerk refuses to renew", async () => {
    const user = userWith([account("verified", "oauth_token_exchange_error")], {
      createExternalAccount: () => Promise.resolve(started),
    });

    expect(await begin(user, true)).toBe(consent);
  });

  it("is not needed when the account turns out to be connected in another tab", async () => {
    const externalAccounts: ClerkExternalAccount[] = [];
    const user = userWith(externalAccounts, {
      reload: async () => externalAccounts.push(account("verified")),
    });

    expect(await begin(user)).toBeNull();
  });

  it.each([
    ["refuses", userWith([])],
    [
      "gives no address",
      userWith([], { createExternalAccount: () => Promise.resolve(account("unverified")) }),
    ],
  ])("ends in a plain error when Clerk %s, without Clerk's words", async (_, user) => {
    const error = await begin(user).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: "auth_unavailable" });
    expect(String(error)).not.toContain("not expected");
    expect(error).not.toHaveProperty("cause");
  });
});
