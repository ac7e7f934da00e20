import {
  type ClerkFakeState,
  type ClerkFakeUser,
  clerkProblem,
  meetFailure,
  openAccount,
} from "./clerkFakeState";
import {
  accountJson,
  type ClerkFrontendFakeOptions,
  clientJson,
  environment,
  sessionJson,
  userJson,
} from "./clerkFrontendShapes";

/** The pretend Frontend API: what Clerk's script in the browser asks for here, in the shapes it insists on. */
export function createClerkFrontendFake(
  options: ClerkFrontendFakeOptions,
): (request: Request) => Promise<Response> {
  const { state } = options;

  return async (request) => {
    const url = new URL(request.url);
    const path = url.pathname.slice(Math.max(0, url.pathname.indexOf("/v1/")));
    const method = url.searchParams.get("_method") ?? request.method;
    const failure = await meetFailure(state, { api: "frontend", method, path });
    if (failure) return failure;

    const piggyback = async (response: unknown) =>
      Response.json({ response, client: await clientJson(options, request) });

    if (path === "/v1/environment") return Response.json(environment);
    if (path === "/v1/dev_browser")
      return Response.json({ object: "dev_browser", id: "dvb_fake", token: "dvb_fake" });
    if (path === "/v1/fake_consent") return consent(state, url);
    if (method === "DELETE" && path === "/v1/client/sessions") {
      end(options);
      return Response.json({ response: await clientJson(options, request), client: null });
    }
    if (path === "/v1/client")
      return Response.json({ response: await clientJson(options, request), client: null });

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
        end(options);
        return piggyback({ ...session, status: "removed" });
      }
    }
    if (path === "/v1/me" && method === "GET") return piggyback(userJson(state, user));

    const [, accountId, change] =
      /^\/v1\/me\/external_accounts(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    const starts = method === "POST" && path === "/v1/me/external_accounts";
    if (
      starts ||
      (method === "PATCH" && change === "reauthorize" && accountId === user.account?.id)
    ) {
      const form = new URLSearchParams(await request.text());
      if (starts && form.get("strategy") !== `oauth_${state.provider}`)
        return clerkProblem(422, "form_param_value_invalid");
      if (starts && user.account?.status === "verified" && !user.account.error)
        return clerkProblem(400, "oauth_account_already_connected");
      return piggyback(
        accountJson(state, startConsent(options, url, user, form.get("redirect_url") ?? ""), true),
      );
    }
    if (method === "DELETE" && accountId !== undefined && accountId === user.account?.id) {
      user.account = null;
      return piggyback({ object: "external_account", id: accountId, deleted: true });
    }
    return clerkProblem(404, "resource_not_found");
  };
}

function end({ state, now }: ClerkFrontendFakeOptions): void {
  state.session = null;
  state.changedAt = now();
}

function startConsent(
  options: ClerkFrontendFakeOptions,
  url: URL,
  user: ClerkFakeUser,
  redirectUrl: string,
) {
  const account = openAccount(options.state, user);
  const consentUrl = new URL(
    options.consentUrl ?? `${url.origin}${url.pathname.split("/v1/")[0]}/v1/fake_consent`,
  );
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
  return new Response(null, {
    status: 302,
    headers: { location: url.searchParams.get("redirect_url") ?? "/" },
  });
}
