import type {
  AresConnection,
  AresConnectOptions,
  aresConnect,
  memoryTokens,
} from "ares-react/connect";

/** How a pretend ARES connects a user, as the live one does. */
export interface PretendConnect {
  /**
   * The two functions of `ares-react/connect`. They are handed over, so that an app which connects nobody needs no
   * `oauth4webapi`.
   */
  connect: { aresConnect: typeof aresConnect; memoryTokens: typeof memoryTokens };
  /** As in `aresConnect`: who sends a request. @default every request comes from one signed-in user */
  session?: AresConnectOptions["session"];
  /** Where the app serves `connection`. @default "/api/ares/connect" */
  route?: string;
}

interface Parts extends PretendConnect {
  name: string;
  /** Encrypts the tokens and cookies of this process. */
  secret: string;
  /** Reaches the pretend ARES. */
  fetch: (input: string, init?: RequestInit) => Promise<Response>;
}

/**
 * A connection to the pretend ARES. Its own route serves the consent page too, under `/pretend`, so that a browser can open it.
 * The app may run under any origin: the requests say which.
 */
export function pretendConnection({
  connect,
  session = () => "pretend-user",
  route = "/api/ares/connect",
  name,
  secret,
  fetch,
}: Parts): AresConnection {
  const tokens = connect.memoryTokens({ name: `pretend/${name}` });
  let origin = "http://localhost:3000";
  let connection = connectionAt(origin);

  function connectionAt(origin: string): AresConnection {
    return connect.aresConnect({
      clientId: "pretend",
      clientSecret: "pretend",
      redirectUri: `${origin}${route}/callback`,
      secret,
      tokens,
      session,
      ares: { authorizeUrl: `${origin}${route}/pretend`, fetch },
    });
  }

  function connectionOf(request: Request): AresConnection {
    const asked = new URL(request.url).origin;
    if (asked !== origin) connection = connectionAt(asked);
    origin = asked;
    return connection;
  }

  async function handler(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname.endsWith("/pretend")) return fetch(`https://joinares.com/oauth${search}`);
    return connectionOf(request).handler(request);
  }

  return {
    auth: Object.assign((request: Request) => connectionOf(request).auth(request), {
      forUser: (userId: string) => connection.auth.forUser(userId),
      setup: () => connection.setup(),
      forget: (userId: string) => connection.forget(userId),
    }),
    handler,
    GET: handler,
    POST: handler,
    OPTIONS: handler,
    forget: (userId) => connection.forget(userId),
    setup: () => connection.setup(),
  };
}
