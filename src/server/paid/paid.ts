import { listedPrice, need, type Prices } from "../../contract";
import type { Authenticate } from "../auth/auth";
import type { ChargeEngine } from "../charge/chargeEngine";
import type { ChargeReceipt } from "../charge/receipt";
import type { NamedSites } from "../http/origin";
import type { NamedInput, NamedResource } from "../http/readRequest";
import type { Ledger } from "../ledger/ledger";
import type { Watch } from "../telemetry";

/** The usage, resource and input that must be paid. */
export interface PaidFor<U extends string = string, I = unknown> {
  usage: U;
  resource?: string | undefined;
  /** The input of a usage with a quoted price: what the request really asks for. A charge counts for its own input only. */
  input?: I | undefined;
}

/** What `requirePaid` asks to be paid, and how often it lets a request through. */
export interface RequirePaidOptions<U extends string = string, I = unknown> extends PaidFor<U, I> {
  /**
   * How many different requests one charge lets through. With a count, a HEAD runs no work: `withPaid` answers it by itself,
   * `requirePaid` refuses it. A prefetch and a link on another site are refused.
   * Without a count, a `resource` lets every request through while it is paid.
   * @default Infinity with a `resource`, else 1
   */
  uses?: number | undefined;
  /** Lets every request through within this time after the charge, in milliseconds, instead of counting uses. */
  windowMs?: number | undefined;
  /**
   * How often the same request (address, `Idempotency-Key` and body) passes again, within ten minutes, because its answer may
   * have been lost: 0 to 5. The work runs again each time, so keep its result under `charge.id`. Counts only where uses are counted.
   * @default 1
   */
  repeats?: number | undefined;
}

/** What `withCharge` charges for, and how often its work is repeated. */
export interface WithChargeOptions<
  U extends string = string,
  Args extends readonly unknown[] = [],
  I = unknown,
> {
  usage: U;
  resource?: NamedResource<Args>;
  input?: NamedInput<I, Args> | undefined;
  /**
   * How often work that ended is done again for the same request (address, `Idempotency-Key` and body), within ten minutes,
   * because its answer may have been lost: 0 to 5. Keep the result under `charge.id`. A `resource` counts none.
   * @default 1
   */
  repeats?: number | undefined;
}

/** What `withPaid` asks to be paid, and how often it lets a request through. */
export interface WithPaidOptions<
  U extends string = string,
  Args extends readonly unknown[] = [],
  I = unknown,
> extends Omit<RequirePaidOptions<U>, "resource" | "input"> {
  resource?: NamedResource<Args>;
  input?: NamedInput<I, Args> | undefined;
}

/** A route's work. `args` are the route's further arguments, such as the `context` of a Next route with its `params`. */
export type PaidHandler<U extends string = string, Args extends readonly unknown[] = []> = (
  request: Request,
  paid: Paid<U>,
  ...args: Args
) => Response | Promise<Response>;

/** A paid request. */
export interface Paid<U extends string = string> {
  charge: ChargeReceipt<U>;
  userId: string;
  /**
   * Gives back the use that this request counted: the user did not get the work. The next request may use the charge then.
   * Does nothing for a repeat, and where nothing is counted. Never rejects: a failing ledger is asked again later.
   */
  release(): Promise<void>;
}

export interface PaidAccessParts extends NamedSites {
  engine: ChargeEngine;
  ledger: Ledger;
  prices: Prices;
  authenticate: Authenticate;
  errorPages?: string | undefined;
  countRequest: (kind: "charges" | "reads", userId: string) => void;
  onError: (error: unknown) => void;
  watch: Watch;
  now: () => number;
  waitUntil?: ((work: Promise<void>) => void) | undefined;
  newId: () => string;
}

/** Stops a start with a route that names no input for a quoted price, or one for a constant price. */
export function needInput(
  prices: Prices,
  { usage, input }: { usage: string; input?: unknown },
): void {
  const price = listedPrice(prices, usage);
  const takes = price?.quote !== undefined;
  need(
    !price || takes === (input !== undefined),
    `the price of "${usage}" ${takes ? "needs an input. Name" : "takes no input. Leave out"} input.`,
  );
}
