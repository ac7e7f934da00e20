import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, CreditBalance } from "ares-react";
import type { ComponentProps } from "react";
import { expect, fireEvent, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { useLabel } from "../world/labels";
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

const deducted = (canvas: HTMLElement) =>
  worldOf(canvas).simulator.charges.map(({ credits }) => credits);
const plain = (text: string) => text.replaceAll(/\s+/g, " ");

/** Checks the transcript of a walk: its steps, and everything that is spoken at them. */
async function tells(canvas: HTMLElement, lines: readonly string[]): Promise<void> {
  await waitFor(() => expect(heard(canvas)).toEqual(lines));
}

/** The words of a paid press: the charge is on its way, then its cost, then the remaining balance once the page has read it. */
function paid({ say }: ReturnType<typeof wordsIn>, credits: number, balance: number): string[] {
  const words = [
    say("charging"),
    `${say("unlocked")} ${say("unlocked_some", { credits })}`,
    say("unlocked_left", { balance }),
  ];
  return words.map((text) => `status: ${text}`);
}

const unlocks = (canvas: HTMLElement) =>
  canvas.querySelectorAll<HTMLElement>('[data-ares-part="unlock"]');

/** Price, dialog, charge: the balance follows. ARES's documented answer has no balance, so the page reads the balance after it. */
export const FirstPurchase: Story = {
  args: { confirmation: "always" },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const words = wordsIn(globals);
    const { say, name, unlock, balance } = words;
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
    await tells(canvasElement, [
      "step: The user presses Unlock. The gate asks first.",
      `question: ${plain(asked)}`,
      "step: The user agrees to the price.",
      ...paid(words, 3, 695),
    ]);
  },
};

