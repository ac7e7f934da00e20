import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresError, type AresErrorCode, AresErrorNotice } from "ares-react";
import { expect, fn, within } from "storybook/test";
import { wordsIn } from "../world/words";

const error = (code: AresErrorCode) => new AresError(code, code);

const meta = {
  title: "Components/AresErrorNotice",
  component: AresErrorNotice,
  args: { error: error("ares_unreachable"), onRetry: fn(), onCheck: fn() },
  argTypes: { error: { control: false } },
  parameters: {
    docs: {
      source: {
        code: `function ExportButton() {
  const { charge, check, error } = useAresUsage({ usage: "export-pdf" });
  return (
    <>
      <button type="button" onClick={() => charge().catch(() => {})}>Export</button>
      <AresErrorNotice error={error} onRetry={() => charge().catch(() => {})} onCheck={check} />
    </>
  );
}`,
      },
    },
  },
} satisfies Meta<typeof AresErrorNotice>;

export default meta;
type Story = StoryObj<typeof meta>;

/** What was passed is offered where it may be: again only what is not charged and no mistake of the app's, a look at what is unknown. */
function of(code: AresErrorCode, ...offers: ("retry" | "checkAgain" | "topUp")[]): Story {
  return {
    args: { error: error(code) },
    play: async ({ canvasElement, globals }) => {
      const screen = within(canvasElement);
      const { say } = wordsIn(globals);
      const found = (["retry", "checkAgain"] as const).filter((key) => screen.queryByRole("button", { name: say(key) }));
      const links = screen.queryAllByRole("link", { name: say("topUp") });
      await expect([...found, ...links.map(() => "topUp")]).toEqual(offers);
      await expect(screen.getByRole("alert")).toHaveTextContent(/\S/);
    },
  };
}

export const Default: Story = {};
export const Playground: Story = {};

/** Nothing went wrong: nothing is to be seen, and the live region is there for what may come. */
export const NoError: Story = { args: { error: undefined } };

/** The outcome is being looked at. */
export const Checking: Story = { args: { error: error("outcome_unknown"), checking: true } };

export const InvalidRequest = of("invalid_request");
export const IdempotencyKeyInvalid = of("idempotency_key_invalid", "retry");
export const IdempotencyKeyExpired = of("idempotency_key_expired", "retry");
export const ClientIdMismatch = of("client_id_mismatch");
export const NotSignedIn = of("not_signed_in", "retry");
export const NotConnected = of("not_connected", "retry");
export const Reconnect = of("reconnect", "retry");
export const InsufficientCredits = of("insufficient_credits", "topUp");
export const PaymentRequired = of("payment_required", "topUp");
export const OriginRejected = of("origin_rejected");
export const NotAllowed = of("not_allowed", "retry");
export const MethodNotAllowed = of("method_not_allowed", "retry");
export const BodyTooLarge = of("body_too_large", "retry");
export const UnsupportedMediaType = of("unsupported_media_type", "retry");
/** It may have been charged, so trying again is not offered, whatever was passed. */
export const ChargeInProgress = of("charge_in_progress", "checkAgain");
export const PriceChanged = of("price_changed", "retry");
export const LedgerReset = of("ledger_reset", "retry");
/** It may have been charged, so trying again is not offered, whatever was passed. */
export const OutcomeUnknown = of("outcome_unknown", "checkAgain");
export const IdempotencyKeyReused = of("idempotency_key_reused", "retry");
export const UnknownUsage = of("unknown_usage");
export const RateLimited = of("rate_limited", "retry");
export const Internal = of("internal", "checkAgain");
export const LedgerUnavailable = of("ledger_unavailable", "retry");
export const AresUnreachable = of("ares_unreachable", "retry");
export const AuthUnavailable = of("auth_unavailable", "retry");
export const NetworkError = of("network_error", "retry");
export const UnexpectedResponse = of("unexpected_response", "checkAgain");
