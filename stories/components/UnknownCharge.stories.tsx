import type { Meta, StoryObj } from "@storybook/react-vite";
import { UnknownCharge } from "ares-react";

const evidence = {
  before: 698,
  after: 695,
  credits: 3,
  id: "MJ8BUJHGOeAj1Kd4Dn6x9Qw",
  sentAt: Date.UTC(2026, 2, 4, 10, 30),
  looks: 4,
  stored: true,
};

/** The evidence of an unconfirmed charge, for a user who has to decide. Put the list into the gate's slot for `unknown`. */
const meta = {
  title: "Components/UnknownCharge",
  tags: ["!autodocs"],
  component: UnknownCharge,
  args: { evidence },
  parameters: {
    docs: {
      source: {
        code: `<AresGate usage="report" slots={{ unknown: ({ evidence }, defaults) => <><UnknownCharge evidence={evidence} />{defaults}</> }}>`,
      },
    },
  },
} satisfies Meta<typeof UnknownCharge>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The page has stopped looking. */
export const Default: Story = {};

/** The page looks again by itself, and counts down. */
export const NextLook: Story = {
  tags: ["fixed-clock"],
  args: { evidence: { ...evidence, after: undefined, nextAt: Date.now() + 8000 } },
};

/** The user may look now. */
export const CheckNow: Story = { args: { onCheck: () => {} } };

/** In a row, the evidence opens over the page. */
export const Small: Story = { args: { size: "small", onCheck: () => {} } };

/** The browser could not store the key: the page has to stay open. */
export const NotStored: Story = {
  args: { evidence: { ...evidence, stored: false } },
};
