export { aresError } from "./answer";
export type { ChargeState, Receipt } from "./chargeState";
export { type AresChannel, type AresClient, type AresClientOptions, type AresUserAnswer, createAresClient } from "./createAresClient";
export type { ChargeHandle } from "./createSlots";
export type { PageLocks } from "./ourTurn";
export type { ChargeTarget } from "./slot";
