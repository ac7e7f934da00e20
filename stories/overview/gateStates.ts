import type {
  AresErrorCode,
  AresGateState,
  AresUserState,
  ChargeHistoryProps,
  ChargeState,
} from "ares-react";
import type { ComponentProps } from "react";
import * as errors from "../components/AresErrorNotice.stories";
import * as stories from "../components/AresGate.states.stories";
import * as history from "../components/ChargeHistory.stories";
import * as balance from "../components/CreditBalance.stories";
import type { StateCell } from "./StateCell";

type Cell = ComponentProps<typeof StateCell>["story"];

/** Every state of a gate, with the story that shows it. A new member of the union without a story does not compile. */
export const gateStates = {
  loading: stories.Loading,
  signed_out: stories.SignedOut,
  not_connected: stories.NotConnected,
  reconnect: stories.Reconnect,
  locked: stories.Locked,
  confirming: stories.Confirming,
  charging: stories.Charging,
  unlocked: stories.Unlocked,
  insufficient: stories.Insufficient,
  price_changed: stories.PriceChanged,
  not_charged: stories.NotCharged,
  unknown: stories.Unknown,
  unavailable: stories.Unavailable,
  entitled: stories.Entitled,
} satisfies Record<AresGateState["status"], Cell>;

/** The same for the user of a balance. */
export const userStates = {
  loading: balance.Loading,
  signed_out: balance.SignedOut,
  not_connected: balance.NotConnected,
  reconnect: balance.Reconnect,
  ready: balance.Default,
  error: balance.Unavailable,
} satisfies Record<AresUserState["status"], Cell>;

/** The same for the charge of a gate. @public for the compiler alone */
export const chargeStates = {
  idle: stories.Locked,
  charging: stories.Charging,
  charged: stories.Unlocked,
  not_charged: stories.NotCharged,
  unknown: stories.Unknown,
} satisfies Record<ChargeState["status"], Cell>;

/** The same for each code of an error. @public for the compiler alone */
export const errorStates = {
  invalid_request: errors.InvalidRequest,
  idempotency_key_invalid: errors.IdempotencyKeyInvalid,
  idempotency_key_expired: errors.IdempotencyKeyExpired,
  client_id_mismatch: errors.ClientIdMismatch,
  not_signed_in: errors.NotSignedIn,
  not_connected: errors.NotConnected,
  reconnect: errors.Reconnect,
  insufficient_credits: errors.InsufficientCredits,
  payment_required: errors.PaymentRequired,
  used_up: errors.UsedUp,
  origin_rejected: errors.OriginRejected,
  not_allowed: errors.NotAllowed,
  declined: errors.Declined,
  method_not_allowed: errors.MethodNotAllowed,
  body_too_large: errors.BodyTooLarge,
  unsupported_media_type: errors.UnsupportedMediaType,
  charge_in_progress: errors.ChargeInProgress,
  price_changed: errors.PriceChanged,
  ledger_reset: errors.LedgerReset,
  other_user: errors.OtherUser,
  outcome_unknown: errors.OutcomeUnknown,
  idempotency_key_reused: errors.IdempotencyKeyReused,
  other_body: errors.OtherBody,
  unknown_usage: errors.UnknownUsage,
  rate_limited: errors.RateLimited,
  paused: errors.Paused,
  internal: errors.Internal,
  ledger_unavailable: errors.LedgerUnavailable,
  price_unavailable: errors.PriceUnavailable,
  ares_unreachable: errors.AresUnreachable,
  auth_unavailable: errors.AuthUnavailable,
  network_error: errors.NetworkError,
  unexpected_response: errors.UnexpectedResponse,
} satisfies Record<AresErrorCode, object>;

type Row = NonNullable<ChargeHistoryProps["charges"]>[number];

/** The same for each state of a charge in the ledger. @public for the compiler alone */
export const historyStates = {
  absent: history.Absent,
  claimed: history.Claimed,
  sending: history.Sending,
  charged: history.Charged,
  declined: history.Declined,
  unknown: history.Unknown,
} satisfies Record<Row["status"], object>;
