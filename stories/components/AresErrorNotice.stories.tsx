import type { Decorator, Meta, StoryObj } from "@storybook/react-vite";
import {
  AresError,
  type AresErrorCode,
  type AresErrorDetails,
  AresErrorNotice,
  CreditBalance,
} from "ares-react";
import { fn } from "storybook/test";

const error = (code: AresErrorCode) => new AresError(code, code);

const meta = {
  title: "Components/AresErrorNotice",
  tags: ["!autodocs"],
  component: AresErrorNotice,
  args: { error: error("ares_unreachable"), onRetry: fn(), onCheck: fn(), onReset: fn() },
  argTypes: { error: { control: false }, charge: { control: false } },
  parameters: {
    docs: {
      source: {
        code: `function ExportButton() {
  const usage = useAresUsage({ usage: "export-pdf" });
  return (
    <>
      <button type="button" onClick={() => usage.charge()}>Export</button>
      <AresErrorNotice charge={usage} onRetry={() => usage.charge()} onCheck={usage.check} onReset={usage.reset} />
    </>
  );
}`,
      },
    },
  },
} satisfies Meta<typeof AresErrorNotice>;

export default meta;
type Story = StoryObj<typeof meta>;

const withBalance: Decorator = (Notice) => (
  <>
    <CreditBalance />
    <Notice />
  </>
);

/** The words of a code, and only the ways out that help: a retry where nothing was charged, a check where nobody knows. */
const of = (code: AresErrorCode): Story => ({ args: { error: error(code) } });

/** A code with the state of its charge, which proves that nothing was taken. */
const refused = (code: AresErrorCode, details?: AresErrorDetails): Story => ({
  args: {
    error: undefined,
    charge: {
      status: "not_charged",
      error: new AresError(code, code, details && { details }),
      at: Date.now(),
      credits: 3,
      before: 698,
    },
  },
});

export const Default: Story = {};
export const Playground: Story = {};

/** No error: the notice shows nothing, and its live region waits for the next text. */
export const NoError: Story = {
  args: { error: undefined },
  parameters: { caption: "There is no error, so nothing is shown." },
};

/** The outcome is being checked. */
export const Checking: Story = { args: { error: error("outcome_unknown"), checking: true } };

export const InvalidRequest = of("invalid_request");
export const IdempotencyKeyInvalid = of("idempotency_key_invalid");
/** An earlier send under this key may have been charged. So the notice neither says "not charged" nor offers a retry. */
export const IdempotencyKeyExpired = of("idempotency_key_expired");
/** The state of the charge knows of no earlier send: nothing was charged, and a retry helps. */
export const IdempotencyKeyExpiredAtFirst = refused("idempotency_key_expired");
export const ClientIdMismatch = of("client_id_mismatch");
export const NotSignedIn = of("not_signed_in");
export const NotConnected = of("not_connected");
export const Reconnect = of("reconnect");
export const InsufficientCredits = of("insufficient_credits");
/** The state of the charge knows the agreed price, and the page its balance: the notice names what is missing. */
export const ShortOfCredits: Story = {
  ...refused("insufficient_credits"),
  parameters: { ares: { balance: 1 } },
  decorators: [withBalance],
};
export const PaymentRequired = of("payment_required");
/** The server names the charge that paid before, so the paid thing is used up. */
export const UsedUp = of("used_up");
export const OriginRejected = of("origin_rejected");
export const NotAllowed = of("not_allowed");
export const Declined = of("declined");
export const MethodNotAllowed = of("method_not_allowed");
export const BodyTooLarge = of("body_too_large");
export const UnsupportedMediaType = of("unsupported_media_type");
/** The charge may have happened, so the notice never offers a retry. */
export const ChargeInProgress = of("charge_in_progress");
export const PriceChanged = of("price_changed");
/** The server told the new price with its refusal. */
export const PriceChangedTo: Story = {
  args: {
    error: new AresError("price_changed", "The price is 4 now.", { details: { credits: 4 } }),
  },
};
/** Both prices, where the press agreed to one. */
export const PriceChangedSince = refused("price_changed", { credits: 4 });
/** The ledger has lost the row of this key, and with it the outcome of an earlier send. */
export const LedgerReset = of("ledger_reset");
export const LedgerResetAtFirst = refused("ledger_reset");
/** Another user signed in in another window. The page shows the user before. */
export const OtherUser = of("other_user");
/** ARES may have charged, so the notice never offers a retry. */
export const OutcomeUnknown = of("outcome_unknown");
export const IdempotencyKeyReused = of("idempotency_key_reused");
export const OtherBody = of("other_body");
export const UnknownUsage = of("unknown_usage");
export const RateLimited = of("rate_limited");
export const Paused = of("paused");
export const Internal = of("internal");
export const LedgerUnavailable = of("ledger_unavailable");
export const PriceUnavailable = of("price_unavailable");
export const AresUnreachable = of("ares_unreachable");
export const AuthUnavailable = of("auth_unavailable");
export const NetworkError = of("network_error");
/** The press was offline, or the server has no row of its key: nothing was charged. */
export const NetworkErrorOfACharge = refused("network_error");
export const UnexpectedResponse = of("unexpected_response");
