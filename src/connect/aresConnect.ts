import {
  type AresAuth,
  type Authenticate,
  crossOrigin,
  guarded,
  isOfFramework,
  noWebRequest,
  printOnce,
  problem,
  refusalOf,
} from "../server/index";
import { createAresOAuth } from "./aresOAuth";
import { type AresConnectOptions, readOptions } from "./connectOptions";
import { createCookieJar } from "./cookies";
import type { Links } from "./links";
import { createLinks } from "./links";
import { createRoutes, type Routes } from "./routes";
import { createSealing } from "./sealing";
import type { SignIn } from "./signIn";
import { appSignIn, aresSignIn } from "./signIn";

/** What `aresConnect` returns: the `auth` of the server, and the routes of the connection. */
export interface AresConnection {
  /** The `auth` of `createAresServer`. */
  auth: Authenticate & Required<Pick<Authenticate, "forUser" | "setup" | "forget">>;
  GET(request: Request): Promise<Response>;
  POST(request: Request): Promise<Response>;
  OPTIONS(request: Request): Promise<Response>;
  /** Serves all three methods. */
  handler(request: Request): Promise<Response>;
  /** Ends a user's link, and with `session: "ares"` their sessions: for a user who is deleted. Another server may know the session for one more minute. */
  forget(userId: string): Promise<void>;
  /** Creates what the store lacks, such as its table. May run at every start. `ares.setup()` and `npx ares-react setup` call it. */
  setup(): Promise<void>;
}

/**
 * Connects the users of any sign-in with ARES, in one route: it sends them to ARES, keeps their tokens encrypted, and renews
 * them so that no two servers lose a token to each other.
 *
 * Serve it under the path of `redirectUri`, without `/callback`: `GET` begins, `/callback` ends, `POST /disconnect` ends the
 * link. Options are checked at the first request, so that a build without secrets passes. Needs the package `oauth4webapi`.
 *
 * @example
 * export const connection = aresConnect({
 *   clientId: process.env.ARES_CLIENT_ID ?? "",
 *   clientSecret: process.env.ARES_CLIENT_SECRET ?? "",
 *   redirectUri: "https://app.example/api/ares/connect/callback",
 *   secret: process.env.ARES_SECRET,
 *   tokens: sqlTokens({ dialect: "postgres", query: fromPg(new Pool({ connectionString })) }),
 *   session: async (request) => (await readSession(request))?.userId ?? null,
 * })
 * export const ares = createAresServer({ clientId, prices, ledger, auth: connection.auth })
 * export const { GET, POST } = connection // app/api/ares/connect/[[...step]]/route.ts
 */
export function aresConnect(options: AresConnectOptions): AresConnection {
  const onError = guarded(options.onError ?? printOnce());
  let working: Working | undefined;
  const work = () => {
    working ??= createWorking(options, onError);
    return working;
  };

  function authOf(userId: string, account?: string, mayCharge?: boolean): AresAuth {
    let given: string | null = null;
    return {
      userId,
      account,
      mayCharge,
      async getAccessToken({ refresh = false } = {}) {
        const { links } = work();
        const link = await (refresh ? links.renew(userId, given) : links.get(userId));
        given = link?.version ?? null;
        return link?.token ?? null;
      },
    };
  }

  async function authenticate(request: Request): Promise<AresAuth | null> {
    const { signIn, links } = work();
    const user = await signIn.userOf(request);
    if (!user) return null;
    // Who asks for a token meets the store's error again.
    const standing = await links.look(user.userId).catch(() => undefined);
    return authOf(user.userId, standing?.row?.account, user.mayCharge);
  }

  async function serve(request: Request): Promise<Response> {
    const fault = noWebRequest(request);
    if (fault) return problem(refusalOf(fault, onError));
    try {
      return await work().routes.serve(request);
    } catch (thrown) {
      if (isOfFramework(thrown)) throw thrown;
      return problem(refusalOf(thrown, onError));
    }
  }

  async function setup(): Promise<void> {
    await options.tokens.setup?.();
  }

  async function forget(userId: string): Promise<void> {
    await work().links.remove(userId);
  }

  const handler = crossOrigin({ cors: options.cors ?? [] })(serve);
  return {
    auth: Object.assign(authenticate, {
      forUser: (userId: string) => authOf(userId),
      setup,
      forget,
    }),
    handler,
    GET: handler,
    POST: handler,
    OPTIONS: handler,
    forget,
    setup,
  };
}

interface Working {
  links: Links;
  signIn: SignIn;
  routes: Routes;
}

/** @throws {AresError} `internal` for options that can't work. */
function createWorking(options: AresConnectOptions, onError: (error: unknown) => void): Working {
  const { clientId, clientSecret, redirectUri, scope = "read write", session } = options;
  const { now = Date.now, ares = {} } = options;
  const { route, isSecure } = readOptions(options);
  const sealing = createSealing(options.secret, clientId);
  const oauth = createAresOAuth({ ...ares, clientId, clientSecret, redirectUri, scope });
  const links = createLinks({
    clientId,
    tokens: options.tokens,
    sealing,
    oauth,
    oneUserPerAccount: options.oneUserPerAccount ?? false,
    onError,
    waitUntil: options.waitUntil,
    now,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const jar = createCookieJar(isSecure);
  const own = aresSignIn({ jar, sealing, links });
  const signIn = session === "ares" ? own : appSignIn(session, onError);
  const routes = createRoutes({
    route,
    cors: options.cors ?? [],
    ares,
    oauth,
    links,
    jar,
    sealing,
    signIn,
    ownSessions: session === "ares" ? own : undefined,
    onConnected: options.onConnected,
    onError,
    now,
  });
  return { links, signIn, routes };
}
