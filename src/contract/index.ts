export { Charge, ChargeAnswer, ChargeStateAnswer, ChargeStatus, ChargesAnswer, Problem, UserAnswer } from "./charge";
export { ChargeRequest } from "./chargeRequest";
export { fromHundredths, isCredits, maxCredits, toHundredths } from "./credits";
export { AresError, type AresErrorCode, type AresErrorDetails, errorTable, isAresError, type Retry, type ServerErrorCode } from "./errors";
export { contractHeader, contractVersion, headers, keyHeader } from "./headers";
export { keyMintedAt, maxKeyAgeMs, mintKey } from "./idempotencyKey";
export { need } from "./need";
export { definePrices, type Price, type Prices, priceOf } from "./prices";
export { Resource, UsageName } from "./usage";
