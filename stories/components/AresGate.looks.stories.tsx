import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, useAresGate } from "ares-react";
import type { ComponentProps, CSSProperties } from "react";
import { expect, within } from "storybook/test";
import { Report } from "../world/Report";
import { wordsIn } from "../world/words";

/** The same gate in other looks: with tokens, with slots, and with the hook alone. */
const meta = {
  title: "Components/AresGate/Features",
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  argTypes: { children: { control: false }, slots: { control: false }, renderButton: { control: false } },
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;

const source = (code: string) => ({ docs: { source: { code } } });

const host = {
  "--ares-accent": "light-dark(#7a2e5d, #f0a9d2)",
  "--ares-on-accent": "light-dark(#fff, #3a0a28)",
  "--ares-radius": "0",
  "--ares-space": "0.3rem",
  fontFamily: "'IBM Plex Serif', Georgia, serif",
} satisfies CSSProperties & Record<`--${string}`, string>;

/** Tokens alone: another accent, square corners, more room, the page's own font. */
export const HostDesign: Story = {
  parameters: source(`<div
  style={{
    "--ares-accent": "light-dark(#7a2e5d, #f0a9d2)",
    "--ares-on-accent": "light-dark(#fff, #3a0a28)",
    "--ares-radius": "0",
    "--ares-space": "0.3rem",
  }}
>
  <AresGate usage="report" label="Report">
    <Report />
  </AresGate>
</div>`),
  render: (args) => (
    <div style={host}>
      <AresGate {...args} />
    </div>
  ),
};

function HostButton({ className = "", ...props }: ComponentProps<"button">) {
  return <button {...props} className={`host-button ${className}`} />;
}

/** One state has the app's own words; the other states keep the kit's words. */
export const Slots: Story = {
  parameters: source(`<AresGate
  usage="report"
  label="Report"
  slots={{
    locked: ({ price, unlock }) => (
      <button type="button" data-ares-part="unlock" onClick={unlock}>
        Read all 48 pages for {price} credits
      </button>
    ),
  }}
>
  <Report />
</AresGate>`),
  args: {
    slots: {
      locked: ({ price, unlock }) => (
        <button type="button" data-ares-part="unlock" onClick={unlock}>
          Read all 48 pages for {price} credits
        </button>
      ),
    },
  },
  play: async ({ canvasElement }) => {
    await within(canvasElement).findByRole("button", { name: "Read all 48 pages for 3 credits" });
  },
};

function Bare() {
  const gate = useAresGate({ usage: "report" });
  if (gate.status === "unlocked") return <Report />;
  if (gate.status !== "locked") return <p>{gate.status}</p>;
  return (
    <button type="button" onClick={gate.unlock}>
      {gate.price} credits
    </button>
  );
}

/** No markup of the kit at all. */
export const HookAlone: Story = {
  parameters: source(`function Bare() {
  const gate = useAresGate({ usage: "report" });
  if (gate.status === "unlocked") return <Report />;
  if (gate.status !== "locked") return <p>{gate.status}</p>;
  return (
    <button type="button" onClick={gate.unlock}>
      {gate.price} credits
    </button>
  );
}`),
  render: () => <Bare />,
};

/** The app's own class names on single parts, for an app that styles by class. */
export const ClassNames: Story = {
  args: { classNames: { unlock: "pill", status: "serif" } },
  play: async ({ canvasElement, globals }) => {
    const button = await within(canvasElement).findByRole("button", { name: wordsIn(globals).unlock("Report", 3) });
    await expect(button).toHaveClass("pill");
  },
};

/** The app's own component draws every button. The component passes all props on: these make a double click one press. */
export const OwnButtons: Story = {
  parameters: source(`<AresGate usage="report" label="Report" confirmation="always" renderButton={(props) => <Button {...props} />}>
  <Report />
</AresGate>`),
  args: { confirmation: "always", renderButton: (props) => <HostButton {...props} /> },
  play: async ({ canvasElement, globals }) => {
    const button = await within(canvasElement).findByRole("button", { name: wordsIn(globals).unlock("Report", 3) });
    await expect(button).toHaveClass("host-button");
  },
};

/** The gate asks again before a charge, from four credits on. */
export const ConfirmFrom: Story = {
  args: { usage: "image", label: "Illustration", confirmation: 4 },
  play: async ({ canvasElement, globals }) => {
    const name = wordsIn(globals).unlock("Illustration", 4);
    await expect(await within(canvasElement).findByRole("button", { name })).toBeVisible();
  },
};

/** A name that is wider than its place. */
export const LongLabel: Story = { args: { label: "the complete tide tables of the North Sea with charts" } };
