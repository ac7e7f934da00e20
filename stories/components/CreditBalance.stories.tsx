import type { Meta, StoryObj } from "@storybook/react-vite";
import { CreditBalance } from "ares-react";
import { expect, userEvent, within } from "storybook/test";
import { worldOf } from "../world/createWorld";

/** How many credits the user has. A balance that was not read is never shown as 0. */
const meta = { title: "Components/CreditBalance", component: CreditBalance } satisfies Meta<typeof CreditBalance>;

export default meta;
type Story = StoryObj<typeof meta>;

const says = (name: string): NonNullable<Story["play"]> => {
  return async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByRole("group", { name })).toBeVisible();
  };
};

export const Default: Story = { play: says("ARES balance: 698 credits") };
export const Playground: Story = { args: { refresh: true } };

export const Chip: Story = { render: (args) => <CreditBalance data-look="chip" {...args} /> };
export const Card: Story = { render: (args) => <CreditBalance data-look="card" {...args} /> };

export const Loading: Story = { parameters: { ares: { network: "stuck-read" } }, play: says("Reading the balance") };
export const SignedOut: Story = { parameters: { ares: { account: "signed_out" } }, play: says("Not signed in") };
export const NotConnected: Story = { parameters: { ares: { account: "not_connected" } }, play: says("ARES is not connected") };
export const Reconnect: Story = { parameters: { ares: { account: "reconnect" } }, play: says("The connection to ARES has ended") };

/** The balance could not be read: it is said, and can be read again. */
export const Unavailable: Story = { parameters: { ares: { network: "html" } }, play: says("Balance unavailable") };

export const OneCredit: Story = { parameters: { ares: { balance: 1 } }, play: says("ARES balance: 1 credit") };
export const Zero: Story = { parameters: { ares: { balance: 0 } }, play: says("ARES balance: 0 credits") };
export const Hundredths: Story = { parameters: { ares: { balance: 12.34 } }, play: says("ARES balance: 12.34 credits") };
export const Huge: Story = { parameters: { ares: { balance: 1_000_000_000 } }, play: says("ARES balance: 1,000,000,000 credits") };

/** Credits were bought in another tab. */
export const Refreshed: Story = {
  args: { refresh: true },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await screen.findByRole("group", { name: "ARES balance: 698 credits" });
    worldOf(canvasElement).simulator.topUp("ada", 100);
    await userEvent.click(screen.getByRole("button", { name: "Refresh balance" }));
    await screen.findByRole("group", { name: "ARES balance: 798 credits" });
  },
};
