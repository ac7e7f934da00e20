import { AresProvider, type AresProviderProps } from "ares-react";
import { useMemo, useState } from "react";
import type { UseClerkAuth, UseClerkUser } from "./clerkHooks";
import { clerkSession } from "./clerkSession";
import { tokenFor } from "./tokenFor";
import { useConnecting } from "./useConnecting";

/**
 * An `AresProvider` that learns from Clerk who is signed in and who has connected ARES.
 *
 * Pass the hooks of the app's own Clerk package, the same ones on every render. A sign-out or another user ends the
 * session: the page forgets balance, unlocks and pending charges.
 *
 * @example
 * import { useAuth, useUser } from "@clerk/react";
 *
 * <AresProviderWithClerk useAuth={useAuth} useUser={useUser} endpoint="/api/ares">
 *   <App />
 * </AresProviderWithClerk>
 */
export function AresProviderWithClerk({
  useAuth,
  useUser,
  provider = "custom_ares",
  redirectUrl,
  additionalScopes,
  navigate,
  ...rest
}: AresProviderWithClerkProps) {
  const auth = useAuth();
  const { user } = useUser();
  const state = clerkSession(auth, user, provider);
  // While Clerk navigates it names no user for a moment. The user stays and keeps the unlocks.
  const [known, setKnown] = useState(state);
  const userKey = state.session === "loading" ? (state.userId ?? known.userId) : state.userId;
  const account =
    state.session === "loading" && userKey === known.userId ? known.account : state.account;
  if (userKey !== known.userId || account !== known.account) setKnown(state);

  const { getToken } = auth;
  // Clerk's `getToken` waits until Clerk is loaded. Until then the snapshot names the user.
  const tokenKey = userKey ?? (state.session === "loading" ? rest.initial?.userKey : undefined);
  const tokenOfUser = useMemo(
    () => (tokenKey === undefined ? undefined : tokenFor(tokenKey, getToken)),
    [tokenKey, getToken],
  );
  const connecting = useConnecting({
    user: state.session === "signed_in" ? user : null,
    provider,
    redirectUrl,
    additionalScopes,
    navigate,
  });

  return (
    <AresProvider
      {...connecting}
      signInWith="ares"
      {...rest}
      session={state.session}
      connection={state.connection}
      account={account}
      connectFailed={state.connectFailed}
      userKey={userKey}
      getToken={tokenOfUser}
    />
  );
}

/** The props of `AresProviderWithClerk`: those of `AresProvider` that Clerk does not know, and Clerk's hooks. */
export interface AresProviderWithClerkProps
  extends Omit<
    AresProviderProps,
    "getToken" | "userKey" | "session" | "connection" | "account" | "connectFailed"
  > {
  /** Clerk's `useAuth`. */
  useAuth: UseClerkAuth;
  /** Clerk's `useUser`. */
  useUser: UseClerkUser;
  /**
   * The key of the custom OAuth provider in Clerk's dashboard.
   * @default "custom_ares"
   */
  provider?: string | undefined;
  /**
   * Where the browser comes back to from ARES.
   * @default the page where connecting began
   */
  redirectUrl?: string | undefined;
  /** OAuth scopes to ask for besides those of Clerk's dashboard. */
  additionalScopes?: readonly string[] | undefined;
  /**
   * Sends the browser to ARES.
   * @default window.location.assign
   */
  navigate?: ((url: URL) => void) | undefined;
}
