/** One ARES access token as Clerk's Backend API hands it out. */
export interface ClerkFakeToken {
  token: string;
  /** Unix time in seconds, as Clerk sends it; left out of the answer when undefined. */
  expiresAt?: number | undefined;
}

/** The link between a user and ARES. */
export interface ClerkFakeAccount {
  id: string;
  status: "verified" | "unverified" | "failed" | "expired";
  /** Why a verification failed. */
  error?: { code: string; message: string } | undefined;
  tokens: ClerkFakeToken[];
  /** True when Clerk can no longer refresh the token: the user has to connect again. */
  unrefreshable: boolean;
  approvedScopes: string;
}

/** A user of the pretend Clerk. */
export interface ClerkFakeUser {
  id: string;
  email: string;
  firstName: string;
  account: ClerkFakeAccount | null;
}

/** What the next requests meet instead of an answer. */
export interface ClerkFakeFailure {
  api: "backend" | "frontend";
  /** Only requests whose path contains this. */
  path?: string;
  /** The status of the answer; with neither `code` nor `body`, Clerk's body has an empty list of errors. */
  status?: number;
  /** Clerk's error code. */
  code?: string;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number | string;
  /** A body to send as JSON as it is, with `status` or 200. */
  body?: string;
  /** Never answers. */
  hang?: boolean;
  /**
   * How many requests meet it.
   * @default 1
   */
  times?: number;
}

/** A request that reached one of the two APIs. Holds no header and no body. */
export interface ClerkFakeRequest {
  api: "backend" | "frontend";
  /** The method Clerk meant: its browser library sends PATCH and DELETE as POST. */
  method: string;
  path: string;
}

/** Everything the pretend Clerk remembers. */
export interface ClerkFakeState {
  provider: string;
  users: Map<string, ClerkFakeUser>;
  /** The one browser's session; `null` when nobody is signed in. */
  session: { id: string; userId: string } | null;
  /** When somebody last signed in or out. Clerk believes no session cookie from before this time. */
  changedAt: number;
  /** Counts sessions and accounts, so that ids never repeat. */
  count: number;
  failures: ClerkFakeFailure[];
  requests: ClerkFakeRequest[];
}

/** Notes a request and answers it from the scripted failures, if one applies. */
export async function meetFailure(
  state: ClerkFakeState,
  request: ClerkFakeRequest,
): Promise<Response | null> {
  state.requests.push(request);
  const index = state.failures.findIndex(
    ({ api, path }) => api === request.api && request.path.includes(path ?? ""),
  );
  const failure = state.failures[index];
  if (!failure) return null;

  failure.times = (failure.times ?? 1) - 1;
  if (failure.times <= 0) state.failures.splice(index, 1);

  if (failure.hang) return new Promise<Response>(() => undefined);
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (failure.retryAfter !== undefined) headers["retry-after"] = String(failure.retryAfter);
  if (failure.body !== undefined)
    return new Response(failure.body, { status: failure.status ?? 200, headers });
  return clerkProblem(failure.status ?? 500, failure.code, headers);
}

/** An error in Clerk's shape. The texts stand for what a real one may hold: nothing of it may be shown. */
export function clerkProblem(
  status: number,
  code?: string,
  headers: Record<string, string> = {},
): Response {
  const errors =
    code === undefined
      ? []
      : [
          {
            code,
            message: `message of ${code}`,
            long_message: `long message of ${code}`,
            meta: {},
          },
        ];
  return Response.json({ errors, clerk_trace_id: "trace_fake" }, { status, headers });
}

/** The connected account of a user, made when there is none. */
export function openAccount(state: ClerkFakeState, user: ClerkFakeUser): ClerkFakeAccount {
  if (!user.account) {
    state.count += 1;
    user.account = {
      id: `eac_${state.count}`,
      status: "unverified",
      tokens: [],
      unrefreshable: false,
      approvedScopes: "user:read",
    };
  }
  return user.account;
}
