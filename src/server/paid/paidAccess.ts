import type { InputOf, NeedsInput, Prices } from "../../contract";
import { refusalOf } from "../http/answers";
import type { RequestOrHeaders } from "../http/asRequest";
import { crossOrigin } from "../http/cors";
import { refuse } from "../refusals";
import type {
  Paid,
  PaidAccessParts,
  PaidHandler,
  RequirePaidOptions,
  WithChargeOptions,
  WithPaidOptions,
} from "./paid";
import { createAdmission } from "./requirePaid";
import { createWithCharge } from "./withCharge";
import { createWithPaid } from "./withPaid";

/** How server code protects paid work. */
export interface PaidAccess<P extends Prices> {
  /**
   * Lets a request through only when its user has paid for this usage and resource. Otherwise throws an `AresError`.
   *
   * With a `resource`, every request passes while the `resource` is paid. Without one, the charge is the charge whose key
   * stands in `Ares-Charge`, and the first request uses the charge up. A repeat (same address and `Idempotency-Key`)
   * passes `repeats` times again, by default once, within ten minutes after the charge. `uses` counts requests in both cases. When the work
   * behind a counted use fails, call `release()` of the result.
   *
   * Server components and server actions of Next have no request: pass `await headers()`, a `resource` and no `uses`.
   * A usage with a quoted price needs the `input` that the request asks for: a charge counts for its own input only.
   *
   * @example
   * try {
   *   await ares.requirePaid(request, { usage: "report", resource: id })
   * } catch (refusal) {
   *   return ares.toResponse(refusal)
   * }
   *
   * @throws {AresError} `payment_required` with usage, credits and resource; `used_up`, `not_signed_in`, `other_user`, `charge_in_progress`, `outcome_unknown`, …
   */
  requirePaid<U extends keyof P & string>(
    request: RequestOrHeaders,
    options: RequirePaidOptions<U, InputOf<P, U>> & NeedsInput<P, U>,
  ): Promise<Paid<U>>;
  /**
   * `requirePaid` around a route: the handler runs only for a paid request, and a refusal is answered. When the handler throws or
   * answers 4xx or 5xx, a counted use is given back; a 4xx gives back at most five times.
   *
   * `resource`, `input` and the handler also get the route's further arguments. The answer says `Cache-Control: private, no-store`
   * unless the handler sets another value.
   *
   * @example
   * export const GET = ares.withPaid(
   *   { usage: "report", resource: async (_, { params }: { params: Promise<{ id: string }> }) => (await params).id },
   *   async (request, { userId }) => Response.json({ userId }),
   * )
   */
  withPaid<U extends keyof P & string, Args extends readonly unknown[] = []>(
    options: WithPaidOptions<U, Args, InputOf<P, U>> & NeedsInput<P, U>,
    handler: PaidHandler<U, Args>,
  ): (request: Request, ...args: Args) => Promise<Response>;
  /**
   * Charges and does the work in one request. The work runs only after ARES confirmed the charge. When the work throws,
   * answers 4xx or 5xx, or never ends, the same key is served again. Nothing is charged then. A 4xx counts so five times.
   * After success the same key, address and body are served `repeats` times again, by default once, within ten minutes: an answer may get lost.
   * Keep expensive work under `charge.id` and answer from there. While the work runs, a repeat is `charge_in_progress`.
   *
   * The request must carry an `Idempotency-Key` (`mintKey`). The caller keeps the key until the answer is known.
   * `Ares-Credits` may name the price that the user was shown. Another price is `price_changed`, and nothing is charged.
   * `resource`, `input` and the handler also get the route's further arguments, such as the context of a Next route.
   * The answer says in `Idempotency-Replayed` whether its charge is a replay, and `Cache-Control` as with `withPaid`.
   * `useAresFetch` is not for this endpoint.
   *
   * @example
   * export const POST = ares.withCharge({ usage: "export-pdf" }, async (request, { charge }) => Response.json(await render()))
   */
  withCharge<U extends keyof P & string, Args extends readonly unknown[] = []>(
    options: WithChargeOptions<U, Args, InputOf<P, U>> & NeedsInput<P, U>,
    handler: PaidHandler<U, Args>,
  ): (request: Request, ...args: Args) => Promise<Response>;
}

export function createPaidAccess<P extends Prices>(parts: PaidAccessParts): PaidAccess<P> {
  const { watch, onError } = parts;
  const admit = createAdmission(parts);
  const toOtherOrigins = crossOrigin(parts);
  const withPaid = createWithPaid(admit, parts);
  const withCharge = createWithCharge(parts);
  const watched =
    <Args extends readonly unknown[]>(
      route: (request: Request, ...args: Args) => Promise<Response>,
    ) =>
    (request: Request, ...args: Args) =>
      watch.request(request, () => route(request, ...args));

  return {
    requirePaid: (request, options) =>
      watch.request(request, async () => {
        try {
          const { paid, workless } = await admit(request, options);
          if (workless) throw refuse("method_not_allowed", {}, { message: HEAD });
          return paid;
        } catch (thrown) {
          throw refusalOf(thrown, onError);
        }
      }),
    withPaid: (options, handler) => toOtherOrigins(watched(withPaid(options, handler))),
    withCharge: (options, handler) => toOtherOrigins(watched(withCharge(options, handler))),
  };
}

const HEAD =
  "A HEAD can't use this charge, because its uses are counted. This request charged nothing and counted no use. Ask with GET or POST.";
