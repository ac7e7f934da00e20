import type { Meta, StoryObj } from "@storybook/react-vite";
import { CreditBalance } from "ares-react";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { wordsIn } from "../world/words";

/** How many credits the user has. An unread balance is never shown as 0. */
const meta = {
  title: "Components/CreditBalance",
  tags: ["!autodocs"],
  component: CreditBalance,
} satisfies Meta<typeof CreditBalance>;

export default meta;
type Story = StoryObj<typeof meta>;

const has = (amount: number): Story => ({
  parameters: { ares: { balance: amount } },
});

export const Default: Story = {};
export const Playground: Story = { args: { variant: "card", refresh: true } };

export const Compact: Story = { args: { variant: "compact" } };
export const Chip: Story = { args: { variant: "chip" } };
export const Card: Story = { args: { variant: "card" } };

export const Loading: Story = {
  parameters: { ares: { network: "stuck-read" } },
};
export const SignedOut: Story = {
  parameters: { ares: { account: "signed_out" } },
};
export const NotConnected: Story = {
  parameters: { ares: { account: "not_connected" } },
};
export const Reconnect: Story = {
  parameters: { ares: { account: "reconnect" } },
};

/** The balance could not be read. The component says so, and offers another read. */
export const Unavailable: Story = {
  parameters: { ares: { network: "html" } },
};

export const OneCredit = has(1);
export const Zero = has(0);
export const Hundredths = has(12.34);
export const OneHundredth = has(0.01);
/** A balance below the smallest shown amount is not 0. */
export const LessThanAHundredth: Story = {
  parameters: { ares: { balance: 0, arrange: (ares) => ares.set({ userShape: "fractional" }) } },
};
export const Huge = has(1_000_000_000);

/** The user buys credits in another tab. */
export const Refreshed: Story = {
  args: { refresh: true },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, balance } = wordsIn(globals);
    await screen.findByRole("group", { name: balance(698) });
    worldOf(canvasElement).simulator.topUp("ada", 100);
    await userEvent.click(screen.getByRole("button", { name: say("refresh") }));
    await screen.findByRole("group", { name: balance(798) });
  },
};

/** The balance is read again, while the old balance stays on screen. */
export const Refreshing: Story = {
  args: { refresh: true },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, balance } = wordsIn(globals);
    const amount = await screen.findByRole("group", { name: balance(698) });
    worldOf(canvasElement).network = "stuck-read";
    await userEvent.click(screen.getByRole("button", { name: say("refresh") }));
    await waitFor(() => expect(amount.parentElement).toHaveAttribute("aria-busy", "true"));
  },
};

/** The balance could not be read again. The old balance is shown, with its time. */
function stale(variant: "compact" | "chip" | "card"): Story {
  return {
    args: { refresh: true, variant },
    play: async ({ canvasElement, globals }) => {
      const screen = within(canvasElement);
      const { say, balance } = wordsIn(globals);
      const amount = await screen.findByRole("group", { name: balance(698) });
      worldOf(canvasElement).network = "429";
      await userEvent.click(screen.getByRole("button", { name: say("refresh") }));
      await waitFor(() => expect(amount.parentElement).toHaveAttribute("data-stale"));
      await expect(amount.getAttribute("aria-label")).not.toBe(balance(698));
    },
  };
}

export const Stale = stale("compact");
export const StaleChip = stale("chip");
export const StaleCard = stale("card");
