import { ChargeRequest, definePrices, keyMintedAt, mintKey, need, type Prices } from "../contract";
import { type AresAccount, readAccount } from "./ares/account";
import { type AresApiOptions, createAresApi } from "./ares/aresApi";
import type { Authenticate } from "./auth/auth";
import { reporting } from "./auth/auth";
import { authenticated } from "./auth/session";
import { type ChargeReceipt, receiptOf } from "./charge/charge";
import { createChargeEngine } from "./charge/chargeEngine";
import type { AresEvent } from "./charge/events";
import { repeatsMs } from "./charge/repeats";
import { createSpendCap, type SpendCap } from "./charge/spendCap";
import { createHandler } from "./http/handler";
import { createKeylessPosts } from "./http/keylessPosts";
import { refuseOtherSites } from "./http/origin";
import { createRateLimit, type RateLimit } from "./http/rateLimit";
import { readKey } from "./http/readRequest";
import type { Ledger } from "./ledger/ledger";
import { type Diagnosis, diagnose, report } from "./operate/doctor";
import { createReconciliation, type Reconciliation } from "./operate/reconcile";
import { createPaidAccess, type PaidAccess } from "./paid/paidAccess";
import { unpaid } from "./paid/unpaid";
import { refuse } from "./refusals";

export interface AresServerOptions<P extends Prices = Prices> {
  /** This app's client id at ARES. */
  clientId: string;
  /** What the app charges for; see `definePrices`. */
  prices: P;
  /** Says who sent a request; see `clerkAuth`. */
  auth: Authenticate;
  /**
   * The book of charges: each charge stands in it before ARES is asked. One ledger belongs to one client id.
   * Give each client id a table or prefix of its own. There is no default, because a restart must not lose the ledger:
   * pass `sqlLedger`, `redisLedger`, or `memoryLedger` where the app can afford to lose charges.
   */
  ledger: Ledger;
  /** How to reach ARES. */
  ares?: AresApiOptions;
  /** Origins allowed to POST, e.g. `["https://app.example"]`. Needed behind a proxy that changes the host. @default the request's own origin */
  origins?: readonly string[];
  /** Requests per user, or `false`. */
  rateLimit?: RateLimit | false;
  /** The most credits one user may spend, e.g. `{ perMinute: 20, perDay: 200 }`. */
  spendCap?: SpendCap;
  /**
   * `"balance"` reads the balance before each charge: one more call to ARES.
   * `reconcile` needs that balance to judge an unconfirmed charge.
   */
  evidence?: "balance" | "none";
  /** Receives every change of a charge, for logs and metrics. An event carries no secrets. An error of the listener is ignored. */
  onEvent?: (event: AresEvent) => void;
  /**
   * Receives the errors of `auth` and the ledger, and bugs. The user sees only `auth_unavailable`, `ledger_unavailable` or `internal`.
   * The error is the app's own and may hold secrets: log it with care.
   * @default in development the error's name and message are printed, otherwise nothing
   */
  onError?: (error: unknown) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** A random id for one attempt at a charge. */
  newId?: () => string;
}

export interface AresServer<P extends Prices = Prices> extends PaidAccess<P>, Reconciliation {
  GET(request: Request): Promise<Response>;
  POST(request: Request): Promise<Response>;
  /** Serves both methods. */
  handler(request: Request): Promise<Response>;
  /**
   * Charges the signed-in user of a request from server code, at the server's price.
   *
   * The key is `key`, or else the request's `Idempotency-Key`, or else a new one. With a new key a repeated call is a
   * second charge, unless the call names a `resource`.
   *
   * The browser may repeat the request's key. That key replays its charge for ten minutes, or while its `resource` is paid.
   * Afterwards the answer is `payment_required`, with the `chargeId`. Keep expensive work under the receipt's `id`:
   * a replay may ask for the work again. A `key` of the app's own replays for as long as the ledger keeps the row.
   *
   * `credits` is the price that the user was shown. Another price is `price_changed`, and nothing is charged.
   *
   * @throws {AresError} any code of the error table; only `outcome_unknown` and `charge_in_progress` may have charged.
   */
  charge<U extends keyof P & string>(
    request: Request,
    charge: { usage: U; resource?: string; key?: string; credits?: number },
  ): Promise<ChargeReceipt<U>>;
  /** Checks ledger, prices, origins, clock and ARES. `npx ares-react doctor <module>` prints it. */
  doctor(): Promise<Diagnosis & { report: string }>;
  /** Reads the signed-in user's account at ARES. @throws {AresError} `not_signed_in`, `not_connected`, `reconnect`, `ares_unreachable`, … */
  getUser(request: Request): Promise<AresAccount>;
}

