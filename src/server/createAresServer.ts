import {
  type AresSnapshot,
  ChargeRequest,
  type InputOf,
  isAresError,
  keyMintedAt,
  mintKey,
  type NeedsInput,
  type Prices,
  termsOf,
} from "../contract";
import { type AresAccount, readAccount } from "./ares/account";
import { createAresApi } from "./ares/aresApi";
import { reporting } from "./auth/auth";
import { authenticated } from "./auth/session";
import { createChargeEngine } from "./charge/chargeEngine";
import { createClaim } from "./charge/claimLimit";
import type { ChargeChange } from "./charge/events";
import { createPause } from "./charge/pause";
import { type ChargeReceipt, receiptOf } from "./charge/receipt";
import { createBegin } from "./charge/spendCap";
import { problem, refusalOf, sayingPretend } from "./http/answers";
import {
  afterPrerender,
  asRequest,
  isRequest,
  type RequestOrHeaders,
  refuseRender,
} from "./http/asRequest";
import { crossOrigin } from "./http/cors";
import { createHandler } from "./http/handler";
import { createKeylessPosts } from "./http/keylessPosts";
import { refuseOtherSites } from "./http/origin";
import { createRateLimit, limitOnAllServers } from "./http/rateLimit";
import { namedResource, readKey } from "./http/readRequest";
import { type Diagnosis, diagnose, report } from "./operate/doctor";
import { createReconciliation, type Reconciliation } from "./operate/reconcile";
import { createPaidAccess, type PaidAccess } from "./paid/paidAccess";
import { countReplay, repeatsOf } from "./paid/repeats";
import { guarded, printOnce } from "./printOnce";
import { refuse } from "./refusals";
import { type AresServerOptions, checkServerOptions } from "./serverOptions";
import { createSnapshots, type SnapshotOptions, type SnapshotTarget } from "./snapshot";
import { createWatch } from "./telemetry";

