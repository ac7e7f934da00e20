import type { Meta, StoryObj } from "@storybook/react-vite";
import { InsufficientCredits } from "ares-react";
import { expect, fn, userEvent, within } from "storybook/test";

const meta = {
  title: "Components/InsufficientCredits",
  component: InsufficientCredits,
  args: { missing: 2 },
} satisfies Meta<typeof InsufficientCredits>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {
  args: { onCheckAgain: fn() },
  play: async ({ canvasElement, args }) => {
    const screen = within(canvasElement);
    await expect(screen.getByRole("alert")).toHaveTextContent("Not enough credits. You are 2 credits short.");
    await expect(screen.getByRole("link", { name: "Get credits (opens in a new tab)" })).toHaveAttribute("target", "_blank");
    await userEvent.click(screen.getByRole("button", { name: "Check again" }));
    await expect(args.onCheckAgain).toHaveBeenCalledOnce();
  },
};
export const ShortfallUnknown: Story = { args: { missing: undefined } };
export const Fraction: Story = { args: { missing: 0.01 } };
export const OwnShop: Story = { args: { topUpUrl: "https://example.com/credits" } };