/** Another ARES, whose answer to a charge has the new balance too. ARES does not document that. All is said at once. */
export const BalanceInTheAnswer: Story = {
  parameters: { ares: { arrange: (ares) => ares.set({ usageBody: "balance" }) } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const words = wordsIn(globals);
    await step(canvasElement, "The user presses Unlock.");
    await userEvent.click(await screen.findByRole("button", { name: words.unlock("Report", 3) }));
    await screen.findByRole("article");
    await screen.findByRole("group", { name: words.balance(695) });
    const [charging, cost] = paid(words, 3, 695);
    const all = `${cost} ${words.say("unlocked_left", { balance: 695 })}`;
    await tells(canvasElement, ["step: The user presses Unlock.", String(charging), all]);
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The balance is too low, and the user buys credits at ARES. Back on the page, the gate can be unlocked. */
export const TopUp: Story = {
  parameters: { ares: { balance: 1 } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const words = wordsIn(globals);
    const { shop, unlock } = words;
    const link = await screen.findByRole("link", { name: shop() });
    await step(canvasElement, "The user presses Get credits, and buys 100 credits at ARES.");
    // No shop opens in a story.
    link.addEventListener("click", (event) => event.preventDefault(), { once: true });
    await userEvent.click(link);
    worldOf(canvasElement).simulator.topUp("ada", 100);
    await step(canvasElement, "The user comes back to the page.");
    window.dispatchEvent(new Event("focus"));
    const button = await screen.findByRole("button", { name: unlock("Report", 3) });
    await step(canvasElement, "The user presses Unlock.");
    await userEvent.click(button);
    await screen.findByRole("article");
    await tells(canvasElement, [
      "step: The user presses Get credits, and buys 100 credits at ARES.",
      "step: The user comes back to the page.",
      "step: The user presses Unlock.",
      ...paid(words, 3, 98),
    ]);
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
    const balances = say("unknown_more", { before: 698, after: 695 });
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(balances));
    await step(canvasElement, "The user presses Check again.");
    await userEvent.click(screen.getByRole("button", { name: say("check") }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
    const before = [
      "step: The user presses Unlock. The answer is lost.",
      `status: ${say("charging")}`,
      `alert: ${say("unknown")} ${say("stored")}`,
      `alert: ${say("unknown")} ${balances} ${say("stored")}`,
      "step: The user presses Check again.",
    ];
    // Then the gate tells nothing but the paid charge, and each fact of it once.
    const after = [
      `${say("unlocked")} ${say("unlocked_some", { credits: 3 })}`,
      say("unlocked_left", { balance: 695 }),
    ];
    await waitFor(() =>
      expect(heard(canvasElement).at(-1)).toContain(say("unlocked_left", { balance: 695 })),
    );
    await expect(heard(canvasElement).slice(0, before.length)).toEqual(before);
    const told = heard(canvasElement)
      .slice(before.length)
      .map((line) => line.replace("status: ", ""));
    await expect(told.join(" ")).toBe(after.join(" "));
  },
};

/** The price rose while the page was open. */
export const PriceChanged: Story = {
  parameters: { ares: { oldPrices: { report: 2 } } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const words = wordsIn(globals);
    const { say, unlock } = words;
    await step(canvasElement, "The user presses Unlock at the old price.");
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 2) }));
    await waitFor(() =>
      expect(screen.getByRole("alert")).toHaveTextContent(say("price_changed", { price: 3 })),
    );
    await expect(deducted(canvasElement)).toEqual([]);
    await step(canvasElement, "The user agrees to the new price.");
    await userEvent.click(screen.getByRole("button", { name: unlock("Report", 3) }));
    await screen.findByRole("article");
    await tells(canvasElement, [
      "step: The user presses Unlock at the old price.",
      `status: ${say("charging")}`,
      `alert: ${say("price_changed", { price: 3 })} ${say("uncharged")} ${say("price_changed_more", { former: 2 })}`,
      "step: The user agrees to the new price.",
      ...paid(words, 3, 695),
    ]);
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The connection to ARES had ended. */
export const Reconnect: Story = {
  parameters: { ares: { account: "reconnect" } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const words = wordsIn(globals);
    await step(canvasElement, "The user presses Reconnect, and comes back from ARES.");
    await userEvent.click(
      await screen.findByRole("button", { name: words.say("reconnect_button") }),
    );
    const button = await screen.findByRole("button", { name: words.unlock("Report", 3) });
    await step(canvasElement, "The user presses Unlock.");
    await userEvent.click(button);
    await screen.findByRole("article");
    await tells(canvasElement, [
      "step: The user presses Reconnect, and comes back from ARES.",
      "step: The user presses Unlock.",
      ...paid(words, 3, 695),
    ]);
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

function BothGates(props: ComponentProps<typeof AresGate>) {
  return (
    <div className="state-map">
      <AresGate {...props} />
      <AresGate {...props} label={useLabel("The same Report")} />
    </div>
  );
}

/** Two gates on one report. A press at either gate opens both, for one deduction. */
export const TwoGatesOneReport: Story = {
  args: { resource: "report-42" },
  render: (args) => <BothGates {...args} />,
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say } = wordsIn(globals);
    await waitFor(() => expect(unlocks(canvasElement)).toHaveLength(2));
    await step(canvasElement, "The user presses both at once.");
    await Promise.all([...unlocks(canvasElement)].map((button) => userEvent.click(button)));
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
    // Both gates were pressed, so both say what the one charge cost.
    const spent = say("unlocked_some", { credits: 3 });
    await waitFor(() =>
      expect(heard(canvasElement).filter((line) => line.includes(spent))).not.toHaveLength(0),
    );
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** Two tabs, pressed at the same time. Each tab is its own page, with its own memory. */
export const TwoTabs: Story = {
  args: { resource: "report-42" },
  // This page shows two tabs, so it has each landmark twice.
  parameters: {
    ares: { tabs: 2 },
    a11y: { config: { rules: [{ id: "landmark-unique", enabled: false }] } },
  },
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
    const words = wordsIn(globals);
    await step(canvasElement, "The user presses Unlock.");
    await userEvent.click(await screen.findByRole("button", { name: words.unlock("Report", 3) }));
    await screen.findByRole("article");
    await tells(canvasElement, ["step: The user presses Unlock.", ...paid(words, 3, 695)]);
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
    // A press that does nothing is no press: the reason stands beside the button, as text.
    await tells(canvasElement, [
      "step: The user presses Unlock without a network.",
      "step: The network is back.",
    ]);
    await expect(deducted(canvasElement)).toEqual([]);
  },
};
