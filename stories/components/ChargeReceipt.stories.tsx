import type { Meta, StoryObj } from "@storybook/react-vite";
import { ChargeReceipt } from "ares-react";
import { expect, within } from "storybook/test";

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

const meta = { title: "Components/ChargeReceipt", component: ChargeReceipt, args: { receipt } } satisfies Meta<typeof ChargeReceipt>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {
  play: async ({ canvasElement }) => {
    const article = within(canvasElement).getByRole("article", { name: "Receipt" });
    await expect(article).toHaveTextContent("Paid3 credits");
    await expect(article).toHaveTextContent("Balance afterwards695 credits");
  },
};

/** ARES did not tell the balance. It is left out, not guessed. */
export const WithoutBalance: Story = { args: { receipt: { ...receipt, balance: undefined } } };
export const Fraction: Story = { args: { receipt: { ...receipt, credits: 0.01, balance: 12.34 } } };
