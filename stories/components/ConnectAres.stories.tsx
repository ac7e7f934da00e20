import type { Meta, StoryObj } from "@storybook/react-vite";
import { ConnectAres, CreditBalance } from "ares-react";
import { expect, userEvent, within } from "storybook/test";

const meta = { title: "Components/ConnectAres", component: ConnectAres } satisfies Meta<typeof ConnectAres>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = { parameters: { ares: { account: "not_connected" } } };
export const SignedOut: Story = { parameters: { ares: { account: "signed_out" } } };
export const Reconnect: Story = { parameters: { ares: { account: "reconnect" } } };

/** The way to ARES could not begin, or ended without a link. */
export const Failed: Story = {
  parameters: { ares: { account: "not_connected", connectFails: true, presses: ["connect"] } },
  play: async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByRole("alert")).toHaveTextContent("Connecting did not work.");
  },
};

/** The button is gone once ARES is connected. */
export const Connected: Story = {
  parameters: { ares: { account: "not_connected" } },
  render: (args) => (
    <>
      <ConnectAres {...args} /> <CreditBalance />
    </>
  ),
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Connect ARES" }));
    await screen.findByRole("group", { name: "ARES balance: 698 credits" });
    await expect(screen.queryByRole("button", { name: "Connect ARES" })).toBeNull();
  },
};
