import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresError, type AresErrorCode, AresErrorNotice } from "ares-react";
import { expect, fn, within } from "storybook/test";
import { wordsIn } from "../world/words";

const error = (code: AresErrorCode) => new AresError(code, code);

const meta = {
  title: "Components/AresErrorNotice",
  tags: ["!autodocs"],
  component: AresErrorNotice,
  args: { error: error("ares_unreachable"), onRetry: fn(), onCheck: fn() },
  argTypes: { error: { control: false } },
  parameters: {
    docs: {
      source: {
        code: `function ExportButton() {
  const { charge, check, ...state } = useAresUsage({ usage: "export-pdf" });
  const error = "error" in state ? state.error : undefined;
  return (
    <>
      <button type="button" onClick={() => charge()}>Export</button>
      <AresErrorNotice error={error} onRetry={() => charge()} onCheck={check} />
    </>
  );
}`,
      },
    },
  },
} satisfies Meta<typeof AresErrorNotice>;

export default meta;
type Story = StoryObj<typeof meta>;

type Offer = "retry" | "check" | "topUp";

/** The notice offers a way out only where it helps: a retry when nothing was charged, a check when the outcome is unknown. */
const of = (code: AresErrorCode, ...offers: Offer[]): Story => offering(error(code), offers);

function offering(error: AresError, offers: readonly Offer[]): Story {
  return {
    args: { error },
    play: async ({ canvasElement, globals }) => {
      const screen = within(canvasElement);
      const { say, shop } = wordsIn(globals);
      const found = (["retry", "check"] as const).filter((key) => screen.queryByRole("button", { name: say(key) }));
      const links = screen.queryAllByRole("link", { name: shop() });
      await expect([...found, ...links.map(() => "topUp")]).toEqual(offers);
      await expect(screen.getByRole("alert")).toHaveTextContent(/\S/);
    },
  };
}

export const Default: Story = {};
export const Playground: Story = {};

/** No error: the notice shows nothing, and its live region waits for the next text. */
export const NoError: Story = { args: { error: undefined }, parameters: { caption: "There is no error, so nothing is shown." } };

/** The outcome is being checked. */
export const Checking: Story = { args: { error: error("outcome_unknown"), checking: true } };

export const InvalidRequest = of("invalid_request");
export const IdempotencyKeyInvalid = of("idempotency_key_invalid");
/** An earlier send under this key may have been charged. So the notice neither says "not charged" nor offers a retry. */
export const IdempotencyKeyExpired = of("idempotency_key_expired");
export const ClientIdMismatch = of("client_id_mismatch");
export const NotSignedIn = of("not_signed_in");
export const NotConnected = of("not_connected");
export const Reconnect = of("reconnect");
export const InsufficientCredits = of("insufficient_credits", "topUp");
export const PaymentRequired = of("payment_required", "retry", "topUp");
export const OriginRejected = of("origin_rejected");
export const NotAllowed = of("not_allowed");
export const MethodNotAllowed = of("method_not_allowed");
export const BodyTooLarge = of("body_too_large");
export const UnsupportedMediaType = of("unsupported_media_type");
/** The charge may have happened, so the notice never offers a retry. */
export const ChargeInProgress = of("charge_in_progress", "check");
export const PriceChanged = of("price_changed", "retry");
/** The ledger has lost the row of this key, and with it the outcome of an earlier send. */
export const LedgerReset = of("ledger_reset");
/** Another user signed in in another window. The page shows the user before. */
export const OtherUser = of("other_user");
/** ARES may have charged, so the notice never offers a retry. */
export const OutcomeUnknown = of("outcome_unknown", "check");
export const IdempotencyKeyReused = of("idempotency_key_reused");
export const UnknownUsage = of("unknown_usage");
export const RateLimited = of("rate_limited", "retry");
export const Internal = of("internal", "check");
export const LedgerUnavailable = of("ledger_unavailable", "retry");
export const PriceUnavailable = of("price_unavailable", "retry");
export const AresUnreachable = of("ares_unreachable", "retry");
export const AuthUnavailable = of("auth_unavailable", "retry");
export const NetworkError = of("network_error", "retry");
export const UnexpectedResponse = of("unexpected_response", "check");
