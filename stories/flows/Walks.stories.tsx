import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, CreditBalance } from "ares-react";
import { expect, fireEvent, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { Report } from "../world/Report";

/** Whole walks, pressed as a user would. Each ends with what ARES's book says. */
const meta = {
  title: "Flows",
  tags: ["!autodocs"],
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  render: (args) => (
    <>
      <p>
        <CreditBalance />
      </p>
      <AresGate {...args} />
    </>
  ),
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;

const deducted = (canvas: HTMLElement) => worldOf(canvas).simulator.charges.map(({ credits }) => credits);
const slowly = { timeout: 8000 };

/** Price, question, paid: the balance follows. */
export const FirstPurchase: Story = {
  args: { confirm: "always" },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    const question = within(await screen.findByRole("alertdialog", { name: /Spend 3 credits\? 698 credits now, 695 credits/ }));
    await expect(question.getByRole("button", { name: "Cancel" })).toHaveFocus();
    await userEvent.click(question.getByRole("button", { name: "Spend 3 credits" }));
    await screen.findByRole("article");
    await screen.findByRole("group", { name: "ARES balance: 695 credits" });
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Not enough, bought elsewhere, back on the page: the gate notices by itself. */
export const TopUp: Story = {
  parameters: { ares: { balance: 1 } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await screen.findByRole("link", { name: "Get credits (opens in a new tab)" });
    worldOf(canvasElement).simulator.topUp("ada", 100);
    window.dispatchEvent(new Event("visibilitychange"));
    await userEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The answer to the charge was lost on its way back. The page asks what became of it, and never sends it again. */
export const LostAnswer: Story = {
  parameters: { ares: { network: "lost-answer" } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent("We could not confirm the charge: you may have been charged."));
    await userEvent.click(screen.getByRole("button", { name: "Check again" }));
    await screen.findByRole("article", {}, slowly);
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The price went up while the page was open. */
export const PriceChanged: Story = {
  parameters: { ares: { oldPrices: { report: 2 } } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Unlock Report · 2 credits" }));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent("The price is now 3 credits. You were not charged."));
    await expect(deducted(canvasElement)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Unlock Report · 3 credits" }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The connection to ARES had ended. */
export const Reconnect: Story = {
  parameters: { ares: { account: "reconnect" } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Reconnect ARES" }));
    await userEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Two gates on one report: whoever pays, both open, for one deduction. */
export const TwoGatesOneReport: Story = {
  args: { resource: "report-42" },
  render: (args) => (
    <div className="state-map">
      <AresGate {...args} />
      <AresGate {...args} label="The same Report" />
    </div>
  ),
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await waitFor(() => expect(screen.getAllByRole("button", { name: /^Unlock/ })).toHaveLength(2));
    await Promise.all(screen.getAllByRole("button", { name: /^Unlock/ }).map((button) => userEvent.click(button)));
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Two tabs, pressed at the same time: each is a page of its own, with its own memory. */
export const TwoTabs: Story = {
  args: { resource: "report-42" },
  // What each tab has once, this page has twice.
  parameters: { ares: { tabs: 2 }, a11y: { config: { rules: [{ id: "landmark-unique", enabled: false }] } } },
  render: (args) => (
    <AresGate {...args}>
      <p>Tides of the North Sea</p>
    </AresGate>
  ),
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await waitFor(() => expect(screen.getAllByRole("button", { name: /^Unlock/ })).toHaveLength(2));
    await Promise.all(screen.getAllByRole("button", { name: /^Unlock/ }).map((button) => userEvent.click(button)));
    await waitFor(() => expect(screen.getAllByText("Tides of the North Sea")).toHaveLength(2), slowly);
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The partner guide's own route file, unchanged: it publishes no prices, so the page brings the price along. */
export const GuidesOwnRoute: Story = {
  args: { credits: 3 },
  parameters: { ares: { guide: true } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Nothing is sent while the browser is offline, and nothing is kept to be sent later. */
export const Offline: Story = {
  args: { credits: 3 },
  parameters: { ares: { network: "offline" } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    const unlock = await screen.findByRole("button", { name: /^Unlock Report/ }, slowly);
    fireEvent.click(unlock);
    await expect(unlock).toHaveAttribute("aria-disabled", "true");
    worldOf(canvasElement).network = "ok";
    Reflect.deleteProperty(navigator, "onLine");
    window.dispatchEvent(new Event("online"));
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("You have 698 credits."), slowly);
    await expect(deducted(canvasElement)).toEqual([]);
  },
};
