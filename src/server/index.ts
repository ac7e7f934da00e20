export type { AresAccount } from "./account";
export type { AresApiOptions } from "./aresApi";
export type { AresAuth, Authenticate } from "./auth";
export { type AresReply, classify, type Verdict } from "./classify";
export { type AresServer, type AresServerOptions, type ChargeReceipt, createAresServer } from "./createAresServer";
export type { AresEvent } from "./events";
export type { ChargeFilter, ChargeRow, Claim, ClaimResult, Ledger, LedgerHealth, Outcome, RedeemResult, Settlement } from "./ledger";
export { memoryLedger } from "./memoryLedger";
export type { RateLimit } from "./rateLimit";
