import { type AresServer, type AresServerOptions, createAresServer, memoryLedger } from "ares-react/server";
import { definePrices, type Prices } from "../../contract";
import type { AresSimulator } from "../simulator/AresSimulator";
import { createAresSimulator } from "../simulator/createAresSimulator";
import { untilAborted } from "../simulator/network";
import { type SimulatedAuthOptions, simulatedAuth } from "./simulatedAuth";

export interface TestServerOptions extends Omit<SimulatedAuthOptions, "simulator"> {
  /** @default a new one, with one user of 698 credits */
  simulator?: AresSimulator;
  /** @default { "export-pdf": 1, image: 4, report: 3 } */
  prices?: Prices;
  /** How long the server waits for ARES, in milliseconds. @default 10000 */
  timeoutMs?: number;
  /** More options of `createAresServer`. Without `rateLimit` there is no limit. */
  server?: Partial<Omit<AresServerOptions, "prices" | "ares">>;
}

export interface TestServer {
  simulator: AresSimulator;
  server: AresServer<Prices>;
  /** The server's own handler, behind a sign-in: a request without credentials gets some. */
  handler(this: void, request: Request): Promise<Response>;
  /** Replaces a browser's `fetch`: the handler answers every request. An abort never undoes a deduction. */
  fetch(this: void, input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/** What a test charges for when it names no prices. */
export const testPrices = definePrices({ "export-pdf": 1, image: 4, report: 3 });

/** Builds the kit's real server in front of a simulator, in one process and with nothing mocked. */
export function createTestServer(options: TestServerOptions = {}): TestServer {
  const { simulator = createAresSimulator(), prices = testPrices, timeoutMs, server: rest = {}, user, account } = options;
  const server = createAresServer<Prices>({
    clientId: "test-app",
    auth: simulatedAuth({ simulator, ...(user === undefined ? {} : { user }), ...(account === undefined ? {} : { account }) }),
    ledger: memoryLedger(rest.now ? { now: rest.now } : {}),
    rateLimit: false,
    ...rest,
    prices,
    ares: { fetch: simulator.fetch, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
  });
  const handler = (request: Request) => server.handler(withCredentials(request));
  return { simulator, server, handler, fetch: fetchFrom(handler) };
}

/** Turns a handler into a `fetch` without a network, which may be given relative addresses as in a page. */
export function fetchFrom(handler: (request: Request) => Promise<Response>): TestServer["fetch"] {
  return async (input, { signal: own, ...init } = {}) => {
    const page = globalThis.location?.href;
    // A page such as about:blank is no base of a relative address.
    const base = page?.startsWith("http") ? page : "https://app.example";
    const request = new Request(input instanceof Request ? input : new URL(input, base), init);
    const signal = own ?? request.signal;
    signal.throwIfAborted();
    return untilAborted(handler(request), signal);
  };
}

/**
 * Adds a bearer token to a request without credentials. An intercepted request carries neither Origin nor
 * Sec-Fetch-Site, because a browser adds them later. Headers that a test sets itself stay.
 */
function withCredentials(request: Request): Request {
  if (request.headers.has("Authorization")) return request;
  const headers = new Headers(request.headers);
  headers.set("Authorization", "Bearer simulated-session");
  return new Request(request, { headers });
}
