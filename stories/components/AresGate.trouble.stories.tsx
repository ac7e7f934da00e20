import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate } from "ares-react";
import { Component, type ReactNode } from "react";
import { expect, fireEvent, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { Report } from "../world/Report";

/** What lies between the states: long waits, no network, a hindrance of the app's, ways that did not work. */
const meta = {
  title: "Components/AresGate/Between states",
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;

const deducted = (canvas: HTMLElement) => worldOf(canvas).simulator.charges.map(({ credits }) => credits);
const slowly = { timeout: 12_000 };

/** After eight seconds people wonder. The words say what they fear: that it is taken twice. */
export const StillWaiting: Story = {
  parameters: { ares: { network: "stuck-charge", presses: ["unlock"] } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent(/Still waiting\. You won't be charged twice\./), slowly);
  },
};

/** The server asked for a pause. The retry keeps its place and counts down, for the eye alone. */
export const TooManyRequests: Story = {
  parameters: {
    ares: { arrange: (ares) => ares.fail("429-retry-after", { on: "usage", times: "always", retryAfterSeconds: 30 }), presses: ["unlock"] },
  },
  play: async ({ canvasElement }) => {
    const retry = await within(canvasElement).findByRole("button", { name: /^Try again/ });
    await waitFor(() => expect(retry).toHaveTextContent(/^Try again · \d credits? · \d\d sec$/));
    await expect(retry).toHaveAttribute("aria-disabled", "true");
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** No network: the button keeps its place, a press does nothing, and nothing is kept to be sent later. */
export const Offline: Story = {
  args: { credits: 3 },
  parameters: { ares: { network: "offline" } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    const unlock = await screen.findByRole("button", { name: /^Unlock Report/ }, slowly);
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("You are offline."));
    fireEvent.click(unlock);
    await expect(unlock).toHaveAttribute("aria-disabled", "true");
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** The app is not ready for it yet, and says why: `disabledReason`. */
export const NotYet: Story = {
  args: { disabledReason: "Choose a year first." },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    const unlock = await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    await expect(unlock).toHaveAttribute("aria-disabled", "true");
    await expect(screen.getByRole("status")).toHaveTextContent("Choose a year first.");
  },
};

/** The user came back from ARES without a link, or the way there could not begin. */
export const ConnectFailed: Story = {
  parameters: { ares: { account: "not_connected", connectFails: true, presses: ["connect"] } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent("Connecting did not work. You were not charged."));
    await expect(screen.getByRole("button", { name: "Connect ARES" })).toBeVisible();
  },
};

/** Paid once, opened in a second tab: nothing is taken again, and the words say so. */
export const AlreadyUnlocked: Story = {
  args: { resource: "report-42" },
  // What each tab has once, this page has twice.
  parameters: { ares: { tabs: 2, presses: ["unlock"] }, a11y: { config: { rules: [{ id: "landmark-unique", enabled: false }] } } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await screen.findByText("Already unlocked.", {}, slowly);
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** A server that keeps no record can't tell what became of a lost answer. Only there may the user start over, knowing it. */
export const StartOver: Story = {
  args: { credits: 3 },
  parameters: { ares: { guide: true, arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }), presses: ["unlock"] } },
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await screen.findByRole("button", { name: "Start over, I may pay twice" }, slowly);
    await expect(screen.getByRole("alert")).toHaveTextContent("Your balance was 698 credits and is 695 credits.");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

function Fragile({ broken }: { broken: boolean }) {
  if (broken) throw new Error("The chart could not be drawn.");
  return <Report />;
}

/** The app's own boundary, around the gate: what a paid feature throws is the app's to tell. */
class Boundary extends Component<{ children: (broken: boolean) => ReactNode }, { failed: boolean; broken: boolean }> {
  override state = { failed: false, broken: true };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    if (!this.state.failed) return this.props.children(this.state.broken);
    return (
      <p>
        The report could not be shown. You have paid for it.{" "}
        <button type="button" onClick={() => this.setState({ failed: false, broken: false })}>
          Show it again
        </button>
      </p>
    );
  }
}

/** The feature failed after it was paid. Showing it again costs nothing. */
export const FeatureFails: Story = {
  parameters: { ares: { presses: ["unlock"] } },
  render: (args) => <Boundary>{(broken) => <AresGate {...args}>{<Fragile broken={broken} />}</AresGate>}</Boundary>,
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Show it again" }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};
