import * as z from "zod/mini";
import { chargeStatus } from "../../../contract";
import type { ChargeRow } from "../ledger";
import { StoredOutcome } from "../storedOutcome";
import { type StoredUses, storedFactsOfUses } from "../uses";

const WholeText = /* @__PURE__ */ (() =>
  z.pipe(
    z.string().check(z.regex(/^-?\d+$/)),
    z.transform((value) => Number(value)),
  ))();

const jsonText = <T extends z.ZodMiniType>(schema: T) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((value): unknown => JSON.parse(value)),
    ),
    schema,
  );

/** A hash of Redis: every value is text. */
const RedisRow = /* @__PURE__ */ (() =>
  z.object({
    id: z.string(),
    status: chargeStatus,
    attempt: z.string(),
    key: z.string(),
    fingerprint: z.string(),
    userId: z.string(),
    usage: z.string(),
    resource: z.optional(z.string()),
    hundredths: WholeText,
    createdAt: WholeText,
    leaseUntil: WholeText,
    settledAt: z.optional(WholeText),
    outcome: jsonText(StoredOutcome),
    redeemedBy: jsonText(z.array(z.string())),
    redeemToken: z._default(z.string(), ""),
    readAt: WholeText,
  }))();

/** Reads a hash as the ledger shows it. A hash that is no row stops the charge: the store is not what it should be. */
export function readRedisRow(raw: unknown): ChargeRow {
  return readRedisUses(raw).row;
}

/** Reads a list of hashes, as `findAll` answers it. */
export function readRows(json: string): ChargeRow[] {
  const rows: unknown = JSON.parse(json);
  if (!Array.isArray(rows)) throw new Error("redisLedger: a list of rows holds no rows.");
  return rows.map(readRedisRow);
}

const Page = /* @__PURE__ */ (() =>
  z.object({
    rows: z.array(z.unknown()),
    next: z.optional(z.object({ before: z.string(), beforeId: z.string() })),
  }))();

/** Reads a page of `list`, and the place where the next page begins. */
export function readPage(json: string) {
  const { rows, next } = Page.parse(JSON.parse(json));
  return { rows: rows.map(readRedisRow), next };
}

const ErasedPage = /* @__PURE__ */ (() =>
  z.object({ moved: z.number(), after: WholeText, afterId: z.string() }))();

/** Reads how many rows a page of `erase` has moved, and where the next page begins. */
export function readErasedPage(json: string) {
  const { moved, after, afterId } = ErasedPage.parse(JSON.parse(json));
  return { moved, next: { createdAt: after, id: afterId } };
}

/** Reads a hash together with the notes on its uses. */
export function readRedisUses(raw: unknown): StoredUses {
  const {
    leaseUntil,
    readAt,
    resource = null,
    settledAt = null,
    redeemToken,
    ...same
  } = RedisRow.parse(raw);
  const row: ChargeRow = {
    ...same,
    resource,
    status: same.status === "sending" && leaseUntil <= readAt ? "unknown" : same.status,
    leaseLeftMs: leaseUntil - readAt,
    ageMs: Math.max(0, readAt - same.createdAt),
    settledAgoMs: settledAt === null ? null : Math.max(0, readAt - settledAt),
    settledAt,
    ...storedFactsOfUses(same.redeemedBy, redeemToken, readAt),
  };
  return { row, useNotes: redeemToken, readAt };
}
