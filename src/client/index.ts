export { aresError, detailsOf } from "./answer";
export type { ChargeHandle } from "./charge/createCharges";
export { type ChargeState, type ChargeTarget, IDLE, type Receipt } from "./chargeState";
export { within } from "./connection";
export { type AresClient, type AresClientOptions, type AresUserAnswer, createAresClient, shortHash } from "./createAresClient";
export { hint } from "./hint";
export { type AresChannel, listen, type PageLocks } from "./tabs";
