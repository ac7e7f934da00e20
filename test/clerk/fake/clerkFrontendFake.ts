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

/** One request to the Frontend API, as its parts read it. */
interface Call {
  request: Request;
  url: URL;
  /** From `/v1/` on: an app may put its own path in front. */
  path: string;
  method: string;
  /** An answer with the state of the client beside it, as most of Clerk's are. */
  piggyback: (response: unknown) => Promise<Response>;
}

const notFound = () => clerkProblem(404, "resource_not_found");

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
    const call: Call = { request, url, path, method, piggyback };
    return (await answerAnybody(options, call)) ?? answerUser(options, call);
  };
}

/** What needs nobody who is signed in. */
async function answerAnybody(
  options: ClerkFrontendFakeOptions,
  { request, url, path, method }: Call,
): Promise<Response | undefined> {
  const alone = async () =>
    Response.json({ response: await clientJson(options, request), client: null });
  switch (path) {
    case "/v1/environment":
      return Response.json(environment);
    case "/v1/dev_browser":
      return Response.json({ object: "dev_browser", id: "dvb_fake", token: "dvb_fake" });
    case "/v1/fake_consent":
      return consent(options.state, url);
    case "/v1/client/sessions":
      if (method !== "DELETE") return undefined;
      end(options);
      return alone();
    case "/v1/client":
      return alone();
    default:
      return undefined;
  }
}

/** What needs somebody who is signed in. */
async function answerUser(options: ClerkFrontendFakeOptions, call: Call): Promise<Response> {
  const { session, users } = options.state;
  const user = users.get(session?.userId ?? "");
  if (!session || !user) return clerkProblem(401, "authentication_invalid");
  const { path, method, piggyback } = call;
  if (path.startsWith("/v1/client/sessions/"))
    return answerSession(options, call, session.id, user);
  if (path.startsWith("/v1/me/external_accounts")) return answerAccount(options, call, user);
  if (path === "/v1/me" && method === "GET") return piggyback(userJson(options.state, user));
  return notFound();
}

async function answerSession(
  options: ClerkFrontendFakeOptions,
  { request, path, piggyback }: Call,
  ownId: string,
  user: ClerkFakeUser,
): Promise<Response> {
  const [, sessionId, action] = /^\/v1\/client\/sessions\/([^/]+)\/(\w+)/.exec(path) ?? [];
  if (sessionId !== ownId) return notFound();
  const session = await sessionJson(options, request, user);
  switch (action) {
    case "tokens":
      return Response.json(session.last_active_token);
    case "touch":
      return piggyback(session);
    case "remove":
    case "end":
      end(options);
      return piggyback({ ...session, status: "removed" });
    default:
      return notFound();
  }
}

/** The user's connection to ARES: made, made again, or ended. */
async function answerAccount(
  options: ClerkFrontendFakeOptions,
  call: Call,
  user: ClerkFakeUser,
): Promise<Response> {
  const { path, method, piggyback } = call;
  const [, accountId, change] =
    /^\/v1\/me\/external_accounts(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
  if (method === "POST" && path === "/v1/me/external_accounts")
    return connect(options, call, user, true);
  const isOwn = accountId !== undefined && accountId === user.account?.id;
  if (!isOwn) return notFound();
  if (method === "PATCH" && change === "reauthorize") return connect(options, call, user, false);
  if (method !== "DELETE") return notFound();
  user.account = null;
  return piggyback({ object: "external_account", id: accountId, deleted: true });
}

async function connect(
  options: ClerkFrontendFakeOptions,
  { request, url, piggyback }: Call,
  user: ClerkFakeUser,
  isFirst: boolean,
): Promise<Response> {
  const { state } = options;
  const form = new URLSearchParams(await request.text());
  if (isFirst && form.get("strategy") !== `oauth_${state.provider}`)
    return clerkProblem(422, "form_param_value_invalid");
  if (isFirst && user.account?.status === "verified" && !user.account.error)
    return clerkProblem(400, "oauth_account_already_connected");
  const account = startConsent(options, url, user, form.get("redirect_url") ?? "");
  return piggyback(accountJson(state, account, true));
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
