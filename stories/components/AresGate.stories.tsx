import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate } from "ares-react";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { Report } from "../world/Report";
import { wordsIn } from "../world/words";

const meta = {
  title: "Components/AresGate",
  tags: ["!autodocs"],
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  argTypes: {
    children: { control: false },
    slots: { control: false },
    renderButton: { control: false },
    renderLink: { control: false },
    trigger: { control: "inline-radio", options: ["click", "mount"] },
    confirmation: { control: "inline-radio", options: ["never", "always", 3] },
  },
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A visitor's first view: the price, the balance, one button. */
export const Default: Story = {};

/** Change any prop here. The toolbar above changes the account, the balance and the network. */
export const Playground: Story = {
  args: { resource: "report-42", confirmation: "always" },
};

/** Many presses are one charge and one deduction. */
export const OnePressOneCharge: Story = {
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await userEvent.dblClick(await screen.findByRole("button", { name: unlock("Report", 3) }));
    await expect(await screen.findByRole("article")).toBeVisible();
    await waitFor(() =>
      expect(screen.getByRole("status")).toHaveTextContent(say("unlocked_left", { balance: 695 })),
    );
    await expect(worldOf(canvasElement).simulator.charges.map(({ credits }) => credits)).toEqual([
      3,
    ]);
  },
};
