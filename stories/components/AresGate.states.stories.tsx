import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate } from "ares-react";
import { expect, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { Report } from "../world/Report";
import { wordsIn } from "../world/words";

/** Every member of the union `AresGateState`, with its default words and ways out. */
const meta = {
  title: "Components/AresGate/States",
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  argTypes: { children: { control: false } },
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;
type Words = ReturnType<typeof wordsIn>;

/** Checks that a story shows the state of its name, its words, and the right deductions. */
function shows(
  status: string,
  texts: (words: Words) => readonly string[],
  deducted: readonly number[] = [],
): NonNullable<Story["play"]> {
  return async ({ canvasElement, globals }) => {
    const gate = await within(canvasElement).findByRole("group", {
      name: wordsIn(globals).label("Report"),
    });
    await waitFor(() => expect(gate.dataset.status).toBe(status));
    const expected = texts(wordsIn(globals));
    // On screen, jest-dom reads each space as a plain space.
    for (const text of expected)
      await waitFor(() => expect(gate).toHaveTextContent(text.replaceAll(/\s/g, " ")));
    if (expected.length === 0) await expect(within(gate).queryByRole("button")).toBeNull();
    await expect(worldOf(canvasElement).simulator.charges.map(({ credits }) => credits)).toEqual(
      deducted,
    );
  };
}

/** The account is being read. The words appear only when the read takes longer than a blink. */
export const Loading: Story = {
  parameters: { ares: { network: "stuck-read" } },
  play: shows("loading", ({ say }) => [say("loading")]),
};

export const SignedOut: Story = {
  parameters: { ares: { account: "signed_out" } },
  play: shows("signed_out", ({ say }) => [say("signed_out"), say("signIn")]),
};

/** The user is signed in to the app, but has no linked ARES account. */
export const NotConnected: Story = {
  parameters: { ares: { account: "not_connected" } },
  play: shows("not_connected", ({ say }) => [say("not_connected"), say("connect")]),
};

/** The link to ARES has ended, as it does after a day without use. */
export const Reconnect: Story = {
  parameters: { ares: { account: "reconnect" } },
  play: shows("reconnect", ({ say }) => [say("reconnect"), say("reconnect_button")]),
};

/** The button shows the price before the user agrees to it. */
export const Locked: Story = {
  play: shows("locked", ({ say, unlock }) => [
    say("locked_more", { balance: 698 }),
    unlock("Report", 3),
  ]),
};

/** The step that asks again, at a price for which the app wants it. Cancel has the focus. */
export const Confirming: Story = {
  args: { confirmation: "always" },
  // A modal dialog would cover the whole docs page.
  parameters: {
    ares: { presses: ["unlock"] },
    docs: { story: { inline: false, height: "320px" } },
  },
  play: shows("confirming", ({ say }) => [
    say("confirming", { price: 3, label: "Report" }),
    say("confirming_more", { balance: 698, after: 695 }),
  ]),
};

/** The charge is on its way. The button stays in its place and keeps the focus. After thirty seconds, the charge is unknown. */
export const Charging: Story = {
  parameters: { ares: { network: "stuck-charge", presses: ["unlock"] } },
  play: shows("charging", ({ say, unlock }) => [say("charging"), unlock("Report", 3)]),
};

export const Unlocked: Story = {
  parameters: { ares: { presses: ["unlock"] } },
  play: shows(
    "unlocked",
    ({ say }) => [
      say("unlocked"),
      say("unlocked_some", { credits: 3 }),
      say("unlocked_left", { balance: 695 }),
    ],
    [3],
  ),
};

/** The balance is too low, and nothing is sent. The gate says what is missing, and where to top up. */
export const Insufficient: Story = {
  parameters: { ares: { balance: 1 } },
  play: shows("insufficient", ({ say }) => [
    say("insufficient"),
    say("insufficient_more", { price: 3, balance: 1, missing: 2 }),
    say("topUp"),
    say("check"),
  ]),
};

/** The page showed 2 credits, and the server asks for 3. Nothing was charged, and the new price needs a new press. */
export const PriceChanged: Story = {
  parameters: { ares: { oldPrices: { report: 2 }, presses: ["unlock"] } },
  play: shows("price_changed", ({ say, unlock }) => [
    say("price_changed", { price: 3 }),
    unlock("Report", 3),
  ]),
};

/** Provably not charged. The user may try the same press again. */
export const NotCharged: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("refused", { on: "usage", times: "always" }),
      presses: ["unlock"],
    },
  },
  play: shows("not_charged", ({ say, retry }) => [say("not_charged"), retry(3)]),
};

/** ARES deducted, and its answer was lost. Nobody knows the outcome yet, so the gate does not say "failed" and sends nothing again. */
export const Unknown: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }),
      presses: ["unlock"],
    },
  },
  play: shows("unknown", ({ say }) => [say("unknown"), say("check")], [3]),
};

/** A mistake of the app. Here the server has no price for the usage. */
export const Unavailable: Story = {
  args: { usage: "reprot" },
  play: shows("unavailable", ({ say }) => [say("unavailable")]),
};

/** A subscriber. There is no gate, and nothing is charged. */
export const Entitled: Story = {
  args: { entitled: true },
  play: shows("entitled", () => []),
};
