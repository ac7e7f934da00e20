import * as z from "zod/mini";
import { AresError, isAresError } from "../contract";
import {
  type AresApiOptions,
  answer,
  checkOrigin,
  createAresApi,
  faultOfUserId,
  isOfFramework,
  privateHeaders,
  problem,
  refusalOf,
  refuse,
  userOf,
  within,
} from "../server/index";
import type { AresOAuth } from "./aresOAuth";
import type { AresConnectOptions, Connected } from "./connectOptions";
import type { CookieJar } from "./cookies";
import type { Links } from "./links";
import { ConnectRefusal, wordsPage } from "./refusals";
import { returnAddress } from "./returnAddress";
import type { Sealing } from "./sealing";
import type { AresSignIn, SignIn } from "./signIn";
import { readTokens, type Tokens } from "./tokenAnswer";

export interface RouteParts {
  route: URL;
  cors: readonly string[];
  ares: AresApiOptions;
  oauth: AresOAuth;
  links: Links;
  jar: CookieJar;
  sealing: Sealing;
  signIn: SignIn;
  /** Set for `session: "ares"`. */
  ownSessions: AresSignIn | undefined;
  onConnected: AresConnectOptions["onConnected"];
  onError: (error: unknown) => void;
  now: () => number;
}

export interface Routes {
  serve(request: Request): Promise<Response>;
}

/** How long a user may take at ARES. */
const ATTEMPT_S = 600;
/** How many attempts a browser may have under way, the new one included. */
const MOST_ATTEMPTS = 4;
/** Servers' clocks may differ by so much. */
const SKEW_MS = 60_000;
const ON_CONNECTED_MS = 5_000;

const Attempt = /* @__PURE__ */ (() =>
  z.object({
    state: z.string(),
    verifier: z.string(),
    /** Null with `session: "ares"`: the user is whoever comes back. */
    userId: z.nullable(z.string()),
    returnTo: z.string(),
    at: z.number(),
  }))();
type Attempt = z.infer<typeof Attempt>;

