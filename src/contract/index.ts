export { ceilHundredths, fromHundredths, isCredits, maxCredits, toHundredths } from "./credits";
export { digest } from "./digest";
export { errorMessages } from "./errorMessages";
export {
  AresError,
  type AresErrorCode,
  type AresErrorDetails,
  errorTable,
  isAresError,
  isErrorCode,
  isKeyGone,
  isMistake,
  meaningOf,
  need,
  type ServerErrorCode,
} from "./errors";
export { contractHeader, contractVersion, headers, keyHeader, pretendHeader } from "./headers";
export {
  keyMintedAt,
  keyWithTerms,
  maxKeyAgeMs,
  mintKey,
  termsOf,
} from "./idempotencyKey";
export { bytesOf, inputDigest, inputText, maxAskedInputBytes, maxInputBytes } from "./input";
export {
  type LookUp,
  lookUpsLength,
  lookUpsParameter,
  maxLookUps,
  maxLookUpsLength,
} from "./lookUps";
export {
  definePrices,
  listedPrice,
  type Price,
  type Prices,
  priceOf,
  quotedUsages,
  shownPrices,
} from "./prices";
export {
  type InputOf,
  maxQuotedCredits,
  type NeedsInput,
  type PriceTerms,
  type QuoteContext,
  type QuotedPrice,
  quoted,
  type StandardSchemaV1,
} from "./quoted";
export type { AresSnapshot, SnapshotCharge } from "./snapshot";
export {
  type Charge,
  ChargeAnswer,
  ChargeRequest,
  ChargeStateAnswer,
  type ChargeStatus,
  ChargesAnswer,
  type ChargeWork,
  chargeSchema,
  chargeStatus,
  LookUpsAnswer,
  Problem,
  Resource,
  UsageName,
  UserAnswer,
} from "./wire";
