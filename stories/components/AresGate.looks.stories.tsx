import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, type AresGateState, InsufficientCredits, useAresGate } from "ares-react";
import type { ComponentProps, CSSProperties } from "react";
import { expect, within } from "storybook/test";
import { Report } from "../world/Report";
import { wordsIn } from "../world/words";

/** The same gate in other looks: with tokens, with slots, and with the hook alone. */
const meta = {
  title: "Components/AresGate/Features",
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  argTypes: {
    children: { control: false },
    slots: { control: false },
    renderButton: { control: false },
  },
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

/** Another mark before amounts is an image. `none` leaves the amounts alone. */
export const WithoutACoin: Story = {
  parameters: source(`<div style={{ "--ares-coin": "none" }}>
  <AresGate usage="report" label="Report">
    <Report />
  </AresGate>
</div>`),
  render: (args) => (
    <div style={withoutACoin}>
      <AresGate {...args} />
    </div>
  ),
  play: async ({ canvasElement, globals }) => {
    const { unlock } = wordsIn(globals);
    const button = await within(canvasElement).findByRole("button", { name: unlock("Report", 3) });
    const price = button.querySelector('[data-ares-part="price"]');
    await expect(price && getComputedStyle(price, "::before").display).toBe("none");
  },
};

const withoutACoin: CSSProperties & Record<`--${string}`, string> = { "--ares-coin": "none" };

function HostButton({ className = "", ...props }: ComponentProps<"button">) {
  return <button {...props} data-ares-unstyled className={`host-button ${className}`} />;
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
};

/** A slot adds to the default element. The words stay in the gate's own live regions, above the slot's markup. */
export const SlotAroundDefaults: Story = {
  parameters: source(`<AresGate
  usage="report"
  label="Report"
  slots={{
    locked: ({ price }, defaults) => (
      <article>
        <h3>48 pages, {price} credits</h3>
        <p>Tide tables of the North Sea, with charts.</p>
        {defaults}
      </article>
    ),
  }}
>
  <Report />
</AresGate>`),
  args: {
    slots: {
      locked: ({ price }, defaults) => (
        <article>
          <h3>48 pages, {price} credits</h3>
          <p>Tide tables of the North Sea, with charts.</p>
          {defaults}
        </article>
      ),
    },
  },
};

function Bare() {
  const gate = useAresGate({ usage: "report" });
  if (gate.status === "unlocked") return <Report />;
  if (gate.status === "insufficient") return <a href={gate.topUpUrl}>Get {gate.missing} credits</a>;
  return (
    <button type="button" onClick={nextOf(gate)}>
      {gate.status} {"price" in gate && <b>{gate.price} credits</b>}
    </button>
  );
}

function nextOf(gate: AresGateState) {
  switch (gate.status) {
    case "locked":
    case "price_changed":
      return gate.unlock;
    case "not_charged":
      return gate.retry;
    case "loading":
    case "unknown":
      return gate.check;
    case "signed_out":
      return gate.signIn;
    case "not_connected":
      return gate.connect;
    case "reconnect":
      return gate.reconnect;
    default:
      return undefined;
  }
}

/** No markup of the kit at all. Each state has its way out. */
export const HookAlone: Story = {
  parameters: source(`function Bare() {
  const gate = useAresGate({ usage: "report" });
  if (gate.status === "unlocked") return <Report />;
  if (gate.status === "insufficient") return <a href={gate.topUpUrl}>Get {gate.missing} credits</a>;
  return (
    <button type="button" onClick={nextOf(gate)}>
      {gate.status} {"price" in gate && <b>{gate.price} credits</b>}
    </button>
  );
}

function nextOf(gate: AresGateState) {
  switch (gate.status) {
    case "locked":
    case "price_changed":
      return gate.unlock;
    case "not_charged":
      return gate.retry;
    case "loading":
    case "unknown":
      return gate.check;
    case "signed_out":
      return gate.signIn;
    case "not_connected":
      return gate.connect;
    case "reconnect":
      return gate.reconnect;
    default:
      return undefined;
  }
}`),
  render: () => <Bare />,
};

/**
 * The app's own class names on single parts, for an app that styles by class. The kit's sheet is as strong as two
 * attributes, so the app's sheet writes such a class twice: `.pill.pill`.
 */
export const ClassNames: Story = {
  args: { classNames: { unlock: "pill", status: "serif" } },
  play: async ({ canvasElement, globals }) => {
    const button = await within(canvasElement).findByRole("button", {
      name: wordsIn(globals).unlock("Report", 3),
    });
    await expect(Number.parseFloat(getComputedStyle(button).borderRadius)).toBeGreaterThan(20);
  },
};

/** The app's own component draws every button. The component passes all props on: these make a double click one press. */
export const OwnButtons: Story = {
  parameters:
    source(`<AresGate usage="report" label="Report" confirmation="always" renderButton={(props) => <Button {...props} />}>
  <Report />
</AresGate>`),
  args: { confirmation: "always", renderButton: (props) => <HostButton {...props} /> },
};

/** The app's own component draws the link to the shop. */
export const OwnLink: Story = {
  parameters: {
    ares: { balance: 1 },
    ...source(`<AresGate usage="report" label="Report" renderLink={(props) => <Link {...props} />}>
  <Report />
</AresGate>`),
  },
  args: {
    renderLink: ({ children, ...props }) => (
      <a {...props} data-ares-unstyled className="host-button">
        {children}
      </a>
    ),
  },
};

/** The gate asks again before a charge, from four credits on. */
export const ConfirmFrom: Story = {
  args: { usage: "image", label: "Illustration", confirmation: 4 },
};

/** A name that is wider than its place. */
export const LongLabel: Story = {
  args: { label: "the complete tide tables of the North Sea with charts" },
};

/** A box of its own, with the label as its title and a plain verb. */
export const Card: Story = { args: { variant: "card" } };

/** Less text size and room. */
export const Small: Story = { args: { size: "small" } };

const foretaste = (
  <>
    <h3>Tides of the North Sea</h3>
    <p>
      The water rises and falls twice a day. In the channel the range is six metres, and at Dogger
      Bank less than one.
    </p>
    <p>
      The first tables were printed in 1833. Sailors kept them beside the barometer, and trusted
      neither very much.
    </p>
  </>
);

/** A foretaste that fades behind the gate. Everybody is sent the preview, so it is never the paid feature. */
export const Overlay: Story = {
  args: { variant: "overlay", preview: foretaste },
};

/** Until the feature is paid, the app's own offer stands in its place, in every state without a slot. */
export const Fallback: Story = {
  parameters: {
    ...source(`<AresGate usage="report" label="Report" fallback={<p>All 48 pages are in our shop.</p>}>
  <Report />
</AresGate>`),
  },
  args: { fallback: <p>All 48 pages are in our shop.</p> },
};

/** A card of the kit in a gate's slot: one card is drawn. */
export const CardInACard: Story = {
  parameters: { ares: { balance: 1 } },
  args: {
    slots: {
      insufficient: ({ missing, topUp, check }) => (
        <InsufficientCredits missing={missing} onTopUp={topUp} onCheck={check} />
      ),
    },
  },
};
