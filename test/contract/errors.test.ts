import { describe, expect, it } from "vitest";
import {
  AresError,
  type AresErrorCode,
  errorTable,
  isAresError,
  isErrorCode,
  isKeyGone,
  isMistake,
  meaningOf,
  need,
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
        "paused",
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
      "nothing",
      named(
        "invalid_request",
        "idempotency_key_invalid",
        "client_id_mismatch",
        "origin_rejected",
        "not_allowed",
        "method_not_allowed",
        "body_too_large",
        "unsupported_media_type",
        "other_user",
        "unknown_usage",
      ),
    ],
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
        "paused",
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
      400,
      named(
        "invalid_request",
        "idempotency_key_invalid",
        "idempotency_key_expired",
        "client_id_mismatch",
      ),
    ],
    [401, named("not_signed_in", "not_connected", "reconnect")],
    [402, named("insufficient_credits", "payment_required", "used_up")],
    [403, named("origin_rejected", "not_allowed", "declined")],
    [405, named("method_not_allowed")],
    [
      409,
      named("charge_in_progress", "price_changed", "ledger_reset", "other_user", "outcome_unknown"),
    ],
    [413, named("body_too_large")],
    [415, named("unsupported_media_type")],
    [422, named("idempotency_key_reused", "other_body", "unknown_usage")],
    [429, named("rate_limited")],
    [500, named("internal")],
    [
      503,
      named(
        "ledger_unavailable",
        "paused",
        "price_unavailable",
        "ares_unreachable",
        "auth_unavailable",
      ),
    ],
    // These exist in the browser alone.
    [0, named("network_error", "unexpected_response")],
  ] as const)("is answered with %i", (status, expected) => {
    expect(withColumn((meaning) => meaning.status === status)).toEqual(expected);
  });

  it.each([
    [
      "user",
      named(
        "idempotency_key_expired",
        "not_signed_in",
        "not_connected",
        "reconnect",
        "insufficient_credits",
        "payment_required",
        "used_up",
        "price_changed",
        "other_user",
      ),
    ],
    [
      "app",
      named(
        "invalid_request",
        "idempotency_key_invalid",
        "client_id_mismatch",
        "origin_rejected",
        "not_allowed",
        "method_not_allowed",
        "body_too_large",
        "unsupported_media_type",
        "idempotency_key_reused",
        "other_body",
        "unknown_usage",
        "unexpected_response",
      ),
    ],
    [
      "server",
      named(
        "charge_in_progress",
        "ledger_reset",
        "rate_limited",
        "internal",
        "ledger_unavailable",
        "paused",
        "price_unavailable",
        "auth_unavailable",
        "network_error",
      ),
    ],
    ["ares", named("declined", "outcome_unknown", "ares_unreachable")],
  ] as const)("is the matter of %s", (whose, expected) => {
    expect(withColumn((meaning) => meaning.whose === whose)).toEqual(expected);
  });

  it.each([
    [
      "same_key",
      named(
        "charge_in_progress",
        "rate_limited",
        "internal",
        "ledger_unavailable",
        "paused",
        "price_unavailable",
        "ares_unreachable",
        "auth_unavailable",
        "network_error",
      ),
    ],
    ["after_action", named("not_signed_in", "not_connected", "reconnect")],
    ["read_only", named("outcome_unknown", "unexpected_response")],
    [
      "new_key",
      named(
        "idempotency_key_expired",
        "insufficient_credits",
        "payment_required",
        "used_up",
        "declined",
        "price_changed",
        "ledger_reset",
        "idempotency_key_reused",
        "other_body",
      ),
    ],
    [
      "no",
      named(
        "invalid_request",
        "idempotency_key_invalid",
        "client_id_mismatch",
        "origin_rejected",
        "not_allowed",
        "method_not_allowed",
        "body_too_large",
        "unsupported_media_type",
        "other_user",
        "unknown_usage",
      ),
    ],
  ] as const)("may be asked for again: %s", (retry, expected) => {
    expect(withColumn((meaning) => meaning.retry === retry)).toEqual(expected);
  });

  it("of a code that only a newer server knows leaves everything open", () => {
    expect(meaningOf("ares_on_holiday")).toMatchObject({
      status: 0,
      retry: "read_only",
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

describe("an AresError", () => {
  it("may not be sent again and has no details, unless it says so", () => {
    const bare = new AresError("internal", "No.");
    expect(bare.retryable).toBe(false);
    expect(bare.details).toEqual({});
    const said = new AresError("internal", "No.", { retryable: true, details: { credits: 3 } });
    expect(said.retryable).toBe(true);
    expect(said.details).toEqual({ credits: 3 });
  });

  it("is known by its name and its code, also from another copy of the package", () => {
    const foreign = Object.assign(new Error("No."), { name: "AresError", code: "internal" });
    expect(isAresError(foreign)).toBe(true);
    expect(isAresError(Object.assign(new Error("No."), { name: "AresError" }))).toBe(false);
    expect(isAresError(Object.assign(new Error("No."), { code: "ENOENT" }))).toBe(false);
    expect(isAresError({ name: "AresError", code: "internal" })).toBe(false);
  });

  it("stops a start with an option that can't work", () => {
    expect(() => need(0, "The option is wrong.")).toThrow("ARES: The option is wrong.");
    expect(() => need("given", "The option is wrong.")).not.toThrow();
  });
});