/** What `createAresServer` returns: the endpoint's routes, and what your own server code calls. */
export interface AresServer<P extends Prices = Prices> extends PaidAccess<P>, Reconciliation {
  GET(request: Request): Promise<Response>;
  POST(request: Request): Promise<Response>;
  OPTIONS(request: Request): Promise<Response>;
  /** Serves all three methods. `OPTIONS` answers pages of the origins in `cors`. */
  handler(request: Request): Promise<Response>;
  /**
   * Charges the signed-in user of a request from server code, at the server's price.
   *
   * The key is `key`, or else the request's `Idempotency-Key`, or else a new one. With a new key a repeated call is a
   * second charge, unless the call names a `resource`.
   *
   * A page may repeat its key. That key replays its charge `repeats` times (0 to 5, by default 5) within 24 hours, or without
   * end while its `resource` is paid. Afterwards the answer is `used_up`.
   * Keep expensive work under the receipt's `id`: a replay asks for the work again. A `key` of the app's own replays for as
   * long as the ledger keeps the row. Where `repeats` is named, it counts like the key of a page.
   *
   * A usage with a quoted price needs its `input`. `credits` is the price that the user was shown; a page's key tells it too.
   * Another price is `price_changed`, another signed-in user than the key's is `other_user`, and nothing is charged.
   *
   * A server action of Next has no request: pass `await headers()`, and as `key` what `useAresAction` gives. That key counts as
   * the browser's. Headers of no POST are refused, so that no render charges.
   *
   * @throws {AresError} any code of the error table; only `outcome_unknown` and `charge_in_progress` may have charged.
   */
  charge<U extends keyof P & string>(
    request: RequestOrHeaders,
    charge: {
      usage: U;
      resource?: string;
      key?: string;
      credits?: number;
      repeats?: number;
      input?: InputOf<P, U>;
    } & NeedsInput<P, U>,
  ): Promise<ChargeReceipt<U>>;
  /**
   * Creates what the ledger and `auth` lack, such as tables. May run at every start. `npx ares-react setup <module>` calls it.
   * In development a ledger sets itself up.
   *
   * @throws {AresError} `ledger_unavailable` or `auth_unavailable` when one of them can't be set up.
   */
  setup(): Promise<void>;
  /** Checks ledger, prices, origins, clock and ARES. `npx ares-react doctor <module>` prints it. */
  doctor(): Promise<Diagnosis & { report: string }>;
  /** Reads the signed-in user's account at ARES. @throws {AresError} `not_signed_in`, `not_connected`, `reconnect`, `ares_unreachable`, … */
  getUser(request: RequestOrHeaders): Promise<AresAccount>;
  /**
   * Reads what the first paint of a page shows, as plain JSON for `<AresProvider initial={snapshot}>`: owner, balance,
   * prices, and the state of the named charges. Never charges, and writes nothing.
   *
   * A user who is signed out or has no ARES is told in `session` and `connection`, and throws nothing. When
   * ARES takes longer than `timeoutMs`, the snapshot holds the ledger's states without a balance.
   * A snapshot is of one user: never put one into a cache.
   *
   * @example
   * const snapshot = await ares.snapshot(request, { charges: [{ usage: "report", resource: id }] })
   *
   * @throws {AresError} `invalid_request` without a resource, or for more than 100 charges.
   */
  snapshot<U extends keyof P & string>(
    request: RequestOrHeaders,
    options?: SnapshotOptions<SnapshotTarget<P, U>>,
  ): Promise<AresSnapshot>;
  /**
   * The answer for an error that `charge`, `getUser` or `requirePaid` threw, in a handler of the app's own. Throws any other
   * error again, such as a redirect of the framework.
   *
   * @example
   * try {
   *   return Response.json(await ares.charge(request, { usage: "export-pdf" }))
   * } catch (error) {
   *   return ares.toResponse(error)
   * }
   */
  toResponse(error: unknown): Response;
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
export function createAresServer<const P extends Prices>(
  options: AresServerOptions<P>,
): AresServer<P> {
  const {
    clientId,
    prices,
    origins = [],
    cors = [],
    now = Date.now,
    newId = () => crypto.randomUUID(),
  } = options;
  checkServerOptions(options);
  const onError = guarded(options.onError ?? printOnce());
  const watch = createWatch(options.telemetry, onError);
  const ledger = watch.ledger(options.ledger);
  const authenticate = reporting(options.auth, onError, watch.authenticate);
  const tellEvent = guarded(options.onEvent);
  const { rateLimit = {} } = options;
  const countRequest = createRateLimit(rateLimit, now);
  const shared = {
    clientId,
    prices,
    ledger,
    api: createAresApi(options.ares, watch.api),
    watch,
    pretend: options.pretend,
    errorPages: options.errorPages,
    sendMs: options.ares?.timeoutMs ?? 10_000,
    authenticate,
    origins,
    cors,
    countRequest,
    onError,
    now,
    newId,
    waitUntil: options.waitUntil,
    emit(change: ChargeChange) {
      const event = { ...change, at: now() };
      watch.event(event);
      tellEvent(event);
    },
  };
  const engine = createChargeEngine({
    ...shared,
    readBalanceBefore: options.evidence === "balance",
    isPaused: createPause(options.paused, onError),
    claim: createClaim(limitOnAllServers(rateLimit), ledger),
    begin: createBegin(options.spendCap, ledger),
  });
  const serve = createHandler({
    ...shared,
    engine,
    keylessPosts: createKeylessPosts(engine, now, countRequest),
  });
  const snapshot = createSnapshots({ ...shared, engine });
  const answer = crossOrigin(shared)(options.pretend ? sayingPretend(serve) : serve);
  const handler = (request: Request) => watch.request(request, () => answer(request));
  return {
    ...createPaidAccess<P>({ ...shared, engine }),
    ...createReconciliation({ ...shared, forget: options.auth.forget }),
    handler,
    GET: handler,
    POST: handler,
    OPTIONS: handler,
    charge: (from, options) =>
      watch.charge(
        from,
        async () => {
          refuseRender(from, options.key);
          const repeats = repeatsOf({ repeats: options.repeats ?? 5 });
          const request = asRequest(from);
          const arrivedAt = now();
          const { usage, resource = null, input, credits: shownCredits } = options;
          const key = options.key ?? readKey(request) ?? mintKey(arrivedAt);
          refuseOtherSites(request, shared);
          checkCharge({ ...options, key });
          const isCounted = isPagesKey(from, options) || options.repeats !== undefined;
          const auth = await authenticated(authenticate, request);
          const charged = await engine.charge({
            auth,
            request,
            arrivedAt,
            usage,
            resource,
            input,
            shownCredits,
            key,
            repeats: isCounted && resource === null ? repeats : undefined,
          });
          if (isCounted) await countReplay(charged, repeats, ledger, prices);
          return receiptOf(usage, charged);
        },
        (receipt) => receipt,
      ),
    async setup() {
      await ledger.setup?.().catch((cause: unknown) => {
        throw refuse("ledger_unavailable", {}, { cause });
      });
      await options.auth.setup?.().catch((cause: unknown) => {
        throw refuse("auth_unavailable", {}, { cause });
      });
    },
    async doctor() {
      const diagnosis = await diagnose({
        ...shared,
        hearsEvents: options.onEvent !== undefined,
        readsBalance: options.evidence === "balance",
      });
      return { ...diagnosis, report: report(diagnosis) };
    },
    snapshot: (from, options) => watch.request(from, () => snapshot(from, options)),
    getUser: (from) =>
      watch.request(from, async () => {
        const auth = await authenticated(authenticate, await afterPrerender(from));
        countRequest("reads", auth.userId);
        return readAccount(shared.api, auth);
      }),
    toResponse(error) {
      if (!isAresError(error)) throw error;
      return problem(
        refusalOf(error, () => {}),
        options.errorPages,
      );
    },
  };
}

/** A page can send its key as often as it likes: the key of its request, of its action, and one with terms. */
function isPagesKey(from: RequestOrHeaders, { key }: { key?: string }): boolean {
  return key === undefined || !isRequest(from) || termsOf(key).owner !== undefined;
}

function checkCharge(charge: { key: string; resource?: string }): void {
  if (keyMintedAt(charge.key) === null) throw refuse("idempotency_key_invalid");
  if (charge.resource !== undefined) namedResource(charge.resource);
  if (!ChargeRequest.safeParse(charge).success) throw refuse("invalid_request");
}
