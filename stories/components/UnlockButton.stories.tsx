import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGateActions, AresGateStatus, UnlockButton, useAresGate } from "ares-react";
import type { ComponentProps } from "react";
import { expect, fireEvent, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { wordsIn } from "../world/words";

function OwnGate({
  spoken,
  ...props
}: Omit<ComponentProps<typeof UnlockButton>, "gate"> & { spoken: boolean }) {
  const gate = useAresGate({ usage: "image", credits: 4 });
  const isForSale = "unlock" in gate || "retry" in gate || gate.status === "charging";
  return (
    <>
      {spoken && <AresGateStatus gate={gate} label={props.label} />}
      {isForSale ? (
        <UnlockButton {...props} gate={gate} />
      ) : (
        <AresGateActions gate={gate} label={props.label} />
      )}
    </>
  );
}

const code = (props = "") => `function Illustration() {
  const gate = useAresGate({ usage: "image" });
  const isForSale = "unlock" in gate || "retry" in gate || gate.status === "charging";
  return (
    <>
      <AresGateStatus gate={gate} label="Illustration" />
      {isForSale ? <UnlockButton gate={gate} label="Illustration"${props && ` ${props}`} /> : <AresGateActions gate={gate} label="Illustration" />}
    </>
  );
}`;

/** The button with the price on it, for an app's own gate. `AresGateStatus` beside the button tells the outcome of a press. */
const meta = {
  title: "Components/UnlockButton",
  tags: ["!autodocs"],
  component: UnlockButton,
  render: ({ gate: _, ...args }, { parameters }) => (
    <OwnGate {...args} spoken={parameters.spoken === true} />
  ),
  args: { label: "Illustration", gate: { status: "loading" } },
  argTypes: {
    gate: { control: false },
    children: { control: false },
    icon: { control: false },
    renderButton: { control: false },
  },
  parameters: { docs: { source: { code: code() } } },
} satisfies Meta<typeof UnlockButton>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {};
export const Playground: Story = {};

/** The charge is on its way. The button stays focusable, and another press changes nothing. */
export const Charging: Story = {
  parameters: { ares: { network: "stuck-charge", presses: ["unlock"] } },
};

/** Provably not charged. */
export const NotCharged: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("refused", { on: "usage", times: "always" }),
      presses: ["unlock"],
    },
  },
};

/** The button has room for both of its verbs, so nothing beside it moves when "Try again" comes. */
export const KeepsItsRoom: Story = {
  args: { label: "A" },
  parameters: {
    ares: { arrange: (ares) => ares.fail("refused", { on: "usage", times: "always" }) },
  },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const words = wordsIn(globals);
    const unlock = await screen.findByRole("button", { name: words.unlock("A", 4) });
    const before = unlock.getBoundingClientRect();
    fireEvent.click(unlock);
    const retry = await screen.findByRole("button", { name: words.retry(4) });
    const after = retry.getBoundingClientRect();
    await expect([after.width, after.height]).toEqual([before.width, before.height]);
  },
};

/** The server asked for a pause. The button keeps its place and counts down. */
export const TooManyRequests: Story = {
  tags: ["fixed-clock"],
  parameters: {
    spoken: true,
    ares: {
      arrange: (ares) =>
        ares.fail("429-retry-after", { on: "usage", times: "always", retryAfterSeconds: 30 }),
      presses: ["unlock"],
    },
  },
};

export const PriceChanged: Story = {
  parameters: { ares: { oldPrices: { image: 2 }, presses: ["unlock"] } },
};

/** The app has its own reason to wait. The button keeps the focus, and a press does nothing. */
export const Disabled: Story = {
  args: { "aria-disabled": true },
  parameters: { docs: { source: { code: code("aria-disabled") } } },
};

/** No network: a press does nothing, and nothing is queued. The words beside the button say why. */
export const Offline: Story = {
  parameters: {
    spoken: true,
    ares: { network: "offline" },
    docs: { story: { inline: false, height: "140px" } },
  },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const words = wordsIn(globals);
    const button = await screen.findByRole("button", { name: words.unlock("Illustration", 4) });
    await screen.findByText(words.say("offline"));
    fireEvent.click(button);
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(worldOf(canvasElement).simulator.charges).toHaveLength(0);
  },
};

/** The words beside the button. The outcome of its press comes in live regions. */
export const Spoken: Story = {
  parameters: { spoken: true },
};

/** An icon in place of the words. The words and the price stay the button's accessible name. */
export const IconOnly: Story = {
  args: {
    icon: (
      <svg
        aria-hidden="true"
        width="18"
        height="18"
        viewBox="0 0 18 18"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <path d="M3 14.5h12M9 3v8M5.5 8 9 11.5 12.5 8" />
      </svg>
    ),
  },
  parameters: { docs: { source: { code: code("icon={<DownloadIcon />}") } } },
};

/** As wide as its container. */
export const FullWidth: Story = {
  args: { style: { inlineSize: "100%" } },
  parameters: { docs: { source: { code: code('style={{ inlineSize: "100%" }}') } } },
};

/** The app's own component draws the button. */
export const OwnButton: Story = {
  args: {
    renderButton: (props) => <button {...props} data-ares-unstyled className="host-button" />,
  },
  parameters: {
    docs: { source: { code: code("renderButton={(props) => <Button {...props} />}") } },
  },
};

export const LongLabel: Story = {
  args: { label: "the illustrated history of the lighthouses of the North Sea" },
};