/**
 * Builds an app's ARES endpoint: `Request` in, `Response` out, on any runtime with web standards.
 *
 * The price and the client id come from here, never from the browser.
 *
 * @example
 * export const ares = createAresServer({ clientId: process.env.ARES_CLIENT_ID ?? "", prices, auth, ledger })
 * export const { GET, POST } = ares // app/api/ares/route.ts
 *
 * @throws {AresError} `invalid_request` at start-up, when an option can't work.
 */
export function createAresServer<const P extends Prices>(options: AresServerOptions<P>): AresServer<P> {
  const { clientId, prices, ledger, origins = [], now = Date.now, newId = () => crypto.randomUUID() } = options;
  need(
    ledger,
    "createAresServer() got no ledger. A charge that a restart forgets could be taken twice. Pass sqlLedger(), redisLedger(), or memoryLedger() to accept that.",
  );
  for (const name of ["clientId", "auth", "prices"] as const) need(options[name], `createAresServer() got no ${name}.`);
  for (const origin of origins) {
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin;
    need(isOrigin, `"${origin}" in origins is no origin. Write scheme and host, e.g. "https://app.example".`);
  }
  definePrices(prices);
  const onError = guarded(options.onError ?? printInDevelopment);
  const authenticate = reporting(options.auth, onError);
  const tellEvent = guarded(options.onEvent);
  const countRequest = createRateLimit(options.rateLimit ?? {}, now);
  const shared = {
    clientId,
    prices,
    ledger,
    api: createAresApi(options.ares),
    sendMs: options.ares?.timeoutMs ?? 10_000,
    authenticate,
    origins,
    countRequest,
    onError,
    now,
    newId,
    emit: (event: Omit<AresEvent, "at">) => tellEvent({ ...event, at: now() }),
  };
  const engine = createChargeEngine({
    ...shared,
    readBalanceBefore: options.evidence === "balance",
    checkSpending: createSpendCap(options.spendCap, ledger),
  });
  const handler = createHandler({ ...shared, engine, keylessPosts: createKeylessPosts(engine, now) });

  return {
    ...createPaidAccess<P>({ ...shared, engine }),
    ...createReconciliation(shared),
    handler,
    GET: handler,
    POST: handler,
    async charge(request, options) {
      const arrivedAt = now();
      const { usage, resource = null, key = readKey(request) ?? mintKey(arrivedAt), credits: shownCredits } = options;
      if (keyMintedAt(key) === null) throw refuse("idempotency_key_invalid");
      refuseOtherSites(request, origins);
      if (!ChargeRequest.safeParse(options).success) throw refuse("invalid_request");
      const auth = await authenticated(authenticate, request);
      const charged = await engine.charge({ auth, arrivedAt, usage, resource, shownCredits, key });
      if (options.key === undefined && !charged.resolved && charged.agoMs >= repeatsMs(charged.row, prices))
        throw unpaid(charged.row, prices);
      return receiptOf(usage, charged);
    },
    async doctor() {
      const diagnosis = await diagnose(shared);
      return { ...diagnosis, report: report(diagnosis) };
    },
    async getUser(request) {
      const auth = await authenticated(authenticate, request);
      countRequest("reads", auth.userId);
      return readAccount(shared.api, auth);
    },
  };
}

/** Keeps a broken listener from changing an answer about money, and from ending the process. */
function guarded<T>(listener: ((value: T) => unknown) | undefined): (value: T) => void {
  return (value) => void (async () => listener?.(value))().catch(() => {});
}

function printInDevelopment(error: unknown): void {
  const { process } = globalThis satisfies { process?: { env?: Record<string, string | undefined> } };
  if (process?.env?.NODE_ENV === "development") console.error("ARES:", error instanceof Error ? String(error) : typeof error);
}
