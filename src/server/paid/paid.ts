import type { Prices } from "../../contract";
import type { Authenticate } from "../auth/auth";
import type { ChargeReceipt } from "../charge/charge";
import type { ChargeEngine } from "../charge/chargeEngine";
import type { Ledger } from "../ledger/ledger";

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
