import type { Meta, StoryObj } from "@storybook/react-vite";
import { ChargeReceipt } from "ares-react";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { wordsIn } from "../world/words";

const receipt = {
  usage: "report",
  resource: "report-42",
  credits: 3,
  balance: 695,
  id: "c_4Ck2vRZt9qL1",
  key: undefined,
  at: Date.UTC(2026, 2, 4, 10, 30),
  restored: false,
};

const meta = {
  title: "Components/ChargeReceipt",
  tags: ["!autodocs"],
  component: ChargeReceipt,
  args: { receipt, labels: { report: "Report", "report-42": "Tides of the North Sea" } },
  parameters: {
    docs: {
      source: {
        code: `function Paid() {
  const report = useAresUsage({ usage: "report", resource: "report-42" });
  const labels = { report: "Report", "report-42": "Tides of the North Sea" };
  return report.status === "charged" ? <ChargeReceipt receipt={report.receipt} labels={labels} /> : null;
}`,
      },
    },
  },
} satisfies Meta<typeof ChargeReceipt>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {};
export const Playground: Story = {};

/** ARES did not tell the balance. The receipt leaves the balance out, and guesses nothing. */
export const WithoutBalance: Story = { args: { receipt: { ...receipt, balance: undefined } } };
export const Fraction: Story = { args: { receipt: { ...receipt, credits: 0.01, balance: 12.34 } } };

/** Without `labels`, a receipt shows the ids of usage and resource, which no user knows. */
export const WithoutLabels: Story = {
  args: { labels: undefined },
};

/** A long id without spaces still wraps. */
export const LongIds: Story = {
  args: {
    labels: { report: "Tide tables of the North Sea" },
    receipt: {
      ...receipt,
      resource: "report-2026-north-sea-tide-tables-complete",
      id: "c_4Ck2vRZt9qL1mB7xW0sYpE3uHdJfN6aGo8TiK5lQ",
    },
  },
  play: async ({ canvasElement }) => {
    const article = within(canvasElement).getByRole("article");
    await expect(article).toHaveTextContent("Tide tables of the North Sea");
    await expect(article.scrollWidth).toBeLessThanOrEqual(article.clientWidth);
  },
};

/** The charge is from an earlier time; nothing was deducted now. */
export const Restored: Story = {
  args: { receipt: { ...receipt, balance: undefined, restored: true } },
};

/** Puts a clipboard of the story's own into the browser. */
/** All stories on a page have one clipboard. In the docs, such a story has a frame of its own. */
const framed = { docs: { story: { inline: false, height: "360px" } } };

function withClipboard(
  writeText: (text: string) => Promise<void>,
): NonNullable<Story["beforeEach"]> {
  return () => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    return () => void Reflect.deleteProperty(navigator, "clipboard");
  };
}

/** The id of the charge was copied, for a letter to the app. The receipt says so, politely. */
export const Copied: Story = {
  parameters: framed,
  beforeEach: withClipboard(async () => {}),
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say } = wordsIn(globals);
    await userEvent.click(screen.getByRole("button", { name: say("receipt_copy") }));
    await expect(await screen.findByText(say("receipt_copied"))).toHaveAttribute("role", "status");
  },
};

/** The browser refused the clipboard. The id is selected instead, for the keys that copy, and "Copied" is not said. */
export const ClipboardRefused: Story = {
  parameters: framed,
  beforeEach: withClipboard(() =>
    Promise.reject(new DOMException("Write permission denied.", "NotAllowedError")),
  ),
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say } = wordsIn(globals);
    await userEvent.click(screen.getByRole("button", { name: say("receipt_copy") }));
    await waitFor(() => expect(String(getSelection())).toBe(receipt.id));
    await expect(screen.queryByText(say("receipt_copied"))).toBeNull();
  },
};
