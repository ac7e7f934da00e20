export type { AresAccount } from "./ares/account";
export type { AresApiOptions } from "./ares/aresApi";
export type { AresAuth, Authenticate } from "./auth/auth";
export { clerkAuth } from "./auth/clerkAuth";
export type { ClerkAuthOptions } from "./auth/clerkOptions";
export type { ChargeReceipt } from "./charge/charge";
export type { AresEvent } from "./charge/events";
export type { SpendCap } from "./charge/spendCap";
export { type AresServer, type AresServerOptions, createAresServer } from "./createAresServer";
export type { RateLimit } from "./http/rateLimit";
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
} from "./ledger/ledger";
export { memoryLedger } from "./ledger/memoryLedger";
export { fromIoredis, type IoredisClient } from "./ledger/redis/fromIoredis";
export { fromIovalkey } from "./ledger/redis/fromIovalkey";
export { fromNodeRedis, type NodeRedisClient } from "./ledger/redis/fromNodeRedis";
export { fromUpstash, type UpstashClient } from "./ledger/redis/fromUpstash";
export { type RedisCommand, type RedisConnection, type RedisLedgerOptions, redisLedger } from "./ledger/redis/redisLedger";
export { type BetterSqlite3Client, fromBetterSqlite3 } from "./ledger/sql/fromBetterSqlite3";
export { type D1Client, fromD1 } from "./ledger/sql/fromD1";
export { fromLibsql, type LibsqlClient } from "./ledger/sql/fromLibsql";
export { fromNeon, type NeonClient } from "./ledger/sql/fromNeon";
export { fromNodeSqlite, type NodeSqliteClient } from "./ledger/sql/fromNodeSqlite";
export { fromPg, type PgClient } from "./ledger/sql/fromPg";
export { fromPglite, type PgliteClient } from "./ledger/sql/fromPglite";
export { fromPostgresJs, type PostgresJsClient } from "./ledger/sql/fromPostgresJs";
export { ledgerSchema } from "./ledger/sql/schema";
export { type SqlLedger, type SqlLedgerOptions, type SqlQuery, sqlLedger } from "./ledger/sql/sqlLedger";
export type { Diagnosis, Finding } from "./operate/doctor";
export type { Proposal, Reconciliation } from "./operate/reconcile";
export type { Paid, PaidAccess, PaidFor, RequirePaidOptions, WithChargeOptions } from "./paid/paidAccess";
