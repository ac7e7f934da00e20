import { AresError } from "../../contract";
import { parseUrl } from "../parseUrl";

/** The options of `clerkAuth`. */
export interface ClerkAuthOptions {
  /** Clerk's secret key, `sk_…`. Only ever on the server. */
  secretKey: string;
  /** Clerk's publishable key, `pk_…`. */
  publishableKey: string;
  /** The JWKS public key (PEM) of Clerk's dashboard. Without it, Clerk's keys are fetched over the network from time to time. */
  jwtKey?: string | undefined;
  /** The origins of the app's own pages, such as `https://app.example`. A session token made for another page is refused. */
  authorizedParties: readonly string[];
  /** @default "https://api.clerk.com" */
  apiUrl?: string | undefined;
  /**
   * The key of the custom OAuth provider in Clerk's dashboard.
   * @default "custom_ares"
   */
  provider?: string | undefined;
  /**
   * How long to wait for Clerk, in milliseconds.
   * @default 5000
   */
  timeoutMs?: number | undefined;
  now?: (() => number) | undefined;
}

/** Refuses options that would fail later or let strangers in. The error never repeats a key. */
export function checkClerkOptions({
  secretKey,
  publishableKey,
  authorizedParties,
}: ClerkAuthOptions): void {
  if (!secretKey.startsWith("sk_")) {
    throw new AresError(
      "invalid_request",
      "ARES: the secretKey of clerkAuth is missing or is no secret key. No user could sign in. Set it to the sk_… key of Clerk's dashboard.",
    );
  }
  if (!publishableKey.startsWith("pk_")) {
    throw new AresError(
      "invalid_request",
      "ARES: the publishableKey of clerkAuth is missing or is no publishable key. No user could sign in. Set it to the pk_… key of Clerk's dashboard.",
    );
  }
  if (authorizedParties.length === 0) {
    throw new AresError(
      "invalid_request",
      "ARES: authorizedParties of clerkAuth is empty. Any page with a Clerk session could charge users. List the origins of your app's pages.",
    );
  }
  for (const party of authorizedParties) {
    if (!isOrigin(party)) {
      throw new AresError(
        "invalid_request",
        `ARES: authorizedParties of clerkAuth holds "${party}", which is no origin. No session would match it. Write it like https://app.example, without a slash at the end.`,
      );
    }
  }
}

function isOrigin(party: string): boolean {
  const url = parseUrl(party);
  if (!url) return false;
  return url.protocol === "http:" || url.protocol === "https:"
    ? url.origin === party
    : /^[\w.+-]+:\/\/[^/]+$/.test(party);
}
