import type { Meta, StoryObj } from "@storybook/react-vite";
import { UnlockButton, useAresGate } from "ares-react";
import type { ComponentProps } from "react";
import { expect, within } from "storybook/test";

function OwnGate(props: Omit<ComponentProps<typeof UnlockButton>, "gate">) {
  return <UnlockButton {...props} gate={useAresGate({ usage: "image" })} />;
}

/** The button with the price on it, for a gate of one's own making. */
const meta = {
  title: "Components/UnlockButton",
  component: UnlockButton,
  render: ({ gate: _, ...args }) => <OwnGate {...args} />,
  args: { label: "image", gate: { status: "loading" } },
  argTypes: { gate: { control: false } },
} satisfies Meta<typeof UnlockButton>;

export default meta;
type Story = StoryObj<typeof meta>;

const named = (name: string | RegExp): NonNullable<Story["play"]> => {
  return async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByRole("button", { name })).toBeVisible();
  };
};

export const Default: Story = { play: named("Unlock image · 4 credits") };

/** On its way: it stays focusable, and pressing it again changes nothing. */
export const Charging: Story = {
  parameters: { ares: { network: "stuck-charge", presses: ["unlock"] } },
  play: async ({ canvasElement }) => {
    const button = await within(canvasElement).findByRole("button", { busy: true });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(button).not.toHaveAttribute("disabled");
  },
};

/** Provably not charged. */
export const NotCharged: Story = {
  parameters: { ares: { arrange: (ares) => ares.fail("refused", { on: "usage", times: "always" }), presses: ["unlock"] } },
  play: named(/^Try again/),
};

export const PriceChanged: Story = {
  parameters: { ares: { oldPrices: { image: 2 }, presses: ["unlock"] } },
  play: named("Unlock image · 4 credits"),
};

/** The app has a reason of its own to wait: it keeps the focus and does nothing. */
export const Disabled: Story = { args: { "aria-disabled": true }, play: named("Unlock image · 4 credits") };

/** Drawn by the app's own component. */
export const OwnButton: Story = {
  args: { render: (props) => <button {...props} className="host-button" /> },
  play: named("Unlock image · 4 credits"),
};

export const LongLabel: Story = { args: { label: "the illustrated history of the lighthouses of the North Sea" } };
