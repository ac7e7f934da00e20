import type { Meta, StoryObj } from "@storybook/react-vite";
import { ChargeReceipt } from "ares-react";
import { expect, within } from "storybook/test";
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
  args: { receipt },
  parameters: {
    docs: {
      source: {
        code: `function Paid() {
  const report = useAresUsage({ usage: "report", resource: "report-42" });
  return report.status === "charged" ? <ChargeReceipt receipt={report.receipt} /> : null;
}`,
      },
    },
  },
} satisfies Meta<typeof ChargeReceipt>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {
  play: async ({ canvasElement, globals }) => {
    const { say, credits } = wordsIn(globals);
    const article = within(canvasElement).getByRole("article", { name: say("receipt") });
    await expect(article).toHaveTextContent(`${say("receipt_credits")}${credits(3)}`);
    await expect(article).toHaveTextContent(`${say("receipt_balance")}${credits(695)}`);
  },
};
export const Playground: Story = {};

/** ARES did not tell the balance. The receipt leaves the balance out, and guesses nothing. */
export const WithoutBalance: Story = { args: { receipt: { ...receipt, balance: undefined } } };
export const Fraction: Story = { args: { receipt: { ...receipt, credits: 0.01, balance: 12.34 } } };

/** `labels` gives usage and resource the names that users know. */
export const NamedResource: Story = {
  args: { labels: { report: "Report", "report-42": "Tides of the North Sea" }, receipt: { ...receipt, resource: "report-42" } },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByRole("article")).toHaveTextContent("Tides of the North Sea");
  },
};

/** A long id without spaces still wraps. */
export const LongIds: Story = {
  args: {
    labels: { report: "Tide tables of the North Sea" },
    receipt: { ...receipt, resource: "report-2026-north-sea-tide-tables-complete", id: "c_4Ck2vRZt9qL1mB7xW0sYpE3uHdJfN6aGo8TiK5lQ" },
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
  play: async ({ canvasElement, globals }) => {
    await expect(within(canvasElement).getByRole("article")).toHaveTextContent(wordsIn(globals).say("restored"));
  },
};

/** ARES has not confirmed the charge, and the app serves the feature at its own risk. The receipt does not say "paid". */
export const Granted: Story = {
  args: { receipt: { ...receipt, balance: undefined, granted: true } },
  play: async ({ canvasElement, globals }) => {
    const { say } = wordsIn(globals);
    const article = within(canvasElement).getByRole("article");
    await expect(article).toHaveTextContent(say("history_unknown"));
    await expect(within(article).queryByText(say("receipt_credits"))).toBeNull();
  },
};
