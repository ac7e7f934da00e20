import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, CreditBalance } from "ares-react";
import { expect, fireEvent, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { Report } from "../world/Report";
import { wordsIn } from "../world/words";
import { heard, step, withTranscript } from "./Heard";

/** Whole walks, pressed as a user would press, with the words spoken at each step. Each walk ends with a look into ARES's book. */
const meta = {
  title: "Flows",
  tags: ["!autodocs"],
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  argTypes: { children: { control: false } },
  decorators: [withTranscript],
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
const plain = (text: string) => text.replaceAll(/\s+/g, " ");
const unlocks = (canvas: HTMLElement) => canvas.querySelectorAll<HTMLElement>('[data-ares-part="unlock"]');
/** Price, dialog, charge: the balance follows. */
export const FirstPurchase: Story = {
  args: { confirmation: "always" },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, name, unlock, balance } = wordsIn(globals);
    await step(canvasElement, "The user presses Unlock. The gate asks first.");
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
    const asked = `${name("confirming", { price: 3, label: "Report" })} ${name("confirming_more", { balance: 698, after: 695 })}`;
    const question = within(await screen.findByRole("alertdialog", { name: asked }));
    await expect(question.getByRole("button", { name: say("cancel") })).toHaveFocus();
    await step(canvasElement, "The user agrees to the price.");
    await userEvent.click(question.getByRole("button", { name: name("confirm", { price: 3 }) }));
    await screen.findByRole("article");
    await screen.findByRole("group", { name: balance(695) });
    await expect(deducted(canvasElement)).toEqual([3]);
    await waitFor(() =>
      expect(heard(canvasElement)).toEqual([
        "step: The user presses Unlock. The gate asks first.",
        `question: ${plain(asked)}`,
        "step: The user agrees to the price.",
        `status: ${say("charging")}`,
        `status: ${say("unlocked")} ${say("unlocked_more", { credits: 3, balance: 695 })}`,
      ]),
    );
  },
};

/** The balance is too low, and the user tops up elsewhere. Back on the page, the gate notices by itself. */
export const TopUp: Story = {
  parameters: { ares: { balance: 1 } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { shop, unlock } = wordsIn(globals);
    await screen.findByRole("link", { name: shop() });
    await step(canvasElement, "The user buys 100 credits at ARES, and comes back.");
    worldOf(canvasElement).simulator.topUp("ada", 100);
    window.dispatchEvent(new Event("visibilitychange"));
    await step(canvasElement, "The user presses Unlock.");
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The answer to the charge was lost on its way back. The page reads the charge's state, and never sends the charge again. */
export const LostAnswer: Story = {
  parameters: { ares: { network: "lost-answer" } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await step(canvasElement, "The user presses Unlock. The answer is lost.");
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(say("unknown")));
    await step(canvasElement, "The user presses Check again.");
    await userEvent.click(screen.getByRole("button", { name: say("check") }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The price rose while the page was open. */
export const PriceChanged: Story = {
  parameters: { ares: { oldPrices: { report: 2 } } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await step(canvasElement, "The user presses Unlock at the old price.");
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 2) }));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(say("price_changed", { price: 3 })));
    await expect(deducted(canvasElement)).toEqual([]);
    await step(canvasElement, "The user agrees to the new price.");
    await userEvent.click(screen.getByRole("button", { name: unlock("Report", 3) }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The connection to ARES had ended. */
export const Reconnect: Story = {
  parameters: { ares: { account: "reconnect" } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await step(canvasElement, "The user presses Reconnect, and comes back from ARES.");
    await userEvent.click(await screen.findByRole("button", { name: say("reconnect_button") }));
    await step(canvasElement, "The user presses Unlock.");
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Two gates on one report. A press at either gate opens both, for one deduction. */
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
    await waitFor(() => expect(unlocks(canvasElement)).toHaveLength(2));
    await step(canvasElement, "The user presses both at once.");
    await Promise.all([...unlocks(canvasElement)].map((button) => userEvent.click(button)));
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Two tabs, pressed at the same time. Each tab is its own page, with its own memory. */
export const TwoTabs: Story = {
  args: { resource: "report-42" },
  // This page shows two tabs, so it has each landmark twice.
  parameters: { ares: { tabs: 2 }, a11y: { config: { rules: [{ id: "landmark-unique", enabled: false }] } } },
  render: (args) => (
    <AresGate {...args}>
      <p>Tides of the North Sea</p>
    </AresGate>
  ),
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await waitFor(() => expect(unlocks(canvasElement)).toHaveLength(2));
    await step(canvasElement, "The user presses in both tabs at once.");
    await Promise.all([...unlocks(canvasElement)].map((button) => userEvent.click(button)));
    await waitFor(() => expect(screen.getAllByText("Tides of the North Sea")).toHaveLength(2));
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The partner guide's own route file, unchanged. The route publishes no prices, so the page brings the price along. */
export const GuidesOwnRoute: Story = {
  args: { credits: 3 },
  parameters: { ares: { guide: true } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { unlock } = wordsIn(globals);
    await step(canvasElement, "The user presses Unlock.");
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Nothing is sent while the browser is offline, and nothing is queued. */
export const Offline: Story = {
  args: { credits: 3 },
  parameters: { ares: { network: "offline" } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    const button = await screen.findByRole("button", { name: unlock("Report", 3) });
    await step(canvasElement, "The user presses Unlock without a network.");
    fireEvent.click(button);
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await step(canvasElement, "The network is back.");
    worldOf(canvasElement).network = "ok";
    Reflect.deleteProperty(navigator, "onLine");
    window.dispatchEvent(new Event("online"));
    await screen.findByText(say("locked_more", { balance: 698 }));
    await expect(deducted(canvasElement)).toEqual([]);
  },
};
