import type { Meta, StoryObj } from "@storybook/react-vite";
import { LowBalance } from "ares-react";
import { expect, within } from "storybook/test";
import { wordsIn } from "../world/words";

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

export const Default: Story = {
  play: async ({ canvasElement, globals }) => {
    const { say } = wordsIn(globals);
    const screen = within(canvasElement);
    await screen.findByText(say("low_balance", { balance: 3 }));
    // The balance was low from the start, so nothing is spoken.
    await expect(screen.getByRole("status")).toBeEmptyDOMElement();
  },
};
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
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).queryByRole("link")).toBeNull();
  },
};
