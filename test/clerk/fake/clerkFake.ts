import { createClerkBackendFake } from "./clerkBackendFake";
import { type ClerkFakeSigner, createClerkFakeSigner } from "./clerkFakeKeys";
import {
  type ClerkFakeFailure,
  type ClerkFakeRequest,
  type ClerkFakeState,
  type ClerkFakeToken,
  type ClerkFakeUser,
  openAccount,
} from "./clerkFakeState";
import { createClerkFrontendFake } from "./clerkFrontendFake";

/**
 * Makes a pretend Clerk: both of its HTTP APIs as `Request` in, `Response` out, and tokens signed with its own key.
 *
 * The real packages run on it unchanged: `@clerk/backend` with `apiUrl` pointing at `backend`, and `@clerk/clerk-react`
 * or `@clerk/react` with `proxyUrl` pointing at `frontend`. The fake stands for one browser: `signIn` replaces the user before.
 *
 * @example
 * const clerk = await createClerkFake({ users: [{ id: "user_ann", ares: "ares-token-ann" }] });
 * clerk.signIn("user_ann");
 * const token = await clerk.sessionToken("user_ann");
 */
export async function createClerkFake(options: ClerkFakeOptions): Promise<ClerkFake> {
  const {
    users,
    provider = "custom_ares",
    origin = "http://localhost:3000",
    now = Date.now,
  } = options;
  const frontendApi = "fake.clerk.accounts.dev";
  const secretKey = "sk_test_fake";
  sharedSigner ??= createClerkFakeSigner();
  const signer = await sharedSigner;
  const state: ClerkFakeState = {
    provider,
    users: new Map(),
    session: null,
    changedAt: now(),
    count: 0,
    failures: [],
    requests: [],
  };

  const sessionToken: ClerkFake["sessionToken"] = (userId, { header, ...claims } = {}) => {
    const seconds = Math.floor(now() / 1000);
    const times = { iat: seconds, nbf: seconds - 10, exp: seconds + 60 };
    const sid = state.session?.userId === userId ? state.session.id : `sess_of_${userId}`;
    return signer.sign(
      {
        iss: `https://${frontendApi}`,
        sub: userId,
        sid,
        azp: origin,
        sts: "active",
        v: 2,
        ...times,
        ...claims,
      },
      header,
    );
  };
  const userOf = (userId: string): ClerkFakeUser => {
    const user = state.users.get(userId);
    if (!user)
      throw new Error(
        `The pretend Clerk has no user "${userId}". Add it to the users of createClerkFake.`,
      );
    return user;
  };

  const fake: ClerkFake = {
    publishableKey: `pk_test_${btoa(`${frontendApi}$`)}`,
    secretKey,
    jwtKey: signer.pem,
    requests: state.requests,
    backend: createClerkBackendFake(state, signer, secretKey),
    frontend: createClerkFrontendFake({
      state,
      sessionToken,
      now,
      ...(options.consentUrl && { consentUrl: options.consentUrl }),
    }),
    sessionToken,
    signIn(userId) {
      state.count += 1;
      state.session = { id: `sess_${state.count}`, userId: userOf(userId).id };
      state.changedAt = now();
    },
    signOut() {
      state.session = null;
      state.changedAt = now();
    },
    connect(userId, tokens = `ares-token-of-${userId}`) {
      const account = openAccount(state, userOf(userId));
      account.status = "verified";
      account.error = undefined;
      account.unrefreshable = false;
      account.tokens =
        typeof tokens === "string"
          ? [{ token: tokens, expiresAt: Math.floor(now() / 1000) + 1800 }]
          : [...tokens];
    },
    disconnect(userId) {
      userOf(userId).account = null;
    },
    expire(userId) {
      const account = openAccount(state, userOf(userId));
      account.unrefreshable = true;
      account.error = {
        code: "external_account_missing_refresh_token",
        message: "The link to the account has ended.",
      };
    },
    refuse(
      userId,
      error = { code: "oauth_access_denied", message: "The user did not allow access." },
    ) {
      const account = openAccount(state, userOf(userId));
      account.status = "failed";
      account.error = error;
    },
    fail(failure) {
      state.failures.push({ ...failure });
    },
  };

  for (const { id, email = `${id}@example.test`, firstName = id, ares } of users) {
    state.users.set(id, { id, email, firstName, account: null });
    if (ares !== undefined) fake.connect(id, ares);
  }
  return fake;
}

/** All fakes of a process share one key pair: making one takes a tenth of a second. */
let sharedSigner: Promise<ClerkFakeSigner> | undefined;

export interface ClerkFakeOptions {
  users: readonly ClerkFakeUserOptions[];
  /**
   * The key of the custom OAuth provider in Clerk's dashboard.
   * @default "custom_ares"
   */
  provider?: string;
  /**
   * The page that session tokens are made for (`azp`), where the request does not tell.
   * @default "http://localhost:3000"
   */
  origin?: string;
  /** Where a user is sent to connect ARES. By default a page of the fake itself, which connects and returns. */
  consentUrl?: string;
  now?: () => number;
}

interface ClerkFakeUserOptions {
  id: string;
  email?: string;
  firstName?: string;
  /** The user's ARES access token, or several as Clerk lists them; without it the user has not connected ARES. */
  ares?: string | readonly ClerkFakeToken[];
}

export interface ClerkFake {
  publishableKey: string;
  secretKey: string;
  /** PEM, for `jwtKey`. */
  jwtKey: string;
  /** Every request that arrived, oldest first. */
  requests: ClerkFakeRequest[];
  /** Clerk's Backend API. */
  backend(request: Request): Promise<Response>;
  /** Clerk's Frontend API, under any path: everything before `/v1/` is the proxy's. */
  frontend(request: Request): Promise<Response>;
  /** Signs a session token; `overrides` replace claims, `header` members of the JWT's header. */
  sessionToken(
    userId: string,
    overrides?: Record<string, unknown> & { header?: Record<string, unknown> },
  ): Promise<string>;
  /** Signs the one browser in; a page learns of it when Clerk's script asks the next time. */
  signIn(userId: string): void;
  signOut(): void;
  /** Connects ARES, as a finished OAuth round trip does. */
  connect(userId: string, tokens?: string | readonly ClerkFakeToken[]): void;
  disconnect(userId: string): void;
  /** Ends the link to ARES: its token can no longer be refreshed, as a day after the last visit. A page learns of it when it loads again. */
  expire(userId: string): void;
  /** Ends an OAuth round trip with a refusal. */
  refuse(userId: string, error?: { code: string; message: string }): void;
  /** Scripts what the next requests meet. */
  fail(failure: ClerkFakeFailure): void;
}
