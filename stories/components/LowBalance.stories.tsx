import type { Meta, StoryObj } from "@storybook/react-vite";
import { LowBalance } from "ares-react";

/** Warns before the credits run out. */
const meta = {
  title: "Components/LowBalance",
  tags: ["!autodocs"],
  component: LowBalance,
  args: { below: 10 },
  parameters: { ares: { balance: 3 } },
} satisfies Meta<typeof LowBalance>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {};
export const Playground: Story = { args: { below: 100 } };
export const Enough: Story = {
  parameters: { ares: { balance: 698 }, caption: "There is enough, so nothing is shown." },
};
export const NothingLeft: Story = { parameters: { ares: { balance: 0 } } };
/** An unread balance is no low balance. */
export const BalanceUnknown: Story = {
  parameters: {
    ares: { network: "html" },
    caption: "The balance was not read, so nothing is shown.",
  },
};
