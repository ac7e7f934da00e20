import { type ClerkFakeAccount, type ClerkFakeState, type ClerkFakeUser, clerkProblem, meetFailure, openAccount } from "./clerkFakeState";

export interface ClerkFrontendFakeOptions {
  state: ClerkFakeState;
  sessionToken(userId: string, claims: Record<string, unknown>): Promise<string>;
  now(): number;
  consentUrl?: string;
}

/** The pretend Frontend API: what Clerk's script in the browser asks for here, in the shapes it insists on. */
export function createClerkFrontendFake(options: ClerkFrontendFakeOptions): (request: Request) => Promise<Response> {
  const { state } = options;

  return async (request) => {
    const url = new URL(request.url);
    const path = url.pathname.slice(Math.max(0, url.pathname.indexOf("/v1/")));
    const method = url.searchParams.get("_method") ?? request.method;
    const failure = await meetFailure(state, { api: "frontend", method, path });
    if (failure) return failure;

    const piggyback = async (response: unknown) => Response.json({ response, client: await clientJson(options, request) });

    if (path === "/v1/environment") return Response.json(environment);
    if (path === "/v1/dev_browser") return Response.json({ object: "dev_browser", id: "dvb_fake", token: "dvb_fake" });
    if (path === "/v1/fake_consent") return consent(state, url);
    if (method === "DELETE" && path === "/v1/client/sessions") {
      state.session = null;
      return Response.json({ response: await clientJson(options, request), client: null });
    }
    if (path === "/v1/client") return Response.json({ response: await clientJson(options, request), client: null });

    // Everything below needs somebody who is signed in.
    const user = state.users.get(state.session?.userId ?? "");
    if (!state.session || !user) return clerkProblem(401, "authentication_invalid");

    const [, sessionId, action] = /^\/v1\/client\/sessions\/([^/]+)\/(\w+)/.exec(path) ?? [];
    if (sessionId !== undefined) {
      if (sessionId !== state.session.id) return clerkProblem(404, "resource_not_found");
      const session = await sessionJson(options, request, user);
      if (action === "tokens") return Response.json(session.last_active_token);
      if (action === "touch") return piggyback(session);
      if (action === "remove" || action === "end") {
        state.session = null;
        return piggyback({ ...session, status: "removed" });
      }
    }
    if (path === "/v1/me" && method === "GET") return piggyback(userJson(state, user));

    const [, accountId, change] = /^\/v1\/me\/external_accounts(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    const starts = method === "POST" && path === "/v1/me/external_accounts";
    if (starts || (method === "PATCH" && change === "reauthorize" && accountId === user.account?.id)) {
      const form = new URLSearchParams(await request.text());
      if (starts && form.get("strategy") !== `oauth_${state.provider}`) return clerkProblem(422, "form_param_value_invalid");
      if (starts && user.account?.status === "verified" && !user.account.error) return clerkProblem(400, "oauth_account_already_connected");
      return piggyback(accountJson(state, startConsent(options, url, user, form.get("redirect_url") ?? ""), true));
    }
    if (method === "DELETE" && accountId !== undefined && accountId === user.account?.id) {
      user.account = null;
      return piggyback({ object: "external_account", id: accountId, deleted: true });
    }
    return clerkProblem(404, "resource_not_found");
  };
}

function startConsent(options: ClerkFrontendFakeOptions, url: URL, user: ClerkFakeUser, redirectUrl: string) {
  const account = openAccount(options.state, user);
  const consentUrl = new URL(options.consentUrl ?? `${url.origin}${url.pathname.split("/v1/")[0]}/v1/fake_consent`);
  consentUrl.searchParams.set("user", user.id);
  consentUrl.searchParams.set("redirect_url", redirectUrl);
  return { ...account, status: "unverified" as const, consentUrl: consentUrl.href };
}

/** The page at ARES where a user says yes: connects and sends the browser back. */
function consent(state: ClerkFakeState, url: URL): Response {
  const user = state.users.get(url.searchParams.get("user") ?? "");
  if (!user) return clerkProblem(404, "resource_not_found");
  const account = openAccount(state, user);
  account.status = "verified";
  account.unrefreshable = false;
  account.error = undefined;
  if (account.tokens.length === 0) account.tokens = [{ token: `ares-token-of-${user.id}` }];
  return new Response(null, { status: 302, headers: { location: url.searchParams.get("redirect_url") ?? "/" } });
}

async function clientJson(options: ClerkFrontendFakeOptions, request: Request) {
  const { state } = options;
  const user = state.users.get(state.session?.userId ?? "");
  const sessions = user && state.session ? [await sessionJson(options, request, user)] : [];
  return {
    object: "client",
    id: "client_fake",
    sessions,
    sign_in: null,
    sign_up: null,
    last_active_session_id: sessions[0]?.id ?? null,
    created_at: 1,
    updated_at: options.now(),
  };
}

async function sessionJson(options: ClerkFrontendFakeOptions, request: Request, user: ClerkFakeUser) {
  const { state, sessionToken, now } = options;
  const origin = request.headers.get("origin");
  const jwt = await sessionToken(user.id, origin === null ? {} : { azp: origin });
  return {
    object: "session",
    id: state.session?.id ?? "",
    status: "active",
    expire_at: now() + 86_400_000,
    abandon_at: now() + 864_000_000,
    last_active_at: now(),
    user: userJson(state, user),
    public_user_data: {
      user_id: user.id,
      identifier: user.email,
      first_name: user.firstName,
      last_name: "",
      image_url: "",
      has_image: false,
    },
    last_active_token: { object: "token", jwt },
    created_at: 1,
    updated_at: now(),
  };
}

function userJson(state: ClerkFakeState, user: ClerkFakeUser) {
  const emailId = `idn_${user.id}`;
  return {
    object: "user",
    id: user.id,
    first_name: user.firstName,
    last_name: "",
    image_url: "",
    primary_email_address_id: emailId,
    email_addresses: [
      { object: "email_address", id: emailId, email_address: user.email, verification: { status: "verified" }, linked_to: [] },
    ],
    phone_numbers: [],
    web3_wallets: [],
    passkeys: [],
    enterprise_accounts: [],
    saml_accounts: [],
    organization_memberships: [],
    external_accounts: user.account ? [accountJson(state, user.account, false)] : [],
    public_metadata: {},
    unsafe_metadata: {},
    created_at: 1,
    updated_at: 1,
  };
}

function accountJson(state: ClerkFakeState, account: ClerkFakeAccount & { consentUrl?: string }, started: boolean) {
  return {
    object: "external_account",
    id: account.id,
    identification_id: `idn_${account.id}`,
    provider: `oauth_${state.provider}`,
    provider_user_id: `ares_${account.id}`,
    approved_scopes: account.approvedScopes,
    email_address: "",
    first_name: "",
    last_name: "",
    image_url: "",
    public_metadata: {},
    label: null,
    verification: {
      object: "verification",
      status: account.status,
      strategy: `oauth_${state.provider}`,
      error: account.error ?? null,
      external_verification_redirect_url: started ? (account.consentUrl ?? null) : null,
    },
  };
}

const environment = {
  object: "environment",
  id: "env_fake",
  maintenance_mode: false,
  auth_config: { single_session_mode: true },
  display_config: { show_devmode_warning: false },
  user_settings: {},
  organization_settings: {},
};
