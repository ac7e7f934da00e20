import {
  type AresServer,
  type AresServerOptions,
  createAresServer,
  memoryLedger,
} from "ares-react/server";
import { definePrices, isAresError, type Prices } from "../../contract";
import type { AresSimulator } from "../simulator/AresSimulator";
import { createAresSimulator } from "../simulator/createAresSimulator";
import type { FaultName } from "../simulator/faults";
import { untilAborted } from "../simulator/network";
import { firstUser, type SimulatedAuthOptions, simulatedAuth } from "./simulatedAuth";

/** A charge of the signed-in user that is there before a test begins. Such a charge moves no credits and stands in no book. */
export interface BegunCharge {
  usage: string;
  resource?: string;
  /** The input of a usage with a quoted price. */
  input?: unknown;
  /** @default "charged" */
  status?: "charged" | "unknown";
}

/** The options of `createTestServer`. */
export interface TestServerOptions extends Omit<SimulatedAuthOptions, "simulator"> {
  /** @default a new one, with one user of 698 credits */
  simulator?: AresSimulator;
  /** @default { "export-pdf": 1, image: 4, report: 3 } */
  prices?: Prices;
  /** What the user has paid, or what nobody knows, before the test begins: `[{ usage: "report", resource: "r-1" }]`. */
  charges?: readonly BegunCharge[];
  /** Strikes the first charge: `"insufficient"`, `"drop-after-charge"`. For more, script the `simulator`. */
  fault?: FaultName;
  /** How long the server waits for ARES, in milliseconds. @default 10000 */
  timeoutMs?: number;
  /** More options of `createAresServer`. Without `rateLimit` there is no limit. */
  server?: Partial<Omit<AresServerOptions, "prices" | "ares">>;
}

/** What `createTestServer` returns. */
export interface TestServer {
  simulator: AresSimulator;
  server: AresServer<Prices>;
  /** Ends when `charges` stand in the ledger. The handler waits for that by itself. */
  ready: Promise<void>;
  /** The server's own handler, behind a sign-in: a request without credentials gets some. */
  handler(this: void, request: Request): Promise<Response>;
  /** Replaces a browser's `fetch`: the handler answers every request. An abort never undoes a deduction. */
  fetch(this: void, input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/** What a test charges for when it names no prices. */
export const testPrices = definePrices({ "export-pdf": 1, image: 4, report: 3 });

/**
 * Builds the kit's real server in front of a simulator, in one process and with nothing mocked.
 *
 * @example
 * const { server, ready } = createTestServer({ charges: [{ usage: "report", resource: "r-1" }] });
 * await ready;
 * await server.requirePaid(new Request("https://app.example/"), { usage: "report", resource: "r-1" });
 */
export function createTestServer(options: TestServerOptions = {}): TestServer {
  const {
    simulator = createAresSimulator(),
    prices = testPrices,
    charges = [],
    fault,
    timeoutMs,
    server: rest = {},
    user,
    account,
  } = options;
  const ledger = rest.ledger ?? memoryLedger(rest.now ? { now: rest.now } : {});
  const server = createAresServer<Prices>({
    clientId: "test-app",
    auth: simulatedAuth({
      simulator,
      ...(user === undefined ? {} : { user }),
      ...(account === undefined ? {} : { account }),
    }),
    rateLimit: false,
    ...rest,
    ledger,
    prices,
    ares: { fetch: simulator.fetch, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
  });
  if (fault !== undefined) simulator.fail(fault);
  const ready = begin(charges, { ...rest, ledger, prices }, () =>
    typeof user === "string" ? user : firstUser(simulator),
  );
  async function handler(request: Request): Promise<Response> {
    await ready;
    return server.handler(withCredentials(request));
  }
  return { simulator, server, ready, handler, fetch: fetchFrom(handler) };
}

type BeginOptions = Partial<AresServerOptions> &
  Pick<AresServerOptions<Prices>, "ledger" | "prices">;

/** Writes charges into the ledger by a server of their own. Its ARES keeps no book and moves no credits. */
async function begin(
  charges: readonly BegunCharge[],
  { clientId = "test-app", ledger, prices, now }: BeginOptions,
  user: () => string,
) {
  for (const { status = "charged", resource, ...charge } of charges) {
    const reply = () =>
      status === "charged"
        ? Response.json({ message: "Success", usage: {} })
        : new Response(null, { status: 500 });
    const server = createAresServer<Prices>({
      clientId,
      ledger,
      prices,
      auth: async () => ({ userId: user(), getAccessToken: async () => "begun" }),
      ares: { fetch: async () => reply() },
      ...(now && { now }),
    });
    const request = new Request("https://app.example", { method: "POST" });
    await server
      .charge(request, { ...charge, ...(resource === undefined ? {} : { resource }) })
      .catch((error: unknown) => {
        if (!isAresError(error) || error.code !== "outcome_unknown") throw error;
      });
  }
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
