import { type AresState, idOf } from "./aresRoutes";
import { answerControl } from "./controlRoutes";
import { exchange, type World } from "./exchange";
import { createFaultPlan, type FaultPlan, type RandomFaults } from "./faultPlan";
import type { FaultAnswer, FaultName, FaultOptions } from "./faults";
import { type KnobSettings, type Knobs, readKnobs } from "./knobs";
import { dropHeader, untilAborted } from "./network";
import { createRequestLog, type RequestLog } from "./requestLog";
import { createTokens } from "./tokens";
import { type BookedCharge, createWallets, type SimulatedUser } from "./wallets";

export interface AresSimulatorOptions extends KnobSettings {
  /** Name to starting credits. @default { user_1: 698 } */
  users?: Readonly<Record<string, SimulatedUser>>;
  /** The client ids ARES knows; left out: it knows every one. */
  clients?: readonly string[];
  /** The clock of the book and of the tokens. @default Date.now */
  now?: () => number;
  /** Makes the tokens; the same seed, the same tokens. @default 1 */
  seed?: number;
}

/** ARES in memory. Amounts are credits; users go by the names given in `users`. */
export interface AresSimulator {
  /** Takes the place of `fetch`. A connection that breaks rejects, as it does in Node. An abort never undoes a deduction. */
  fetch(this: void, input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * The same for an HTTP server in front of it. A `fetch` handler can't break a connection, so a broken one is an
   * answer with the header `x-sim-drop`, at which the server destroys the socket. To the caller every broken
   * connection is then a reset: `refused` and `dns-failure` are no longer provably unsent.
   *
   * @example
   * serve({ port, fetch: async (request, { incoming }) => { // @hono/node-server
   *   const response = await simulator.serve(request)
   *   if (response.headers.has(dropHeader)) incoming.socket.destroy()
   *   return response
   * } })
   */
  serve(this: void, request: Request): Promise<Response>;
  users(): { user: string; id: string; email: string; credits: number }[];
  addUser(user: string, start: SimulatedUser): void;
  balanceOf(user: string): number;
  setBalance(user: string, credits: number): void;
  topUp(user: string, credits: number): void;
  /** Another app takes credits from the same wallet. */
  spendElsewhere(user: string, credits: number): void;
  /** The book: every deduction, oldest first. */
  readonly charges: BookedCharge[];
  /** What was asked of ARES's two routes. Tokens and e-mails are never in it. */
  readonly requests: RequestLog;
  /** The user's newest access token, expired or not; the first one is made when it is asked for. */
  tokenOf(user: string): string;
  issueToken(user: string): string;
  /** Ends the user's tokens and makes a new one; `null` when the user must connect again. */
  refreshToken(user: string): string | null;
  /** Ends the user's tokens; with `refreshable: false` until `issueToken`, as when the user took the connection back. */
  expireToken(user: string, options?: { refreshable?: boolean }): void;
  readonly knobs: Knobs;
  set(knobs: KnobSettings): void;
  /** Scripts a fault for the next requests; several strike one after the other. */
  fail(fault: FaultName | FaultAnswer, options?: FaultOptions): void;
  failRandomly(faults: RandomFaults): void;
  /** Takes all faults back. */
  heal(): void;
  /** Everything that has been scripted and has not struck yet. */
  readonly faults: ReturnType<FaultPlan["pending"]>;
  /** Back to the start: users, balances, tokens, book, knobs. Requests in flight end in the old world. */
  reset(): void;
}

/**
 * Creates a pretend ARES: its two endpoints, its book of deductions, and every fault a network can add.
 *
 * It deducts for each call that reaches it, also for the same one twice: ARES documents no idempotency key. Whatever
 * is undocumented is a knob, and `/__sim/*` lets another process read the book and script faults.
 *
 * @example
 * const simulator = createAresSimulator({ users: { ada: 698 } })
 * simulator.fail("drop-after-charge", { on: "usage" })
 * const ares = createAresServer({ clientId, prices, auth, ledger, ares: { fetch: simulator.fetch } })
 * expect(simulator.charges).toHaveLength(1)
 */
export function createAresSimulator(options: AresSimulatorOptions = {}): AresSimulator {
  const { users = { user_1: 698 }, clients, now = Date.now, seed = 1, ...settings } = options;

  function createWorld(): World {
    const state: AresState = {
      wallets: createWallets(users, now),
      tokens: createTokens(seed, now, () => state.knobs.tokenTtlMs),
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
      if (new URL(request.url).pathname.startsWith("/__sim/")) return answerControl(request, simulator);
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
    expireToken: (user, { refreshable = true } = {}) => world.state.tokens.expire(known(user), refreshable),

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
