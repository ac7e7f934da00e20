import type { ClerkExternalAccount, ClerkUser, UseClerkAuth } from "./clerkHooks";

/** Clerk's session and user in the words of `AresProvider`. */
export type ClerkSession =
  | {
      session: "loading";
      connection: "unknown";
      userId: string | undefined;
      account?: undefined;
      connectFailed?: undefined;
    }
  | {
      session: "signed_out";
      connection: "unknown";
      userId: undefined;
      account?: undefined;
      connectFailed?: undefined;
    }
  | {
      session: "signed_in";
      connection: "connected" | "not_connected" | "reconnect";
      userId: string;
      /** Clerk's id of the link to ARES. Each connected account has its own id. */
      account: string | undefined;
      /** True when the last round trip to ARES ended without a link: refused there, or cancelled. */
      connectFailed: boolean;
    };

/**
 * Reads Clerk's two hooks as one state.
 *
 * The two hooks may disagree while another user signs in. Then the page is loading and shows no user's account.
 * Clerk also says "not loaded" while it navigates away at a sign-out. Then no user is known.
 */
export function clerkSession(
  auth: ReturnType<UseClerkAuth>,
  user: ClerkUser | null | undefined,
  provider: string,
): ClerkSession {
  if (!auth.isLoaded) return { session: "loading", connection: "unknown", userId: undefined };
  if (!auth.isSignedIn) return { session: "signed_out", connection: "unknown", userId: undefined };
  if (!auth.userId || user?.id !== auth.userId)
    return { session: "loading", connection: "unknown", userId: auth.userId ?? undefined };
  const connection = connectionOf(user, provider);
  const account = accountOf(user, provider);
  const connectFailed = connection === "not_connected" && account?.verification?.error != null;
  return { session: "signed_in", connection, userId: user.id, account: account?.id, connectFailed };
}

/** The user's account at the provider: a verified account, or else an unverified one. */
export function accountOf(user: ClerkUser, provider: string): ClerkExternalAccount | undefined {
  const accounts = user.externalAccounts.filter(
    (account) => withoutPrefix(account.provider) === withoutPrefix(provider),
  );
  return accounts.find(isVerified) ?? accounts[0];
}

/** The provider's key with and without the prefix `oauth_` reads as one name. */
export function withoutPrefix(provider: string): string {
  return provider.replace(/^oauth_/, "");
}

function connectionOf(
  user: ClerkUser,
  provider: string,
): "connected" | "not_connected" | "reconnect" {
  const account = accountOf(user, provider);
  if (!account || !isVerified(account)) return "not_connected";
  return ENDED.has(account.verification?.error?.code ?? "") ? "reconnect" : "connected";
}

function isVerified(account: ClerkExternalAccount): boolean {
  return account.verification?.status === "verified";
}

/** Errors of a verified account that only a new round trip ends. @source clerk-js 5.128, the connected accounts of its profile page. */
const ENDED: ReadonlySet<string> = new Set([
  "external_account_missing_refresh_token",
  "oauth_fetch_user_error",
  "oauth_token_exchange_error",
  "external_account_email_address_verification_required",
]);
