export { AresError, type AresErrorCode, type AresErrorDetails, isAresError } from "./contract";
