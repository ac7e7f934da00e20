import { headers, isAresError, keyMintedAt, type Prices } from "../../contract";
import { authenticated } from "../ares/account";
import type { Authenticate } from "../auth/auth";
import { type ChargeReceipt, receiptOf } from "../charge/charge";
import type { Charged, ChargeEngine } from "../charge/chargeEngine";
import { repeatsMs, unpaid } from "../charge/repeats";
import { problem, refusalOf } from "../http/answers";
import { checkOrigin, checkSite, readKey, readShownCredits } from "../http/origin";
import { requestMark, resourceOf } from "../http/readRequest";
import { inLedger } from "../ledger/inLedger";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import { settledAgo } from "../ledger/settledAgo";
import { askAgain, inProgress, lookOnly, refuse } from "../refusals";

/** What must be paid for. */
export interface PaidFor<U extends string = string> {
  usage: U;
  resource?: string;
}

export interface RequirePaidOptions<U extends string = string> extends PaidFor<U> {
  /** How many different requests one charge lets through. @default 1 */
  uses?: number;
  /** Instead of counting: every request within this time after the charge, in milliseconds. */
  windowMs?: number;
}

export interface WithChargeOptions<U extends string = string> {
  usage: U;
  /** What exactly is paid for, or how to tell it from a copy of the request, whose body may be read. */
  resource?: string | ((request: Request) => string | Promise<string>);
}

/** A request that was paid for. */
export interface Paid<U extends string = string> {
  charge: ChargeReceipt<U>;
  userId: string;
}

export interface PaidAccess<P extends Prices> {
  /**
   * Lets a request through only when its user has paid for exactly this; otherwise throws the problem as a `Response`.
   *
   * The charge is the `resource`'s, or the one whose key the request carries in `Ares-Charge`. It is used up by the
   * first request; a repeat of that request, known by its address and `Idempotency-Key`, is let through again: for ten minutes
   * after the charge, or for as long as the `resource` is paid. Its body is not compared.
   *
   * @example
   * try {
   *   await ares.requirePaid(request, { usage: "report", resource: id })
   * } catch (refusal) {
   *   if (refusal instanceof Response) return refusal
   *   throw refusal
   * }
   *
   * @throws {Response} `payment_required` with usage, credits and resource, and the `chargeId` of a charge that is used up; `not_signed_in`, `charge_in_progress`, `outcome_unknown`, …
   */
  requirePaid<U extends keyof P & string>(request: Request, options: RequirePaidOptions<U>): Promise<Paid<U>>;
  /**
   * Charges and does the work in one request. The work runs only after ARES confirmed; when it fails (throws, or
   * answers 5xx) the charge stays good, so the same key is served again without paying again. After it succeeded,
   * the same key is served again at the same address until ten minutes after the charge, for an answer that was lost.
   * The body is not compared: work that costs much is best kept under `charge.id` and answered from there.
   *
   * The request must carry an `Idempotency-Key` (`mintKey`), kept by the caller until the answer is known. It may say in `Ares-Credits`
   * which price its user was shown: a different one is `price_changed`, and nothing is charged.
   *
   * @example
   * export const POST = ares.withCharge({ usage: "export-pdf" }, async (request, { charge }) => Response.json(await render()))
   */
  withCharge<U extends keyof P & string>(
    options: WithChargeOptions<U>,
    handler: (request: Request, paid: Paid<U>) => Response | Promise<Response>,
  ): (request: Request) => Promise<Response>;
}

export interface PaidAccessParts {
  engine: ChargeEngine;
  ledger: Ledger;
  prices: Prices;
  authenticate: Authenticate;
  origins: readonly string[];
  countRequest: (kind: "charges" | "reads", userId: string) => void;
  onError: (error: unknown) => void;
  now: () => number;
  newId: () => string;
}

/** A charge, or an unconfirmed one that the app serves at its own risk. */
type Served = Charged & { granted?: boolean };

