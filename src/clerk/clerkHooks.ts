/**
 * Clerk's `useAuth`, as far as it is needed here.
 *
 * Clerk's hooks are props, not imports. One build works with `@clerk/clerk-react` 5, `@clerk/react` 6 and `@clerk/nextjs`.
 * No app installs a Clerk package that it does not use.
 */
export type UseClerkAuth = () => {
  isLoaded: boolean;
  isSignedIn: boolean | undefined;
  userId: string | null | undefined;
  getToken: () => Promise<string | null>;
};

/** Clerk's `useUser`, as far as it is needed here. */
export type UseClerkUser = () => { isLoaded: boolean; user: ClerkUser | null | undefined };

/** Clerk's user, as far as it is needed here. */
export interface ClerkUser {
  id: string;
  externalAccounts: readonly ClerkExternalAccount[];
  createExternalAccount(
    params: { strategy: `oauth_custom_${string}` } & ClerkRedirect,
  ): Promise<ClerkExternalAccount>;
  reload(): Promise<unknown>;
}

/** The link between a Clerk user and one OAuth provider. */
export interface ClerkExternalAccount {
  id: string;
  /** With or without the prefix `oauth_`: the browser's library drops it, the Backend API keeps it. */
  provider: string;
  verification: {
    status: string | null;
    error: { code: string } | null;
    externalVerificationRedirectURL: URL | null;
  } | null;
  reauthorize(params: ClerkRedirect): Promise<ClerkExternalAccount>;
}

/** Where an OAuth round trip ends, and what it asks for. */
export interface ClerkRedirect {
  redirectUrl: string;
  additionalScopes?: string[];
}
