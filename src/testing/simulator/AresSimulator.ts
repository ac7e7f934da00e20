import type { FaultPlan, RandomFaults } from "./faultPlan";
import type { FaultAnswer, FaultName, FaultOptions } from "./faults";
import type { KnobSettings, Knobs } from "./knobs";
import type { RequestLog } from "./requestLog";
import type { BookedCharge, SimulatedUser } from "./wallets";

/** The options of `createAresSimulator`: its users, its clock, and ARES's open questions. */
export interface AresSimulatorOptions extends KnobSettings {
  /** Name to starting credits. @default { user_1: 698 } */
  users?: Readonly<Record<string, SimulatedUser>>;
  /** The client ids that ARES knows. @default every client id */
  clients?: readonly string[];
  /** What the token endpoint takes for the client's secret. @default any text */
  clientSecret?: string;
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
   * The same for an HTTP server in front of the simulator. A `fetch` handler can't break a connection, so it answers with
   * the header `x-sim-drop`, and the server destroys the socket. The caller then sees every broken connection as a reset:
   * `refused` and `dns-failure` are no longer provably unsent.
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
  /** What was asked of ARES's routes. Tokens and e-mails are never in it. */
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
  /** Scripts a fault for the next charge, or for the route in `on`. Several faults strike one after the other. */
  fail(fault: FaultName | FaultAnswer, options?: FaultOptions): void;
  failRandomly(faults: RandomFaults): void;
  /** Takes all faults back. */
  heal(): void;
  /** Everything that has been scripted and has not struck yet. */
  readonly faults: ReturnType<FaultPlan["pending"]>;
  /** Back to the start: users, balances, tokens, book, knobs. Requests in flight end in the old world. */
  reset(): void;
}
