export type { AresAccount } from "./ares/account";
export {
  type AresApiOptions,
  createAresApi,
  neverConnected,
  sentOnce,
  uncached,
  userOf,
} from "./ares/aresApi";
export { type AresAuth, type Authenticate, faultOfUserId } from "./auth/auth";
export { type AuthFromOptions, authFrom, type SessionUser } from "./auth/authFrom";
export { clerkAuth } from "./auth/clerkAuth";
export type { ClerkAuthOptions } from "./auth/clerkOptions";
export { createSingleFlight } from "./auth/singleFlight";
export type { ReadToken } from "./auth/tokenCache";
export { readText, within } from "./bounded";
export type { AresEvent } from "./charge/events";
export type { ChargeReceipt } from "./charge/receipt";
export type { SpendCap } from "./charge/spendCap";
export { type AresServer, createAresServer } from "./createAresServer";
export { inDevelopment } from "./development";
export { answer, privateHeaders, problem, refusalOf } from "./http/answers";
export type { RequestOrHeaders } from "./http/asRequest";
export { crossOrigin } from "./http/cors";
export { checkOrigin } from "./http/origin";
export type { RateLimit } from "./http/rateLimit";
export { type NamedInput, type NamedResource, noWebRequest } from "./http/readRequest";
export { askLedger } from "./ledger/askLedger";
export type { Erased, ErasedUpTo, Erasure } from "./ledger/erasing";
export type {
  ChargeFilter,
  ChargeRow,
  Claim,
  ClaimLimit,
  ClaimResult,
  ClaimWithin,
  Ledger,
  LedgerHealth,
  LedgerPlace,
  LedgerStore,
  Outcome,
  Settlement,
  TrialLedger,
} from "./ledger/ledger";
export { type MemoryLedgerOptions, memoryLedger } from "./ledger/memoryLedger";
export type { RedeemResult, Redemption, UseState } from "./ledger/redemption";
export {
  fromIoredis,
  fromIovalkey,
  fromNodeRedis,
  fromUpstash,
  type IoredisClient,
  type NodeRedisClient,
  type UpstashClient,
} from "./ledger/redis/clients";
export type { RedisCommand, RedisConnection } from "./ledger/redis/connection";
export { redisLedger } from "./ledger/redis/redisLedger";
export type { RedisLedger, RedisLedgerOptions } from "./ledger/redis/redisLedgerOptions";
export type { BeginWithin, SpendLimits } from "./ledger/spending";
export {
  bind,
  dialects,
  type SqlDialect,
  type SqlQuery,
  type SqlValue,
} from "./ledger/sql/dialect";
export {
  fromNeon,
  fromPg,
  fromPglite,
  fromPostgresJs,
  type NeonClient,
  type PgClient,
  type PgliteClient,
  type PostgresJsClient,
} from "./ledger/sql/postgresClients";
export { SqlInteger } from "./ledger/sql/row";
export { ledgerSchema } from "./ledger/sql/schema";
export {
  type BetterSqlite3Client,
  type D1Client,
  fromBetterSqlite3,
  fromD1,
  fromLibsql,
  fromNodeSqlite,
  type LibsqlClient,
  type NodeSqliteClient,
} from "./ledger/sql/sqliteClients";
export { sqlLedger } from "./ledger/sql/sqlLedger";
export type { SqlLedger, SqlLedgerOptions } from "./ledger/sql/sqlLedgerOptions";
export { sqlSetup } from "./ledger/sql/sqlSetup";
export { untilSerialized } from "./ledger/sql/untilSerialized";
export type { Diagnosis, Finding } from "./operate/doctor";
export type { ErasedUser } from "./operate/eraseUser";
export type { ChargeBook, Proposal, Reconciliation } from "./operate/reconcile";
export type {
  Paid,
  PaidFor,
  PaidHandler,
  RequirePaidOptions,
  WithChargeOptions,
  WithPaidOptions,
} from "./paid/paid";
export type { PaidAccess } from "./paid/paidAccess";
export { parseUrl } from "./parseUrl";
export { guarded, printOnce } from "./printOnce";
export { isOfFramework, refuse } from "./refusals";
export type { AresServerOptions } from "./serverOptions";
export type { SnapshotOptions, SnapshotTarget } from "./snapshot";
export type {
  Telemetry,
  TelemetryOutcome,
  TelemetrySpan,
  TelemetryWork,
} from "./telemetry";
