import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGateActions, AresGateStatus, InsufficientCredits, useAresGate } from "ares-react";
import { expect, fn, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { useLabel } from "../world/labels";
import { wordsIn } from "../world/words";

const meta = {
  title: "Components/InsufficientCredits",
  tags: ["!autodocs"],
  component: InsufficientCredits,
  args: { missing: 2 },
} satisfies Meta<typeof InsufficientCredits>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {
  args: { onCheck: fn() },
  play: async ({ canvasElement, globals, args }) => {
    const screen = within(canvasElement);
    const { say, shop } = wordsIn(globals);
    // Nobody has pressed, so nobody is interrupted.
    await expect(screen.getByRole("alert")).toBeEmptyDOMElement();
    await expect(screen.getByRole("group")).toHaveTextContent(
      `${say("insufficient")} ${say("insufficient_missing", { missing: 2 })}`,
    );
    await expect(screen.getByRole("link", { name: shop() })).toHaveAttribute("target", "_blank");
    await userEvent.click(screen.getByRole("button", { name: say("topped_up") }));
    await expect(args.onCheck).toHaveBeenCalledOnce();
  },
};
export const Playground: Story = { args: { onCheck: fn() } };
export const ShortfallUnknown: Story = { args: { missing: undefined } };
export const Fraction: Story = { args: { missing: 0.01 } };
export const OwnShop: Story = { args: { topUpUrl: "https://example.com/credits" } };
/** The balance is being read again. */
export const Checking: Story = { args: { onCheck: fn(), checking: true } };

/** An app's own gate: shows the missing credits until the balance is enough. */
function OwnGate() {
  const gate = useAresGate({ usage: "image" });
  const label = useLabel("Illustration");
  if (gate.status === "insufficient")
    return (
      <InsufficientCredits
        missing={gate.missing}
        used={gate.used}
        onTopUp={gate.topUp}
        onCheck={gate.check}
      />
    );
  return (
    <>
      <AresGateStatus gate={gate} label={label} />
      <AresGateActions gate={gate} label={label} />
    </>
  );
}

const ownGate = `function Illustration() {
  const gate = useAresGate({ usage: "image" });
  if (gate.status === "insufficient")
    return <InsufficientCredits missing={gate.missing} used={gate.used} onTopUp={gate.topUp} onCheck={gate.check} />;
  return (
    <>
      <AresGateStatus gate={gate} label="Illustration" />
      <AresGateActions gate={gate} label="Illustration" />
    </>
  );
}`;

/** The user bought some credits, but not enough. */
export const StillShort: Story = {
  parameters: { ares: { balance: 1 }, docs: { source: { code: ownGate } } },
  render: () => <OwnGate />,
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say } = wordsIn(globals);
    await screen.findByText(say("insufficient_missing", { missing: 3 }));
    worldOf(canvasElement).simulator.topUp("ada", 2);
    await userEvent.click(screen.getByRole("button", { name: say("topped_up") }));
    await waitFor(() =>
      expect(screen.getByRole("alert")).toHaveTextContent(
        say("insufficient_missing", { missing: 1 }),
      ),
    );
  },
};

/** The user bought enough credits, and the button appears. */
export const ToppedUp: Story = {
  parameters: { ares: { balance: 1 }, docs: { source: { code: ownGate } } },
  render: () => <OwnGate />,
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await screen.findByRole("button", { name: say("topped_up") });
    worldOf(canvasElement).simulator.topUp("ada", 100);
    await userEvent.click(screen.getByRole("button", { name: say("topped_up") }));
    await screen.findByRole("button", { name: unlock("Illustration", 4) });
  },
};
