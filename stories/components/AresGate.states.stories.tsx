import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate } from "ares-react";
import { Report } from "../world/Report";

/** Every member of the union `AresGateState`, with its default words and ways out. */
const meta = {
  title: "Components/AresGate/States",
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  argTypes: { children: { control: false } },
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;
/** The account is being read. The words appear only when the read takes longer than a blink. */
export const Loading: Story = {
  parameters: { ares: { network: "stuck-read" } },
};

export const SignedOut: Story = {
  parameters: { ares: { account: "signed_out" } },
};

/** The user is signed in to the app, but has no linked ARES account. */
export const NotConnected: Story = {
  parameters: { ares: { account: "not_connected" } },
};

/** The link to ARES has ended, as it does after a day without use. */
export const Reconnect: Story = {
  parameters: { ares: { account: "reconnect" } },
};

/** The button shows the price before the user agrees to it. */
export const Locked: Story = {};

/** The step that asks again, at a price for which the app wants it. Cancel has the focus. */
export const Confirming: Story = {
  args: { confirmation: "always" },
  // A modal dialog would cover the whole docs page.
  parameters: {
    ares: { presses: ["unlock"] },
    docs: { story: { inline: false, height: "320px" } },
  },
};

/** The charge is on its way. The button stays in its place and keeps the focus. After thirty seconds, the charge is unknown. */
export const Charging: Story = {
  parameters: { ares: { network: "stuck-charge", presses: ["unlock"] } },
};

export const Unlocked: Story = {
  parameters: { ares: { presses: ["unlock"] } },
};

/** The balance is too low, and nothing is sent. The gate says what is missing, and where to top up. */
export const Insufficient: Story = {
  parameters: { ares: { balance: 1 } },
};

/** The page showed 2 credits, and the server asks for 3. Nothing was charged, and the new price needs a new press. */
export const PriceChanged: Story = {
  parameters: { ares: { oldPrices: { report: 2 }, presses: ["unlock"] } },
};

/** Provably not charged. The user may try the same press again. */
export const NotCharged: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("refused", { on: "usage", times: "always" }),
      presses: ["unlock"],
    },
  },
};

/** ARES deducted, and its answer was lost. Nobody knows the outcome yet, so the gate does not say "failed" and sends nothing again. */
export const Unknown: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }),
      presses: ["unlock"],
    },
  },
};

/** A mistake of the app. Here the server has no price for the usage. */
export const Unavailable: Story = {
  args: { usage: "reprot" },
};

/** A subscriber. There is no gate, and nothing is charged. */
export const Entitled: Story = {
  args: { entitled: true },
};
