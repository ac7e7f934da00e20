import { type AresError, type AresErrorDetails, headers, isAresError, keyMintedAt, type Prices } from "../contract";
import { authenticated } from "./account";
import { asServerError, problem } from "./answers";
import type { Authenticate } from "./auth";
import type { Charged, ChargeEngine } from "./chargeEngine";
import { checkOrigin, checkSite, readKey } from "./guards";
import { inLedger } from "./inLedger";
import type { ChargeRow, Ledger } from "./ledger";
import { listedPrice } from "./listedPrice";
import { type ChargeReceipt, receiptOf } from "./receiptOf";
import { inProgress, refuse } from "./refuse";

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
   * first request; a repeat of that request, known by its `Idempotency-Key`, is let through again: for ten minutes, or
   * for as long as the `resource` is paid.
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
   * the same key is served again for ten minutes, for an answer that was lost.
   *
   * The request must carry an `Idempotency-Key` (`mintKey`), kept by the caller until the answer is known.
   *
   * @example
   * export const POST = ares.withCharge({ usage: "export-pdf" }, async (request, { charge }) => Response.json(await render()))
   */
  withCharge<U extends keyof P & string>(
    options: { usage: U; resource?: string | ((request: Request) => string | Promise<string>) },
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
  newId: () => string;
}

/** Who a use belongs to: the request's own idempotency key, in a form every ledger stores. */
const USE = /^[\w.:~-]{1,128}$/;

/** How long after a charge its own request may be repeated, for an answer that was lost; else one charge would be work for ever. */
const REPEAT_MS = 10 * 60 * 1000;

/** How long ago a row came to its end; for a sender that was lost, when it was given up. */
function settledAgo({ settledAgoMs, leaseLeftMs }: ChargeRow): number {
  return settledAgoMs ?? -leaseLeftMs;
}

export function createPaidAccess<P extends Prices>(parts: PaidAccessParts): PaidAccess<P> {
  const { engine, ledger, prices, authenticate, origins, countRequest, newId } = parts;

  async function admit<U extends string>(request: Request, options: RequirePaidOptions<U>): Promise<Paid<U>> {
    checkSite(request, origins);
    const { usage, resource, uses = 1, windowMs } = options;
    const by = readKey(request) ?? newId();
    if (!USE.test(by)) throw refuse("idempotency_key_invalid");
    const { userId } = await authenticated(authenticate, request);
    countRequest("reads", userId);

    const row = await findCharge(request, userId, options);
    const facts = { usage, resource, credits: listedPrice(prices, usage)?.credits };
    const unpaid = refuse("payment_required", facts);
    if (!row || row.usage !== usage || row.resource !== (resource ?? null)) throw unpaid;
    if (row.status === "sending") throw inProgress(row);
    const granted = row.status === "unknown" && (await engine.granted(row));
    if (row.status === "unknown" && !granted) throw refuse("outcome_unknown", { chargeId: row.id, usage, retryAfterSeconds: 5 });
    if (row.status !== "charged" && !granted) throw unpaid;

    const over = usedUp(facts, row.id);
    const paid = { charge: receiptOf(usage, { row, replayed: true }), userId };
    if (windowMs !== undefined) {
      if (settledAgo(row) >= windowMs) throw over;
      return paid;
    }
    const redeemed = await inLedger(() => ledger.redeem(row.id, { by, uses, unconfirmed: granted }));
    const repeated = redeemed === "already_by_me" && (resource !== undefined || settledAgo(row) < REPEAT_MS);
    if (redeemed !== "ok" && !repeated) throw over;
    return paid;
  }

  async function findCharge(request: Request, userId: string, { usage, resource }: PaidFor): Promise<ChargeRow | null> {
    if (resource !== undefined) return engine.find({ userId, usage, resource });
    const key = request.headers.get(headers.charge);
    if (key === null) return null;
    if (keyMintedAt(key) === null) throw refuse("idempotency_key_invalid");
    return engine.find({ userId, key });
  }

  /** An unconfirmed charge that the app serves at its own risk. */
  async function grantedOr(error: unknown): Promise<Charged & { granted?: boolean }> {
    const { granted, chargeId } = isAresError(error) ? error.details : {};
    const row = granted && chargeId !== undefined ? await inLedger(() => ledger.find(chargeId)) : null;
    if (!row) throw error;
    return { row, replayed: false, granted: true };
  }

  return {
    async requirePaid(request, options) {
      try {
        return await admit(request, options);
      } catch (error) {
        throw problem(asServerError(error));
      }
    },

    withCharge: (options, handler) => async (request) => {
      const { usage } = options;
      let paid: Paid<typeof usage>;
      let release = async () => {};
      try {
        checkOrigin(request, origins);
        const key = readKey(request);
        if (key === null) throw refuse("invalid_request", {}, { message: NO_KEY });
        const resource = typeof options.resource === "function" ? await options.resource(request) : options.resource;
        const auth = await authenticated(authenticate, request);
        const charged: Charged & { granted?: boolean } = await engine
          .charge({ auth, usage, resource: resource ?? null, key })
          .catch(grantedOr);
        if (resource === undefined) {
          const use = { by: key, unconfirmed: charged.granted === true };
          const redeemed = await inLedger(() => ledger.redeem(charged.row.id, use));
          const row = redeemed === "already_by_me" ? await inLedger(() => ledger.find(charged.row.id)) : null;
          if (redeemed === "used" || (row && settledAgo(row) >= REPEAT_MS))
            throw usedUp({ usage, credits: listedPrice(prices, usage)?.credits }, charged.row.id);
          release = async () => void (await ledger.redeem(charged.row.id, { ...use, release: true }).catch(() => {}));
        }
        paid = { charge: receiptOf(usage, charged), userId: auth.userId };
      } catch (error) {
        return problem(asServerError(error));
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

function usedUp(facts: AresErrorDetails, chargeId: string): AresError {
  return refuse(
    "payment_required",
    { ...facts, chargeId },
    { message: "This was paid for and has been used. This request charged nothing." },
  );
}

const NO_KEY =
  "The request has no Idempotency-Key, so a repeat of it could be charged twice. Nothing was charged. Send one per intent, from mintKey.";
