import { type AresServerOptions, type Ledger, memoryLedger } from "ares-react/server";
import { AresError } from "../../contract";
import type { AresSimulator } from "../simulator/AresSimulator";
import { createAresSimulator } from "../simulator/createAresSimulator";
import { networkError } from "../simulator/network";
import type { SimulatedUser } from "../simulator/wallets";
import { type SimulatedAuthOptions, simulatedAuth } from "./simulatedAuth";

export interface PretendOptions extends Omit<SimulatedAuthOptions, "simulator"> {
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

/** What an app has not got yet, as options of `createAresServer`. */
export type Pretend = Required<
  Pick<AresServerOptions, "clientId" | "auth" | "ledger" | "ares" | "pretend">
>;

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
 */
export function pretend({
  users = { ada: 698 },
  name = "app",
  alsoInProduction = false,
  ...who
}: PretendOptions = {}): Pretend {
  const isAllowed = () => alsoInProduction || isDevelopment();
  const simulator = simulatorOf(name, users);
  const auth = simulatedAuth({ simulator, ...who });
  return {
    clientId: "pretend",
    auth: onlyWhere(isAllowed, auth),
    ledger: shut(isAllowed, memoryLedger({ name: `pretend/${name}` })),
    ares: {
      // A server with a sign-in of its own meets this refusal. The error proves that nothing was sent.
      fetch: async (input, init) =>
        isAllowed()
          ? simulator.fetch(input, init)
          : Promise.reject(networkError("ECONNREFUSED", WORDS)),
    },
    pretend: true,
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

function shut(
  isAllowed: () => boolean,
  { beginWithin, findAll, newest, ...ledger }: Ledger,
): Ledger {
  const here = <A extends unknown[], R>(verb: (...args: A) => Promise<R>) =>
    onlyWhere(isAllowed, verb);
  return {
    ...(beginWithin && { beginWithin: here(beginWithin) }),
    ...(findAll && { findAll: here(findAll) }),
    ...(newest && { newest: here(newest) }),
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

/** The pretend ARES of a name. A framework may load this module twice, and a hot reload loads the app's module again. */
function simulatorOf(name: string, users: Readonly<Record<string, SimulatedUser>>): AresSimulator {
  const shared: { [SIMULATORS]?: Map<string, AresSimulator>; crypto?: unknown } = globalThis;
  const simulators = shared[SIMULATORS] ?? new Map<string, AresSimulator>();
  shared[SIMULATORS] = simulators;
  const simulator = simulators.get(name) ?? createAresSimulator({ users });
  simulators.set(name, simulator);
  return simulator;
}

const SIMULATORS = Symbol.for("ares-react.pretend");
