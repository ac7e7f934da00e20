import { useInsertionEffect, useRef, useState } from "react";
import type { ClerkUser } from "./clerkHooks";
import { startConnecting } from "./startConnecting";

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
