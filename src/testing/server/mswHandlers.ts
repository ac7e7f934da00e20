import type { HttpResponse, http } from "msw";
import { createTestServer, type TestServerOptions } from "./createTestServer";

/** What the handlers are made with. */
export interface Msw {
  http: Pick<typeof http, "all">;
  HttpResponse: Pick<typeof HttpResponse, "error">;
}

/** The options of `aresHandlers`. */
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
export type MswHandlers = any[];

/** The handlers, made with the app's msw. */
export function mswHandlers(
  { http, HttpResponse }: Msw,
  { endpoint = "*/api/ares", handler, ares = false, ...options }: AresHandlersOptions,
): MswHandlers {
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
