export {
  type Charge,
  ChargeAnswer,
  ChargeRequest,
  ChargeStateAnswer,
  type ChargeStatus,
  ChargesAnswer,
  chargeSchema,
  chargeStatus,
  LookUpsAnswer,
  Problem,
  Resource,
  UsageName,
  UserAnswer,
} from "./charge";
export { fromHundredths, isCredits, maxCredits, toHundredths } from "./credits";
export { digest } from "./digest";
export {
  AresError,
  type AresErrorCode,
  type AresErrorDetails,
  errorTable,
  isAresError,
  need,
  type Retry,
  type ServerErrorCode,
} from "./errors";
export { contractHeader, contractVersion, headers, keyHeader } from "./headers";
export { keyMintedAt, maxKeyAgeMs, mintKey } from "./idempotencyKey";
export { definePrices, listedPrice, type Price, type Prices, priceOf, shownPrices } from "./prices";
export type { AresSnapshot, SnapshotCharge } from "./snapshot";
