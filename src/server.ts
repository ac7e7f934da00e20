export { AresError, type AresErrorCode, type AresErrorDetails, definePrices, isAresError, type Price, type Prices } from "./contract";
