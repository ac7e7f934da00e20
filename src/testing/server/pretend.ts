import type { AresConnection } from "ares-react/connect";
import { type AresServerOptions, type Ledger, memoryLedger } from "ares-react/server";
import { AresError } from "../../contract";
import type { AresSimulator } from "../simulator/AresSimulator";
import { createAresSimulator } from "../simulator/createAresSimulator";
import { networkError } from "../simulator/network";
import type { SimulatedUser } from "../simulator/wallets";
import { type PretendConnect, pretendConnection } from "./pretendConnection";
import { type SimulatedAuthOptions, simulatedAuth } from "./simulatedAuth";

interface PretendBasics {
  /** Name to starting credits. The first user is signed in. Only the first call of a `name` sets the users. @default { ada: 698 } */
  users?: Readonly<Record<string, SimulatedUser>>;
  /** Servers of one process with the same name share one pretend ARES and one ledger. @default "app" */
  name?: string;
  /**
   * Pretends wherever it runs, for a preview deployment that anybody may try: everybody is signed in, and nothing is paid. The
   * page says so on each screen, and `doctor` calls it an error. Never on an app that has something to sell.
   * @default false
   */
  alsoInProduction?: boolean;
}

/** The options of `pretend` with a user who is connected from the start. */
export interface PretendOptions extends PretendBasics, Omit<SimulatedAuthOptions, "simulator"> {}

/** The user connects ARES as in the live app: on a pretend consent page, and back. */
export interface PretendConnectOptions extends PretendBasics, PretendConnect {}

/** What an app has not got yet, as options of `createAresServer`. */
export type Pretend = Required<
  Pick<AresServerOptions, "clientId" | "auth" | "ledger" | "ares" | "pretend">
>;

/** The same, and the route on which users connect ARES. */
export interface PretendConnected extends Pretend {
  connection: AresConnection;
}

/**
 * Stands in for ARES, the sign-in and the ledger of an app that has no keys yet. Every request comes from a signed-in user
 * with 698 credits. Each answer says `Ares-Pretend: 1`, and the page shows a banner.
 *
 * Works only while `NODE_ENV` is `development` or `test`. Elsewhere the call still succeeds, so that a build passes, but every request
 * is refused with `not_allowed`, and a gate offers no button. `alsoInProduction` opens it for a preview deployment. A restart of the
 * server forgets everything.
 *
 * @example
 * import { createAresServer } from "ares-react/server"
 * import { pretend } from "ares-react/testing"
 * export const ares = createAresServer({ ...pretend(), prices })
 *
 * @example
 * // With `connect` your user presses "Connect ARES", and allows it on a page of the pretend ARES.
 * import { aresConnect, memoryTokens } from "ares-react/connect"
 * export const { connection, ...pretended } = pretend({ connect: { aresConnect, memoryTokens } })
 * export const ares = createAresServer({ ...pretended, prices })
 * export const { GET, POST } = connection // app/api/ares/connect/[[...step]]/route.ts
 */
export function pretend(options: PretendConnectOptions): PretendConnected;
export function pretend(options?: PretendOptions): Pretend;
export function pretend(
  options: PretendOptions | PretendConnectOptions = {},
): Pretend | PretendConnected {
  const { users = { ada: 698 }, name = "app", alsoInProduction = false } = options;
  const isAllowed = () => alsoInProduction || isDevelopment();
  const { simulator, secret } = pretendAres(name, users);
  const fetch = reachable(isAllowed, simulator.fetch);
  const rest = {
    clientId: "pretend",
    ledger: shut(isAllowed, memoryLedger({ name: `pretend/${name}` })),
    ares: { fetch },
    pretend: true,
  };
  if (!("connect" in options)) {
    const auth = simulatedAuth({ simulator, ...options });
    return { ...rest, auth: onlyWhere(isAllowed, auth) };
  }
  const open = pretendConnection({ ...options, name, secret, fetch });
  const connection = shutConnection(isAllowed, open);
  return { ...rest, auth: connection.auth, connection };
}

/** A server with a sign-in of its own meets this refusal. The error proves that nothing was sent. */
function reachable(
  isAllowed: () => boolean,
  fetch: AresSimulator["fetch"],
): (input: string, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    if (isAllowed()) return fetch(input, init);
    throw networkError("ECONNREFUSED", WORDS);
  };
}

const WORDS =
  "pretend() answers only where NODE_ENV is development or test. Nothing was charged. Pass the app's own clientId, auth and ledger to createAresServer in its place. A preview deployment that sells nothing may say pretend({ alsoInProduction: true }).";

/** A bundle holds the mode in place of the name. A runtime without `process` is no place to pretend. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV === "development" || process.env.NODE_ENV === "test";
  } catch {
    return false;
  }
}

function onlyWhere<A extends unknown[], R>(
  isAllowed: () => boolean,
  work: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    if (isAllowed()) return work(...args);
    // The answer has the words, and by its cause the server's log has them too.
    throw new AresError("not_allowed", WORDS, {
      cause: new AresError("not_allowed", `ARES: ${WORDS}`),
    });
  };
}

function shutConnection(isAllowed: () => boolean, open: AresConnection): AresConnection {
  const handler = async (request: Request) =>
    isAllowed()
      ? open.handler(request)
      : Response.json({ code: "not_allowed", message: WORDS }, { status: 403 });
  return {
    ...open,
    auth: Object.assign(
      onlyWhere(isAllowed, async (request: Request) => open.auth(request)),
      {
        forUser: open.auth.forUser,
        setup: open.setup,
        forget: open.forget,
      },
    ),
    handler,
    GET: handler,
    POST: handler,
    OPTIONS: handler,
  };
}

function shut(
  isAllowed: () => boolean,
  { beginWithin, findAll, newest, erase, ...ledger }: Ledger,
): Ledger {
  const here = <A extends unknown[], R>(verb: (...args: A) => Promise<R>) =>
    onlyWhere(isAllowed, verb);
  return {
    ...(beginWithin && { beginWithin: here(beginWithin) }),
    ...(findAll && { findAll: here(findAll) }),
    ...(newest && { newest: here(newest) }),
    ...(erase && { erase: here(erase) }),
    claim: here(ledger.claim),
    begin: here(ledger.begin),
    settle: here(ledger.settle),
    find: here(ledger.find),
    redeem: here(ledger.redeem),
    list: here(ledger.list),
    resolve: here(ledger.resolve),
    health: here(ledger.health),
  };
}

/** A pretend ARES, and what encrypts the tokens that it gave. */
interface PretendAres {
  simulator: AresSimulator;
  secret: string;
}

/** The pretend ARES of a name. A framework may load this module twice, and a hot reload loads the app's module again. */
function pretendAres(name: string, users: Readonly<Record<string, SimulatedUser>>): PretendAres {
  const shared: { [PRETEND]?: Map<string, PretendAres>; crypto?: unknown } = globalThis;
  const all = shared[PRETEND] ?? new Map<string, PretendAres>();
  shared[PRETEND] = all;
  const found = all.get(name) ?? { simulator: createAresSimulator({ users }), secret: newSecret() };
  all.set(name, found);
  return found;
}

/** 244 random bits, as base64url. */
const newSecret = () => crypto.randomUUID() + crypto.randomUUID();

const PRETEND = Symbol.for("ares-react.pretend");
