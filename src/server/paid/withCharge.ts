import { headers } from "../../contract";
import { authenticated } from "../auth/session";
import type { Charged } from "../charge/intent";
import { receiptOf } from "../charge/receipt";
import { createWaitingWrites } from "../charge/waitingWrites";
import { repeatsMs } from "../charge/work";
import { problem, refusalOf } from "../http/answers";
import { checkOrigin } from "../http/origin";
import { privateAnswer } from "../http/privateAnswer";
import {
  bodyDigest,
  inputOf,
  namedResource,
  readKey,
  readShownCredits,
  requestFingerprint,
  resourceOf,
} from "../http/readRequest";
import { askLedger } from "../ledger/askLedger";
import type { Redemption } from "../ledger/redemption";
import { askAgain, inProgress, refuse } from "../refusals";
import { createHeldUse, type HeldUse, LEASE_MS, noUse, renewing } from "./heldUse";
import {
  needInput,
  type Paid,
  type PaidAccessParts,
  type PaidHandler,
  type WithChargeOptions,
} from "./paid";
import { repeatsOf } from "./repeats";
import { otherBody, usedUp } from "./unpaid";
import { watchAnswer } from "./watchAnswer";

/** Builds `withCharge`: charges, does the work, and gives the use back when the work fails. */
export function createWithCharge(parts: PaidAccessParts) {
  const { engine, ledger, prices, authenticate, onError, watch, now, newId, waitUntil } = parts;
  const later = createWaitingWrites(waitUntil);

  /** Counts one use of a charge, and holds it while the work runs. */
  async function use(
    { row, replayed, agoMs }: Charged,
    by: string,
    body: string | undefined,
    repeats: number,
  ): Promise<HeldUse> {
    const isExpired = agoMs >= repeatsMs(row, prices);
    if (row.resource !== null) {
      if (isExpired && replayed) throw usedUp(row, prices);
      return noUse;
    }
    const mine = { by, attempt: newId() };
    // The charge is paid, so a failing ledger must not answer "charged nothing". The same key is served later.
    const redeem = (more: Omit<Redemption, "by">) =>
      askLedger(
        () => ledger.redeem(row.id, { ...mine, ...more }),
        "charge_in_progress",
        askAgain(row, 1),
      );
    const redeemed = await redeem({
      leaseMs: LEASE_MS,
      repeats,
      ...(body !== undefined && { body }),
    });
    switch (redeemed) {
      case "ok":
        return renewing(createHeldUse(redeem, later), redeem);
      case "already_by_me":
        if (isExpired) throw usedUp(row, prices);
        // A failing repeat must not give back the first request's use: that request was served.
        return noUse;
      case "used":
        throw usedUp(row, prices);
      case "mismatch":
        throw otherBody(row);
      default:
        // The ledger has not stored the charge yet, or an operator has ended the row: the use could not be counted.
        throw inProgress(row);
    }
  }

  return <U extends string, Args extends readonly unknown[]>(
    options: WithChargeOptions<U, Args>,
    handler: PaidHandler<U, Args>,
  ) => {
    const { usage } = options;
    if (typeof options.resource === "string") namedResource(options.resource);
    needInput(prices, options);
    const repeats = repeatsOf(options);

    /** Charges for a request, and holds one use of the charge. */
    async function pay(request: Request, args: Args): Promise<{ paid: Paid<U>; held: HeldUse }> {
      if (request.method === "HEAD") throw refuse("method_not_allowed", {}, { message: HEAD });
      checkOrigin(request, parts);
      const key = readKey(request);
      if (key === null) throw refuse("invalid_request", {}, { message: NO_KEY });
      const shownCredits = readShownCredits(request);
      const auth = await authenticated(authenticate, request);
      const resource = await resourceOf(options.resource, request, args);
      const input = await inputOf(options.input, request, args);
      const body = await bodyDigest(request);
      // The upload may have taken long, so the time of arrival is now.
      const arrivedAt = now();
      const intent = { auth, request, arrivedAt, usage, resource, input, shownCredits, key };
      const charged = await engine.charge(intent);
      const held = await use(charged, await requestFingerprint(request, key), body, repeats);
      const charge = receiptOf(usage, charged);
      return { paid: { charge, userId: auth.userId, release: () => held.release() }, held };
    }

    /** Does the work of a paid request. */
    async function work(
      request: Request,
      args: Args,
      { paid, held }: { paid: Paid<U>; held: HeldUse },
    ): Promise<Response> {
      try {
        const answer = privateAnswer(await handler(request, paid, ...args), parts);
        // Says that this endpoint charged by itself.
        if (answer.status >= 200)
          answer.headers.set(headers.replayed, String(paid.charge.replayed));
        return await watchAnswer(answer, held, request.signal);
      } catch (error) {
        await held.release();
        throw error;
      }
    }

    return async (request: Request, ...args: Args): Promise<Response> => {
      const payment = await watch
        .charge(
          request,
          () => pay(request, args),
          ({ paid }) => paid.charge,
        )
        .catch((thrown: unknown) => problem(refusalOf(thrown, onError), parts.errorPages));
      return payment instanceof Response ? payment : work(request, args, payment);
    };
  };
}

const HEAD = "A HEAD charges nothing, and this endpoint charges for its work. Ask with POST.";
const NO_KEY =
  "The Idempotency-Key is missing. Nothing was charged. Mint a new key for each intent.";
