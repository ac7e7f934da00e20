import { isAresError } from "../../contract";
import { authenticated } from "../auth/session";
import type { Charged } from "../charge/charge";
import { receiptOf } from "../charge/charge";
import { MOST_REPEATS, repeatsMs } from "../charge/repeats";
import { problem, refusalOf } from "../http/answers";
import { checkOrigin } from "../http/origin";
import { bodyDigest, readKey, readShownCredits, requestFingerprint, resourceOf } from "../http/readRequest";
import { askLedger } from "../ledger/askLedger";
import { msSinceSettled } from "../ledger/rows";
import { askAgain, inProgress, refuse } from "../refusals";

import type { Paid, PaidAccessParts, WithChargeOptions } from "./paid";
import { otherBody, unpaid } from "./unpaid";

/** A paid charge, or an unconfirmed charge that the app serves at its own risk. */
type Served = Charged & { granted?: boolean };

/** Builds `withCharge`: charges, does the work, and gives the use back when the work fails. */
export function createWithCharge({ engine, ledger, prices, authenticate, origins, onError, now, newId }: PaidAccessParts) {
  /** Finds the unconfirmed charge that the app serves at its own risk. Any other error is thrown again. */
  async function grantedOr(error: unknown): Promise<Served> {
    const { granted, chargeId } = isAresError(error) ? error.details : {};
    const row = granted && chargeId !== undefined ? await askLedger(() => ledger.find(chargeId)).catch(() => null) : null;
    if (!row) throw error;
    return { row, replayed: false, agoMs: msSinceSettled(row), granted: true };
  }

  /** Counts one use of a charge. The returned function gives the use back, for failed work. */
  async function use(served: Served, by: string, body: string | undefined): Promise<() => Promise<void>> {
    const { row, replayed, granted = false } = served;
    const over = served.agoMs >= repeatsMs(row, prices);
    if (row.resource !== null) {
      if (over && replayed) throw unpaid(row, prices);
      return async () => {};
    }
    // The charge is paid, so a failing ledger must not answer "charged nothing". The same key is served later.
    const asked = { by, unconfirmed: granted, attempt: newId(), repeats: MOST_REPEATS, ...(body !== undefined && { body }) };
    const redeem = (release: boolean) =>
      askLedger(() => ledger.redeem(row.id, { ...asked, release }), "charge_in_progress", askAgain(row, 1));
    const redeemed = await redeem(false);
    // The ledger has not stored the charge yet, or an operator has ended the row: the use could not be counted.
    if (redeemed === "absent") throw inProgress(row);
    if (redeemed === "mismatch") throw otherBody(row);
    if (redeemed === "used" || (redeemed === "already_by_me" && over)) throw unpaid(row, prices);
    // A failing repeat must not give back the first request's use: that request was served.
    return async () => void (redeemed === "ok" && (await redeem(true).catch(() => {})));
  }

  return <U extends string>(options: WithChargeOptions<U>, handler: (request: Request, paid: Paid<U>) => Response | Promise<Response>) =>
    async (request: Request): Promise<Response> => {
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
        const body = await bodyDigest(request);
        // The upload may have taken long, so the time of arrival is now.
        const arrivedAt = now();
        const served: Served = await engine.charge({ auth, arrivedAt, usage, resource, shownCredits, key }).catch(grantedOr);
        release = await use(served, await requestFingerprint(request, key), body);
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
    };
}

const NO_KEY = "The Idempotency-Key is missing. Nothing was charged. Mint a new key for each intent.";
