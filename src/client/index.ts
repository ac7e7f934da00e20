export { aresError, detailsOf } from "./answer";
export type { ChargeState, ChargeTarget, Receipt } from "./chargeState";
export { type AresChannel, type AresClient, type AresClientOptions, type AresUserAnswer, createAresClient } from "./createAresClient";
export type { ChargeHandle } from "./createCharges";
export { listen } from "./listen";
export type { PageLocks } from "./ourTurn";
