import type { AresSimulator, AresSimulatorOptions } from "./AresSimulator";
import { type AresState, idOf } from "./aresRoutes";
import { answerControl } from "./controlRoutes";
import { exchange, type World } from "./exchange";
import { createFaultPlan } from "./faultPlan";
import { createGrants } from "./grants";
import { readKnobs } from "./knobs";
import { dropHeader, untilAborted } from "./network";
import { createRequestLog } from "./requestLog";
import { createTokens } from "./tokens";
import { createWallets } from "./wallets";

/**
 * Creates a pretend ARES: its endpoints, its consent page, its book of deductions, and every fault a network can add.
 *
 * The simulator deducts for each call that arrives, also for a repeated one: ARES documents no idempotency key. Every
 * undocumented fact is a knob. `/__sim/*` lets another process read the book and script faults.
 *
 * @example
 * const simulator = createAresSimulator({ users: { ada: 698 } })
 * simulator.fail("drop-after-charge", { on: "usage" })
 * const ares = createAresServer({ clientId, prices, auth, ledger, ares: { fetch: simulator.fetch } })
 * expect(simulator.charges).toHaveLength(1)
 */
export function createAresSimulator(options: AresSimulatorOptions = {}): AresSimulator {
  const {
    users = { user_1: 698 },
    clients,
    clientSecret,
    now = Date.now,
    seed = 1,
    ...settings
  } = options;

  function createWorld(): World {
    const tokens = createTokens(seed, now, () => state.knobs.tokenTtlMs);
    const state: AresState = {
      wallets: createWallets(users, now),
      tokens,
      grants: createGrants({
        seed,
        now,
        tokens,
        knobs: () => state.knobs,
        clients,
        clientSecret,
      }),
      knobs: readKnobs(settings),
      clients,
    };
    return { now, state, plan: createFaultPlan(), log: createRequestLog() };
  }

  let world = createWorld();

  const simulator: AresSimulator = {
    async fetch(input, init = {}) {
      // The signal is kept out of the Request: in jsdom it is of another realm, which Node's Request refuses.
      const { signal: own, ...rest } = init;
      const request = new Request(input, rest);
      const signal = own ?? request.signal;
      signal.throwIfAborted();
      if (new URL(request.url).pathname.startsWith("/__sim/"))
        return answerControl(request, simulator);
      return untilAborted(exchange(world, request, signal), signal);
    },
    serve: (request) =>
      simulator.fetch(request).catch((reason: unknown) => {
        if (!(reason instanceof TypeError) && !request.signal.aborted) throw reason;
        return new Response(null, { status: 500, headers: { [dropHeader]: "1" } });
      }),

    users: () =>
      world.state.wallets.names().map((user) => ({
        user,
        id: idOf(user),
        email: world.state.wallets.emailOf(user),
        credits: world.state.wallets.balanceOf(user),
      })),
    addUser: (user, start) => world.state.wallets.add(user, start),
    balanceOf: (user) => world.state.wallets.balanceOf(user),
    setBalance: (user, credits) => world.state.wallets.setBalance(user, credits),
    topUp: (user, credits) => world.state.wallets.topUp(user, credits),
    spendElsewhere: (user, credits) => world.state.wallets.spendElsewhere(user, credits),
    get charges() {
      return world.state.wallets.charges();
    },
    get requests() {
      return world.log.read();
    },

    tokenOf: (user) => world.state.tokens.current(known(user)),
    issueToken: (user) => world.state.tokens.issue(known(user)),
    refreshToken: (user) => world.state.tokens.refresh(known(user)),
    expireToken: (user, { refreshable = true } = {}) =>
      world.state.tokens.expire(known(user), refreshable),

    get knobs() {
      return world.state.knobs;
    },
    set(knobs) {
      world.state.knobs = readKnobs({ ...world.state.knobs, ...knobs });
    },
    fail: (fault, faultOptions = {}) => world.plan.script(fault, faultOptions),
    failRandomly: (faults) => world.plan.randomly(faults),
    heal: () => world.plan.heal(),
    get faults() {
      return world.plan.pending();
    },
    reset() {
      world = createWorld();
    },
  };

  /** Refuses the name of a user who does not exist, before anything is done for them. */
  function known(user: string): string {
    world.state.wallets.balanceOf(user);
    return user;
  }

  return simulator;
}
