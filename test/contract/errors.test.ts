import { describe, expect, it } from "vitest";
import {
  type AresErrorCode,
  errorTable,
  isErrorCode,
  isKeyGone,
  isMistake,
  meaningOf,
} from "../../src/contract";

const codes = Object.keys(errorTable).filter(isErrorCode);
const withColumn = (is: (meaning: ReturnType<typeof meaningOf>) => boolean) =>
  codes.filter((code) => is(meaningOf(code))).sort();
const named = (...expected: readonly AresErrorCode[]) => [...expected].sort();

/** The table once more, column by column, so that no cell changes unseen. */
describe("an error", () => {
  it("may have taken credits", () => {
    expect(withColumn(({ money }) => money === "open")).toEqual(
      named(
        "charge_in_progress",
        "outcome_unknown",
        "internal",
        "network_error",
        "unexpected_response",
      ),
    );
  });

  it("took nothing under this key", () => {
    expect(withColumn(({ money }) => money === "none")).toEqual(
      named(
        "idempotency_key_invalid",
        "insufficient_credits",
        "payment_required",
        "used_up",
        "declined",
        "price_changed",
        "idempotency_key_reused",
        "other_body",
      ),
    );
  });

  it("took nothing, and is silent about an earlier request with the key", () => {
    expect(withColumn(({ money }) => money === "silent")).toEqual(
      named(
        "invalid_request",
        "idempotency_key_expired",
        "client_id_mismatch",
        "not_signed_in",
        "not_connected",
        "reconnect",
        "origin_rejected",
        "not_allowed",
        "method_not_allowed",
        "body_too_large",
        "unsupported_media_type",
        "ledger_reset",
        "other_user",
        "unknown_usage",
        "rate_limited",
        "ledger_unavailable",
        "price_unavailable",
        "ares_unreachable",
        "auth_unavailable",
      ),
    );
  });

  it("ends its key, though an earlier request may have charged under it", () => {
    expect(withColumn(isKeyGone)).toEqual(named("ledger_reset", "idempotency_key_expired"));
  });

  it("is a mistake of the app, which no press of a user's corrects", () => {
    expect(withColumn(isMistake)).toEqual(
      named(
        "invalid_request",
        "idempotency_key_invalid",
        "client_id_mismatch",
        "origin_rejected",
        "not_allowed",
        "method_not_allowed",
        "body_too_large",
        "unsupported_media_type",
        "unknown_usage",
        "unexpected_response",
      ),
    );
  });

  it.each([
    ["sign_in", named("not_signed_in")],
    ["connect", named("not_connected")],
    ["reconnect", named("reconnect")],
    ["top_up", named("insufficient_credits")],
    ["wait", named("rate_limited")],
    ["look", named("charge_in_progress", "outcome_unknown", "internal", "unexpected_response")],
    [
      "try_again",
      named(
        "idempotency_key_expired",
        "payment_required",
        "used_up",
        "declined",
        "price_changed",
        "idempotency_key_reused",
        "other_body",
        "ledger_reset",
        "ledger_unavailable",
        "price_unavailable",
        "ares_unreachable",
        "auth_unavailable",
        "network_error",
      ),
    ],
  ] as const)("is followed by %s", (next, expected) => {
    expect(withColumn((meaning) => meaning.next === next)).toEqual(expected);
  });

  it.each([
    [
      "same_key",
      (code: AresErrorCode) =>
        ["rate_limited", "internal", "network_error", "charge_in_progress"].includes(code) ||
        code.endsWith("_unavailable") ||
        code === "ares_unreachable",
    ],
    ["after_action", (code: AresErrorCode) => meaningOf(code).status === 401],
    [
      "read_only",
      (code: AresErrorCode) => code === "outcome_unknown" || code === "unexpected_response",
    ],
  ] as const)("may be asked for again: %s", (retry, expected) => {
    expect(withColumn((meaning) => meaning.retry === retry)).toEqual(codes.filter(expected).sort());
  });

  it("of a code that only a newer server knows leaves everything open", () => {
    expect(meaningOf("ares_on_holiday")).toMatchObject({
      money: "open",
      whose: "server",
      next: "look",
    });
    expect(meaningOf("toString")).toMatchObject({ money: "open" });
  });

  it("never sends a user who may have paid to pay again", () => {
    expect(withColumn(({ money, retry }) => money === "open" && retry === "new_key")).toEqual([]);
  });
});
