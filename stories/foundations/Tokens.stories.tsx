import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, within } from "storybook/test";
import { ContrastTable, TokenTable } from "./Tokens";

/** What the stylesheet declares, read from the stylesheet itself. */
const meta = {
  title: "Foundations/Tokens",
  tags: ["!autodocs"],
  parameters: { ares: false },
} satisfies Meta;

export default meta;

export const Tokens: StoryObj = {
  render: () => <TokenTable />,
  play: async ({ canvasElement }) => {
    const rows = within(canvasElement).getAllByRole("row").slice(1);
    await expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const row of rows) await expect(row.querySelector("td")).toHaveTextContent(/\S/);
  },
};

export const Contrast: StoryObj = {
  render: () => <ContrastTable />,
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelectorAll("[data-holds=false]")).toHaveLength(0);
    await expect(canvasElement.querySelectorAll("[data-holds=true]").length).toBeGreaterThanOrEqual(
      10,
    );
  },
};
