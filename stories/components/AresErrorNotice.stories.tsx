import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresError, type AresErrorCode, AresErrorNotice } from "ares-react";
import { expect, fn, within } from "storybook/test";

const error = (code: AresErrorCode) => new AresError(code, code);

const meta = {
  title: "Components/AresErrorNotice",
  component: AresErrorNotice,
  args: { error: error("ares_unreachable"), onRetry: fn(), onCheck: fn() },
  argTypes: { error: { control: false } },
} satisfies Meta<typeof AresErrorNotice>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {};
export const RateLimited: Story = { args: { error: error("rate_limited") } };
export const NoAnswer: Story = { args: { error: error("network_error") } };
export const NotEnoughCredits: Story = { args: { error: error("insufficient_credits") } };

/** It may have been charged, so trying again is not offered, whatever was passed. */
export const OutcomeUnknown: Story = {
  args: { error: error("outcome_unknown") },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await expect(screen.getByRole("button", { name: "Check again" })).toBeVisible();
    await expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  },
};

/** Nothing went wrong: nothing is shown. */
export const NoError: Story = { args: { error: undefined } };
