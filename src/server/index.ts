export type { AresAccount } from "./account";
export type { AresApiOptions } from "./aresApi";
export type { AresAuth, Authenticate } from "./auth";
export { clerkAuth } from "./clerkAuth";
export type { ClerkAuthOptions } from "./clerkOptions";
export { type AresServer, type AresServerOptions, createAresServer } from "./createAresServer";
export type { Diagnosis, Finding } from "./doctor";
export type { AresEvent } from "./events";
export { type BetterSqlite3Client, fromBetterSqlite3 } from "./fromBetterSqlite3";
export { type D1Client, fromD1 } from "./fromD1";
export { fromIoredis, type IoredisClient } from "./fromIoredis";
export { fromIovalkey } from "./fromIovalkey";
export { fromLibsql, type LibsqlClient } from "./fromLibsql";
export { fromNeon, type NeonClient } from "./fromNeon";
export { fromNodeRedis, type NodeRedisClient } from "./fromNodeRedis";
export { fromNodeSqlite, type NodeSqliteClient } from "./fromNodeSqlite";
export { fromPg, type PgClient } from "./fromPg";
export { fromPglite, type PgliteClient } from "./fromPglite";
export { fromPostgresJs, type PostgresJsClient } from "./fromPostgresJs";
export { fromUpstash, type UpstashClient } from "./fromUpstash";
export type {
  ChargeFilter,
  ChargeRow,
  Claim,
  ClaimResult,
  Ledger,
  LedgerHealth,
  Outcome,
  RedeemResult,
  Redemption,
  Settlement,
} from "./ledger";
export { memoryLedger } from "./memoryLedger";
export type { Paid, PaidAccess, PaidFor, RequirePaidOptions, WithChargeOptions } from "./paidAccess";
export type { RateLimit } from "./rateLimit";
export type { ChargeReceipt } from "./receiptOf";
export type { Proposal, Reconciliation } from "./reconcile";
export { type RedisCommand, type RedisConnection, type RedisLedgerOptions, redisLedger } from "./redisLedger";
export type { SpendCap } from "./spendCap";
export { type SqlLedger, type SqlLedgerOptions, type SqlQuery, sqlLedger } from "./sqlLedger";
export { ledgerSchema } from "./sqlLedgerSchema";
