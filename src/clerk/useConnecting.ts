import { useInsertionEffect, useRef, useState } from "react";
import { AresError } from "../contract";
import type { ClerkExternalAccount, ClerkRedirect, ClerkUser } from "./clerkHooks";
import { accountOf, withoutPrefix } from "./clerkSession";

export interface ConnectingOptions {
  user: ClerkUser | null | undefined;
  provider: string;
  redirectUrl: string | undefined;
  additionalScopes: readonly string[] | undefined;
  navigate: ((url: URL) => void) | undefined;
}

export interface Connecting {
  connect: () => Promise<void>;
  reconnect: () => Promise<void>;
}

/** Starts the OAuth round trip to ARES. Two presses start one round trip; without a user nothing starts. */
export function useConnecting(options: ConnectingOptions): Connecting {
  const latest = useRef(options);
  useInsertionEffect(() => {
    latest.current = options;
  });

  const [connecting] = useState<Connecting>(() => {
    let running: Promise<void> | undefined;
    const begin = (renew: boolean) => {
      running ??= run(latest.current, renew).finally(() => {
        running = undefined;
      });
      return running;
    };
    return { connect: () => begin(false), reconnect: () => begin(true) };
  });
  return connecting;
}

async function run(
  { user, provider, redirectUrl, additionalScopes, navigate = goTo }: ConnectingOptions,
  renew: boolean,
): Promise<void> {
  if (!user) return;
  const url = await startConnecting({
    user,
    provider,
    renew,
    redirectUrl: redirectUrl ?? window.location.href,
    ...(additionalScopes && { additionalScopes: [...additionalScopes] }),
  });
  if (url) navigate(url);
}

function goTo(url: URL): void {
  window.location.assign(url);
}

export interface StartConnectingOptions extends ClerkRedirect {
  user: ClerkUser;
  provider: string;
  /** True: renews the existing link where Clerk can, instead of making a new one. */
  renew: boolean;
}

/**
 * Starts an OAuth round trip to ARES and resolves to its next address. Null when the account is connected already, for
 * example in another tab.
 *
 * @throws {AresError} `auth_unavailable` when Clerk could not begin it. Clerk's own error is dropped, because its text may name the user.
 */
export async function startConnecting({
  user,
  provider,
  renew,
  ...redirect
}: StartConnectingOptions): Promise<URL | null> {
  const account = renew ? accountOf(user, provider) : undefined;
  const strategy = `oauth_custom_${withoutPrefix(provider).replace(/^custom_/, "")}` as const;
  const create = () => user.createExternalAccount({ strategy, ...redirect });

  // When Clerk refuses to renew, the link is created again, as Clerk's own profile page does.
  const started = await (account ? account.reauthorize(redirect).catch(create) : create()).catch(
    () => null,
  );
  const url = started && redirectOf(started);
  if (url) return url;

  await user.reload().catch(() => undefined);
  if (!renew && accountOf(user, provider)?.verification?.status === "verified") return null;
  throw new AresError(
    "auth_unavailable",
    "ARES: Clerk could not begin to connect ARES. Nothing has changed. Try again in a moment.",
    {
      retryable: true,
    },
  );
}

function redirectOf(account: ClerkExternalAccount): URL | null {
  return account.verification?.externalVerificationRedirectURL ?? null;
}
