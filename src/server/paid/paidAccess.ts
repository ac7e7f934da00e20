import type { Prices } from "../../contract";
import { problem, refusalOf } from "../http/answers";

import type { Paid, PaidAccessParts, RequirePaidOptions, WithChargeOptions } from "./paid";
import { createAdmission } from "./requirePaid";
import { createWithCharge } from "./withCharge";

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

export function createPaidAccess<P extends Prices>(parts: PaidAccessParts): PaidAccess<P> {
  const admit = createAdmission(parts);

  return {
    async requirePaid(request, options) {
      try {
        return await admit(request, options);
      } catch (thrown) {
        throw problem(refusalOf(thrown, parts.onError));
      }
    },
    withCharge: createWithCharge(parts),
  };
}
