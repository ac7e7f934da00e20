import { AresError, errorMessages } from "../contract";
import { inDevelopment, parseUrl } from "../server/index";
import type { AresOAuthOptions } from "./aresOAuth";
import type { Secret } from "./sealing";
import type { TokenStore } from "./tokenStore";

/** The user behind a request, as the app's sign-in knows them. */
export interface ConnectUser {
  /** The app's own id of the user, the same for the user's whole life. */
  userId: string;
  /** False for a session that may read the balance but not spend credits. @default true */
  mayCharge?: boolean | undefined;
}

/** A link that a user has just made. */
export interface Connected {
  userId: string;
  /** ARES's id of the account. */
  account: string;
  /** The address that ARES knows. Not verified by this app: never sign a user in by it. */
  email?: string | undefined;
}

/** The options of `aresConnect`. */
export interface AresConnectOptions {
  /** This app's client id at ARES. */
  clientId: string;
  /** This app's client secret at ARES. Only ever on the server. */
  clientSecret: string;
  /** The address of the callback, as ARES has registered it: `https://app.example/api/ares/connect/callback`. */
  redirectUri: string;
  /** @default "read write" */
  scope?: string;
  /** What encrypts tokens and cookies: 32 random bytes as base64url, or a list. The first encrypts, all decrypt. `npx ares-react secret` prints one. */
  secret: Secret;
  /** Where the tokens are kept: `sqlTokens`, `redisTokens`, or `memoryTokens` in development. */
  tokens: TokenStore;
  /**
   * Names the user of a request: the app's own id, or null when nobody is signed in. Throw for an outage.
   * `"ares"`: the app has no sign-in of its own, and the ARES account is the user.
   */
  session: "ares" | ((request: Request) => SessionAnswer | Promise<SessionAnswer>);
  /** Called when a link is stored, before the user returns. An error goes to `onError`, and the link stays. */
  onConnected?: (connected: Connected) => void | Promise<void>;
  /** Refuses an ARES account that another user of this app has connected. @default false */
  oneUserPerAccount?: boolean;
  /** Other origins whose pages may connect and be returned to, as in `createAresServer`. @default none */
  cors?: readonly string[];
  /** How to reach ARES. */
  ares?: AresOAuthOptions;
  /** Receives the errors of `session`, `onConnected`, the store and ARES's token endpoint. @default prints each kind of error once */
  onError?: (error: unknown) => void;
  /** Keeps a serverless function alive until new tokens are stored. */
  waitUntil?: (work: Promise<void>) => void;
  /** Milliseconds since 1970. Tokens and sessions follow the store's own clock. */
  now?: () => number;
}

/** Who sends a request: a user's id, more of the user, or nobody. */
export type SessionAnswer = string | ConnectUser | null | undefined;

/** The options of a working connection, read at the first request: a build has no secrets. */
export interface ReadOptions {
  /** The redirect URI without `/callback`. */
  route: URL;
  isSecure: boolean;
}

/** @throws {AresError} `internal`, whose cause says in words what to correct. */
export function readOptions(options: AresConnectOptions): ReadOptions {
  const { clientId, clientSecret, redirectUri, tokens, session, ares = {} } = options;
  must(clientId, "clientId is missing.");
  must(clientSecret, "clientSecret is missing.");
  must(tokens, "tokens is missing. Pass sqlTokens(), redisTokens() or memoryTokens().");
  must(
    session === "ares" || typeof session === "function",
    'session is neither a function nor "ares".',
  );
  const callback = parseUrl(redirectUri);
  must(
    callback && /^https?:$/.test(callback.protocol) && callback.pathname.endsWith("/callback"),
    "redirectUri is no absolute address that ends in /callback.",
  );
  must(callback.pathname !== "/callback", "redirectUri has no path in front of /callback.");
  must(callback.search === "" && callback.hash === "", "redirectUri has a query or a fragment.");
  must(
    isSafe(callback) || inDevelopment(),
    "redirectUri is http. Use https, or localhost in development.",
  );
  const { authorizeUrl, baseUrl } = ares;
  must(
    authorizeUrl === undefined || isSafe(parseUrl(authorizeUrl)) || inDevelopment(),
    "ares.authorizeUrl must be https, or in development http.",
  );
  must(
    baseUrl === undefined || isSafe(parseUrl(baseUrl)),
    "ares.baseUrl must be https, or localhost.",
  );
  for (const origin of options.cors ?? [])
    must(parseUrl(origin)?.origin === origin, `"${origin}" in cors is no origin.`);
  const route = new URL(callback.href.slice(0, -"/callback".length));
  return { route, isSecure: callback.protocol === "https:" };
}

/** Nobody between the two ends can read along. */
function isSafe(url: URL | undefined): boolean {
  return url?.protocol === "https:" || LOOPBACK.includes(url?.hostname ?? "");
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

function must(works: unknown, otherwise: string): asserts works {
  if (works) return;
  const words = `ARES: ${otherwise} Nobody can connect ARES. Correct the options of aresConnect.`;
  throw new AresError("internal", errorMessages.internal, {
    cause: new AresError("invalid_request", words),
  });
}
