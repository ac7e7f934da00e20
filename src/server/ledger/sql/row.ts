import * as z from "zod/mini";
import { chargeStatus } from "../../../contract";
import { StoredOutcome } from "../storedOutcome";
import { type StoredUses, storedFactsOfUses } from "../uses";

/** Drivers give 64-bit integers as numbers, strings or bigints. */
export const SqlInteger = /* @__PURE__ */ (() =>
  z.pipe(
    z.union([z.number(), z.bigint(), z.string().check(z.regex(/^-?\d+$/))]),
    z.transform((value) => Number(value)),
  ))();

/** `jsonb` arrives parsed, SQLite's JSON as text. */
const json = <T extends z.ZodMiniType>(schema: T) =>
  z.pipe(
    z.transform((value: unknown): unknown =>
      typeof value === "string" ? JSON.parse(value) : value,
    ),
    schema,
  );

const SqlRow = /* @__PURE__ */ (() =>
  z.object({
    id: z.string(),
    status: chargeStatus,
    attempt: z.string(),
    idempotency_key: z.string(),
    fingerprint: z.string(),
    user_id: z.string(),
    usage_name: z.string(),
    resource: z.nullable(z.string()),
    hundredths: SqlInteger,
    created_at: SqlInteger,
    lease_until: SqlInteger,
    settled_at: z.nullable(SqlInteger),
    outcome: json(StoredOutcome),
    redeemed_by: json(z.array(z.string())),
    redeem_token: z.nullable(z.string()),
    read_at: SqlInteger,
  }))();

/** Reads a row of the table as the ledger shows it. A row that is not one stops the charge: the store is not what it should be. */
export function readSqlRow(raw: unknown): StoredUses {
  const {
    idempotency_key,
    user_id,
    usage_name,
    created_at,
    lease_until,
    settled_at,
    redeemed_by,
    redeem_token,
    read_at,
    ...same
  } = SqlRow.parse(raw);
  const useNotes = redeem_token ?? "";
  const lost = same.status === "sending" && lease_until <= read_at;
  return {
    row: {
      ...same,
      status: lost ? "unknown" : same.status,
      key: idempotency_key,
      userId: user_id,
      usage: usage_name,
      leaseLeftMs: lease_until - read_at,
      ageMs: Math.max(0, read_at - created_at),
      settledAgoMs: settled_at === null ? null : Math.max(0, read_at - settled_at),
      createdAt: created_at,
      settledAt: settled_at,
      redeemedBy: redeemed_by,
      ...storedFactsOfUses(redeemed_by, useNotes, read_at),
    },
    useNotes,
    readAt: read_at,
  };
}

export const EpochRow = /* @__PURE__ */ (() =>
  z.object({ created_at: SqlInteger, read_at: SqlInteger }))();

const SpendingRow = /* @__PURE__ */ (() =>
  z.object({
    status: chargeStatus,
    user_id: z.string(),
    hundredths: SqlInteger,
    minute: SqlInteger,
    day: SqlInteger,
    begun: z.nullable(SqlInteger),
    adds_up: z.union([z.boolean(), SqlInteger]),
  }))();

/** Reads what a user spends. `begun` is -1 for a user without sums. `addsUp` is false where no trigger adds to the sums. */
export function readSpending(raw: unknown) {
  const { user_id: userId, begun, adds_up: addsUp, ...same } = SpendingRow.parse(raw);
  return { ...same, userId, begun: begun ?? -1, addsUp: Boolean(addsUp) };
}

/** How long a user's full window needs to have room again. */
export const LeftRow = /* @__PURE__ */ (() => z.object({ left_ms: SqlInteger }))();

export const WaitsRow = /* @__PURE__ */ (() => z.object({ minute: SqlInteger, day: SqlInteger }))();

/** An old row of a user who is erased. */
export const ErasableRow = /* @__PURE__ */ (() =>
  z.object({
    id: z.string(),
    created_at: SqlInteger,
    moves: z.union([z.boolean(), SqlInteger]),
  }))();
