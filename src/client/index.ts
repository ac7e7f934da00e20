export { aresError, detailsOf, errorOf } from "./answer";
export { callApp, isOwnAddress } from "./appCalls";
export { type CallState, IDLE_CALL } from "./charge/callState";
export { callRules } from "./charge/calls";
export { chargesOf } from "./charge/chargesOf";
export type { ChargeHandle, RunningCall } from "./charge/createCharges";
export { createPaidCall, type PaidCall, type ResultOf } from "./charge/paidCall";
export {
  type ChargeEvidence,
  type ChargeState,
  type ChargeTarget,
  IDLE,
  mayStartOver,
  type Receipt,
} from "./chargeState";
export type { AresClientOptions } from "./clientOptions";
export { within } from "./connection";
export { type AresClient, type AresUserAnswer, createAresClient } from "./createAresClient";
export { hint } from "./hint";
export { quote } from "./lookups";
export { onePerClient } from "./onePerClient";
export { shortHash } from "./shortHash";
export { type AresChannel, listen, type PageLocks } from "./tabs";
