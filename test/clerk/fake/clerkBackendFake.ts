import type { ClerkFakeSigner } from "./clerkFakeKeys";
import {
  type ClerkFakeAccount,
  type ClerkFakeState,
  clerkProblem,
  meetFailure,
} from "./clerkFakeState";

/** The pretend Backend API: `Request` in, `Response` out. Serves what `@clerk/backend` asks for here, and refuses the rest. */
export function createClerkBackendFake(
  state: ClerkFakeState,
  signer: ClerkFakeSigner,
  secretKey: string,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const failure = await meetFailure(state, {
      api: "backend",
      method: request.method,
      path: pathname,
    });
    if (failure) return failure;

    if (request.headers.get("authorization") !== `Bearer ${secretKey}`)
      return clerkProblem(401, "authentication_invalid");
    if (request.method !== "GET") return clerkProblem(404, "resource_not_found");
    if (pathname === "/v1/jwks") return Response.json({ keys: [signer.jwk] });
    const user = userOfTokens(state, pathname);
    return user
      ? accessTokens(request, state, user.account)
      : clerkProblem(404, "resource_not_found");
  };
}

/** The user whose tokens of ARES a path asks for. */
function userOfTokens(state: ClerkFakeState, path: string) {
  const [, userId = "", rest] = /^\/v1\/users\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const isTokens = rest === `/oauth_access_tokens/oauth_${state.provider}`;
  return isTokens ? state.users.get(decodeURIComponent(userId)) : undefined;
}

function accessTokens(
  request: Request,
  state: ClerkFakeState,
  account: ClerkFakeAccount | null,
): Response {
  if (account?.unrefreshable) return clerkProblem(422, "oauth_missing_refresh_token");

  const data = (account?.status === "verified" ? account.tokens : []).map(
    ({ token, expiresAt }) => ({
      object: "oauth_access_token",
      external_account_id: account?.id,
      provider_user_id: `ares_${account?.id}`,
      token,
      provider: `oauth_${state.provider}`,
      public_metadata: {},
      label: null,
      scopes: account?.approvedScopes.split(" "),
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    }),
  );
  // Older API versions answer with the bare array; `paginated` asks for the newer form.
  const paginated = new URL(request.url).searchParams.get("paginated") === "true";
  return Response.json(paginated ? { data, total_count: data.length } : data);
}