/** The steps of a connection: start, callback, disconnect, and sign-out for `session: "ares"`. */
export function createRoutes(parts: RouteParts): Routes {
  const { route, cors, oauth, links, jar, sealing, signIn, ownSessions, onError, now } = parts;
  const home = new URL("/", route).href;
  const sites = { origins: [route.origin], cors };
  const api = createAresApi({ ...parts.ares });

  async function start(request: Request): Promise<{ url: string; cookies: string[] }> {
    const returnTo = returnAddress(new URL(request.url).searchParams.get("return"), parts);
    if (returnTo === null) throw new ConnectRefusal("return_rejected", home);
    const user = ownSessions ? null : await signIn.userOf(request);
    if (!ownSessions && !user) throw new ConnectRefusal("not_signed_in", returnTo);
    if (user?.mayCharge === false) throw new ConnectRefusal("look_only", returnTo);

    const { url, state, verifier } = await oauth.begin();
    const name = jar.attemptOf(state);
    const attempt: Attempt = { state, verifier, userId: user?.userId ?? null, returnTo, at: now() };
    const sealed = await sealing.seal("state", placeOf(name), JSON.stringify(attempt));
    const before = jar.attempts(request).filter((each) => each !== name);
    const tooMany = before.slice(0, Math.max(0, before.length - MOST_ATTEMPTS + 1));
    return { url, cookies: [jar.set(name, sealed, ATTEMPT_S), ...tooMany.map(jar.clear)] };
  }

  async function readAttempt(request: Request, name: string): Promise<Attempt | null> {
    const cookie = jar.read(request, name);
    const text = cookie && (await sealing.open("state", placeOf(name), cookie));
    if (!text) return null;
    const attempt = Attempt.parse(JSON.parse(text));
    const ageMs = now() - attempt.at;
    return ageMs >= -SKEW_MS && ageMs <= ATTEMPT_S * 1000 + SKEW_MS ? attempt : null;
  }

  async function callback(request: Request): Promise<Response> {
    const address = new URL(request.url);
    const name = jar.attemptOf(address.searchParams.get("state") ?? "");
    const attempt = await readAttempt(request, name);
    if (!attempt) return again(request);
    const cleared = [jar.clear(name)];
    try {
      const cookies = await finish(request, address, attempt);
      return sendTo(attempt.returnTo, [...cleared, ...cookies]);
    } catch (thrown) {
      return page(thrown, attempt.returnTo, cleared);
    }
  }

  /** A callback that no attempt belongs to: the user has pressed "back" or "reload", or somebody sent them here. */
  async function again(request: Request): Promise<Response> {
    const user = await signIn.userOf(request);
    const row = user && (await links.look(user.userId)).row;
    if (row && !row.ended) return sendTo(home, []);
    throw new ConnectRefusal("not_started", home);
  }

  /** Stores the link, and gives the cookies that go with it. Nothing is stored before ARES has named the account. */
  async function finish(request: Request, address: URL, attempt: Attempt): Promise<string[]> {
    const { returnTo } = attempt;
    const present = ownSessions ? null : await signIn.userOf(request);
    // A session cookie with SameSite=Strict is missing here, so nobody being there proves nothing.
    if (present && present.userId !== attempt.userId)
      throw new ConnectRefusal("other_user", returnTo);
    const answered = readCallback(address, attempt);
    // A code can be used once, so the store must be there first.
    await links.check();
    const tokens = await exchange(answered, attempt);
    const { account, email } = await accountOf(tokens, returnTo);
    const userId = attempt.userId ?? account;
    const at = await links.connect(userId, account, tokens);
    if (at === null) throw new ConnectRefusal("account_taken", returnTo);
    await tellConnected({ userId, account, email });
    return ownSessions ? [await ownSessions.begin(userId, at)] : [];
  }

  function readCallback(address: URL, { state, returnTo }: Attempt): URLSearchParams {
    try {
      return oauth.readCallback(address, state);
    } catch {
      const error = address.searchParams.get("error");
      if (error === "access_denied") throw new ConnectRefusal("denied", returnTo);
      throw new ConnectRefusal("failed", returnTo, said(error));
    }
  }

  async function exchange(answered: URLSearchParams, attempt: Attempt): Promise<Tokens> {
    const tokens = readTokens(await oauth.exchange(answered, attempt.verifier));
    switch (tokens.status) {
      case "tokens":
        return tokens;
      case "ended":
        throw new ConnectRefusal("failed", attempt.returnTo);
      case "refused":
        throw new ConnectRefusal("failed", attempt.returnTo, said(`status ${tokens.http}`));
      case "unavailable":
        throw new ConnectRefusal("unavailable", attempt.returnTo, said(tokens.why));
      case "held_up":
      case "lost":
        throw new ConnectRefusal("unavailable", attempt.returnTo);
    }
  }

  async function accountOf({ accessToken }: Tokens, returnTo: string) {
    const user = userOf(await api.getUser(accessToken));
    if (user?.id === undefined || faultOfUserId(user.id) !== undefined)
      throw new ConnectRefusal("no_account", returnTo);
    return { account: user.id, email: user.email };
  }

  async function tellConnected(connected: Connected): Promise<void> {
    try {
      await within(ON_CONNECTED_MS, (async () => parts.onConnected?.(connected))());
    } catch (error) {
      onError(error);
    }
  }

  async function disconnect(request: Request): Promise<Response> {
    const user = await signIn.userOf(request);
    if (!user) throw refuse("not_signed_in");
    if (user.mayCharge === false) throw refuse("not_allowed");
    await links.remove(user.userId);
    return withCookies(answer(200, { disconnected: true }), endOfSession());
  }

  async function signOut(request: Request): Promise<Response> {
    const user = await signIn.userOf(request);
    if (user && new URL(request.url).searchParams.has("everywhere"))
      await links.endSessions(user.userId);
    return withCookies(answer(200, { signedOut: true }), endOfSession());
  }

  function endOfSession(): string[] {
    return ownSessions ? [jar.clear(jar.session)] : [];
  }

  async function get(request: Request, step: "start" | "callback"): Promise<Response> {
    if (step === "start") {
      if (isPrefetch(request)) return new Response(null, { status: 204, headers: pageHeaders });
      const { url, cookies } = await start(request);
      return sendTo(url, cookies);
    }
    return callback(request);
  }

  async function post(request: Request, step: string): Promise<Response> {
    checkOrigin(request, sites);
    switch (step) {
      case "start": {
        const { url, cookies } = await start(request);
        return withCookies(answer(200, { url }), cookies);
      }
      case "disconnect":
        return disconnect(request);
      case "sign-out":
        return signOut(request);
      default:
        throw refuse("method_not_allowed");
    }
  }

  /** The answer to a navigation that came to nothing: words for the user, and the way back. */
  function page(thrown: unknown, returnTo: string, cookies: string[]): Response {
    if (isOfFramework(thrown)) throw thrown;
    const cause = isAresError(thrown) ? thrown.cause : thrown;
    const refusal =
      thrown instanceof ConnectRefusal
        ? thrown
        : new ConnectRefusal("unavailable", returnTo, cause);
    const { status } = problem(refusalOf(refusal.asError(), onError));
    const back = new URL(refusal.returnTo);
    back.searchParams.set("ares_connect", refusal.failure);
    const html = wordsPage(refusal.words, back.href);
    const headers = { ...pageHeaders, "Content-Type": "text/html; charset=utf-8" };
    return withCookies(new Response(html, { status, headers }), cookies);
  }

  return {
    async serve(request) {
      const step = stepOf(request, route);
      if (request.method === "GET" && (step === "start" || step === "callback"))
        return get(request, step).catch((thrown) => page(thrown, home, []));
      try {
        if (request.method !== "POST" || step === null) throw refuse("method_not_allowed");
        return await post(request, step);
      } catch (thrown) {
        const error = thrown instanceof ConnectRefusal ? thrown.asError() : thrown;
        return problem(refusalOf(error, onError));
      }
    },
  };
}

const pageHeaders = {
  ...privateHeaders,
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
};

const STEPS = ["callback", "disconnect", "sign-out"] as const;

/** The last part of the path. A proxy or a framework may have taken away what comes before. */
function stepOf({ url }: Request, route: URL): string | null {
  const lastOf = (path: string) => path.split("/").filter(Boolean).at(-1) ?? "";
  const last = lastOf(new URL(url).pathname);
  if (last === "" || last === lastOf(route.pathname)) return "start";
  return STEPS.find((step) => step === last) ?? null;
}

function placeOf(column: string) {
  return { userId: "", column, version: "" };
}

/** A browser or a framework that fetches pages before the user asks for them. */
function isPrefetch({ headers }: Request): boolean {
  const purpose = headers.get("Sec-Purpose") ?? headers.get("Purpose") ?? "";
  return purpose.includes("prefetch") || headers.has("Next-Router-Prefetch");
}

function sendTo(address: string, cookies: readonly string[]): Response {
  const headers = { ...pageHeaders, Location: address };
  return withCookies(new Response(null, { status: 303, headers }), cookies);
}

function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

/** What the app's log is told. A text of another form may hold anything, so it is not repeated. */
function said(what: string | null): AresError {
  const text = what !== null && /^[\w ]{1,80}$/.test(what) ? what : "an error of unknown form";
  return new AresError("auth_unavailable", `ARES: a connection to ARES failed: ${text}.`);
}
