import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, AresRefresh, type AresRefreshProps } from "ares-react";
import { expect, fn, userEvent, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { useLabel } from "../world/labels";
import { wordsIn } from "../world/words";

const refresh = fn();

function OwnGate(props: AresRefreshProps) {
  return (
    <AresGate usage="report" label={useLabel("Report")}>
      <AresRefresh {...props} />
    </AresGate>
  );
}

/** The child of a gate that stands for server components: renders the route again once the gate is open. */
const meta = {
  title: "Components/AresRefresh",
  tags: ["!autodocs"],
  component: AresRefresh,
  render: (args) => <OwnGate {...args} />,
  beforeEach: () => void refresh.mockClear(),
  argTypes: { renderButton: { control: false } },
  parameters: {
    ares: { refresh, presses: ["unlock"] },
    docs: {
      source: {
        code: `<AresGate usage="report" resource="report-42" label="Report">
  <AresRefresh />
</AresGate>`,
      },
    },
  },
} satisfies Meta<typeof AresRefresh>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The gate is open, and the provider's `refresh` runs. Nothing is drawn while the server renders. */
export const Default: Story = {
  parameters: {
    caption:
      "Nothing is drawn while the app renders the route again. After eight seconds a button comes.",
  },
};
export const Playground: Story = {};

/** The server takes longer than eight seconds. The button renders the route again, and charges nothing. */
export const TakesLong: Story = {
  play: async ({ canvasElement, globals }) => {
    const button = await within(canvasElement).findByRole("button", {
      name: wordsIn(globals).say("check"),
    });
    refresh.mockClear();
    await userEvent.click(button);
    await expect(refresh).toHaveBeenCalledOnce();
    await expect(worldOf(canvasElement).simulator.charges.map(({ credits }) => credits)).toEqual([
      3,
    ]);
  },
};

/** The app's own component draws the button. */
export const OwnButton: Story = {
  args: {
    renderButton: (props) => <button {...props} data-ares-unstyled className="host-button" />,
  },
};