export function createPaidAccess<P extends Prices>(parts: PaidAccessParts): PaidAccess<P> {
  const { engine, ledger, prices, authenticate, origins, countRequest, onError, now, newId } = parts;

  async function admit<U extends string>(request: Request, options: RequirePaidOptions<U>): Promise<Paid<U>> {
    const { usage, resource, uses = 1, windowMs } = options;
    if (!(uses >= 1 && (windowMs ?? 0) >= 0)) throw new RangeError(`ARES: requirePaid() can't count ${uses} uses within ${windowMs} ms.`);
    checkSite(request, origins);
    const by = await requestMark(request, readKey(request) ?? newId());
    const { userId, mayCharge } = await authenticated(authenticate, request);
    countRequest("reads", userId);

    const row = await findCharge(request, userId, options);
    const wanted = { usage, resource: resource ?? null };
    if (!row || row.usage !== usage || row.resource !== wanted.resource) throw unpaid(wanted, prices);
    if (row.status === "sending" || row.status === "claimed") throw inProgress(row);
    const granted = row.status === "unknown" && (await engine.granted(row));
    if (row.status === "unknown" && !granted) throw refuse("outcome_unknown", askAgain(row, 5));
    if (row.status === "declined") throw unpaid(wanted, prices);

    const paid = { charge: receiptOf(usage, { row, replayed: true, granted }), userId };
    if (windowMs !== undefined) {
      if (settledAgo(row) >= windowMs) throw unpaid(row, prices);
      return paid;
    }
    if (uses === Number.POSITIVE_INFINITY) return paid;
    if (mayCharge === false) throw lookOnly();
    const redeemed = await inLedger(() => ledger.redeem(row.id, { by, uses, unconfirmed: granted }));
    const repeated = redeemed === "already_by_me" && (resource !== undefined || settledAgo(row) < repeatsMs(row, prices));
    if (redeemed !== "ok" && !repeated) throw unpaid(row, prices);
    return paid;
  }

  async function findCharge(request: Request, userId: string, { usage, resource }: PaidFor): Promise<ChargeRow | null> {
    if (resource !== undefined) return engine.find({ userId, usage, resource });
    const key = request.headers.get(headers.charge);
    if (key === null) return null;
    if (keyMintedAt(key) === null) throw refuse("idempotency_key_invalid");
    return engine.find({ userId, key });
  }

  /** An unconfirmed charge that the app serves at its own risk; any other failure stays what it is. */
  async function grantedOr(error: unknown): Promise<Served> {
    const { granted, chargeId } = isAresError(error) ? error.details : {};
    const row = granted && chargeId !== undefined ? await inLedger(() => ledger.find(chargeId)).catch(() => null) : null;
    if (!row) throw error;
    return { row, replayed: false, agoMs: settledAgo(row), granted: true };
  }

  /** Counts one use of a charge that stands. What it returns takes the use back, for work that failed. */
  async function use(served: Served, by: string): Promise<() => Promise<void>> {
    const { row, replayed, granted = false } = served;
    const over = served.agoMs >= repeatsMs(row, prices);
    if (row.resource !== null) {
      if (over && replayed) throw unpaid(row, prices);
      return async () => {};
    }
    // What was charged can't be called "charged nothing" because the ledger fails now: the same key is served when it is back.
    const redeem = (release: boolean) =>
      inLedger(() => ledger.redeem(row.id, { by, unconfirmed: granted, release }), "charge_in_progress", askAgain(row, 1));
    const redeemed = await redeem(false);
    // The charge has not been written down yet, or was ended otherwise: work for it would be counted nowhere.
    if (redeemed === "absent") throw inProgress(row);
    if (redeemed === "used" || (redeemed === "already_by_me" && over)) throw unpaid(row, prices);
    // The use that a failing repeat holds is the first one's, which was served.
    return async () => void (redeemed === "ok" && (await redeem(true).catch(() => {})));
  }

  return {
    async requirePaid(request, options) {
      try {
        return await admit(request, options);
      } catch (thrown) {
        throw problem(refusalOf(thrown, onError));
      }
    },

    withCharge: (options, handler) => async (request) => {
      const { usage } = options;
      let paid: Paid<typeof usage>;
      let release: () => Promise<void>;
      try {
        checkOrigin(request, origins);
        const key = readKey(request);
        if (key === null) throw refuse("invalid_request", {}, { message: NO_KEY });
        const shownCredits = readShownCredits(request);
        const auth = await authenticated(authenticate, request);
        const resource = await resourceOf(options.resource, request);
        // An upload may have taken its time until here.
        const arrivedAt = now();
        const served: Served = await engine.charge({ auth, arrivedAt, usage, resource, shownCredits, key }).catch(grantedOr);
        release = await use(served, await requestMark(request, key));
        paid = { charge: receiptOf(usage, served), userId: auth.userId };
      } catch (thrown) {
        return problem(refusalOf(thrown, onError));
      }
      try {
        const response = await handler(request, paid);
        if (response.status >= 500) await release();
        return response;
      } catch (error) {
        await release();
        throw error;
      }
    },
  };
}

const NO_KEY = "The Idempotency-Key is missing. Nothing was charged. Mint a new key for each intent.";
