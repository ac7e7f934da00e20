import type { Prices } from "../../contract";
import { problem, refusalOf } from "../http/answers";

import type { Paid, PaidAccessParts, RequirePaidOptions, WithChargeOptions } from "./paid";
import { createAdmission } from "./requirePaid";
import { createWithCharge } from "./withCharge";

export interface PaidAccess<P extends Prices> {
  /**
   * Lets a request through only when its user has paid for this usage and resource. Otherwise throws a `Response`.
   *
   * With a `resource`, every request passes while the `resource` is paid. Without one, the charge is the charge whose key
   * stands in `Ares-Charge`, and the first request uses the charge up. A repeat (same address and `Idempotency-Key`)
   * passes five times again within ten minutes after the charge. `uses` counts requests in both cases. When the work
   * behind a counted use fails, call `release()` of the result.
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
   * Charges and does the work in one request. The work runs only after ARES confirmed the charge. When the work throws,
   * answers 4xx or 5xx, or never ends, the same key is served again. Nothing is charged then. A 4xx counts so five times.
   * After success the same key, address and body are served five times again within ten minutes: an answer may get lost.
   * Keep expensive work under `charge.id` and answer from there. While the work runs, a repeat is `charge_in_progress`.
   *
   * The request must carry an `Idempotency-Key` (`mintKey`). The caller keeps the key until the answer is known.
   * `Ares-Credits` may name the price that the user was shown. Another price is `price_changed`, and nothing is charged.
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
