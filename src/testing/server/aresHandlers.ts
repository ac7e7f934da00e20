import { createTestServer, type TestServerOptions } from "./createTestServer";
import { loadMsw } from "./msw";

export interface AresHandlersOptions extends TestServerOptions {
  /** Where the app's own endpoint is; `null` leaves it alone. @default "*\/api/ares" */
  endpoint?: string | null;
  /** Serves the endpoint in place of the kit's server, e.g. `guideRoute({ simulator })`. */
  handler?: (request: Request) => Promise<Response>;
  /** Puts the simulator behind ARES's own address too, for servers that run elsewhere in the test. `true`: https://oauth.joinares.com */
  ares?: boolean | string;
}

/**
 * Request handlers of msw. Their own type would make an app without msw fail to compile, and only msw takes them.
 */
// biome-ignore lint/suspicious/noExplicitAny: the class of msw has private members, so no type of ours fits it.
type MswHandlers = any[];

/**
 * Creates msw handlers that serve an app's ARES endpoint: the kit's real server, in front of a simulator.
 *
 * Only these handlers need msw (`npm install -D msw`). Under Node the first call loads it.
 *
 * Pass a simulator of your own to script faults and to read the book; without one there is one user with 698 credits.
 *
 * @example
 * const simulator = createAresSimulator({ users: { ada: 698 } })
 * const server = setupServer(...aresHandlers({ simulator, prices }))
 */
export function aresHandlers({
  endpoint = "*/api/ares",
  handler,
  ares = false,
  ...options
}: AresHandlersOptions = {}): MswHandlers {
  const { http, HttpResponse } = loadMsw();
  const test = createTestServer(options);
  const serve = handler ?? test.handler;
  const address = ares === true ? "https://oauth.joinares.com" : ares;

  return [
    ...(endpoint === null ? [] : [http.all(endpoint, ({ request }) => serve(request))]),
    ...(address === false
      ? []
      : [
          http.all(`${address}/*`, ({ request }) =>
            test.simulator.fetch(request).catch(() => HttpResponse.error()),
          ),
        ]),
  ];
}
