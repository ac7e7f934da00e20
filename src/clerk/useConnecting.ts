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

/** Offers the way to ARES and back. Two presses begin one round trip; without a user there is none to begin. */
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

async function run({ user, provider, redirectUrl, additionalScopes, navigate = goTo }: ConnectingOptions, renew: boolean): Promise<void> {
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
  /** Renews an existing link where Clerk lets it, instead of making one. */
  renew: boolean;
}

/**
 * Begins an OAuth round trip to ARES and resolves to the address where it goes on; `null` when the account turns out to be
 * connected already, say in another tab.
 *
 * @throws {AresError} `auth_unavailable` when Clerk could not begin it. Clerk's own error is dropped: it may name the user.
 */
export async function startConnecting({ user, provider, renew, ...redirect }: StartConnectingOptions): Promise<URL | null> {
  const account = renew ? accountOf(user, provider) : undefined;
  const strategy = `oauth_custom_${withoutPrefix(provider).replace(/^custom_/, "")}` as const;
  const create = () => user.createExternalAccount({ strategy, ...redirect });

  // Clerk's own profile page renews by creating once more, so that is the way when it refuses the other.
  const started = await (account ? account.reauthorize(redirect).catch(create) : create()).catch(() => null);
  const url = started && redirectOf(started);
  if (url) return url;

  await user.reload().catch(() => undefined);
  if (!renew && accountOf(user, provider)?.verification?.status === "verified") return null;
  throw new AresError("auth_unavailable", "ARES: Clerk could not begin to connect ARES. Nothing has changed. Try again in a moment.", {
    retryable: true,
  });
}

function redirectOf(account: ClerkExternalAccount): URL | null {
  return account.verification?.externalVerificationRedirectURL ?? null;
}
