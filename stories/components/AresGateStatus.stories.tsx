import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGateActions, AresGateStatus, useAresGate } from "ares-react";
import { expect, waitFor } from "storybook/test";
import { wordsIn } from "../world/words";

function OwnGate({ label }: { label?: string | undefined }) {
  const gate = useAresGate({ usage: "image" });
  return (
    <>
      <AresGateStatus gate={gate} label={label} />
      <AresGateActions gate={gate} label={label} />
    </>
  );
}

/** The words of an app's own gate. Their live regions are mounted before the words come. Keep the component mounted in every state. */
const meta = {
  title: "Components/AresGateStatus",
  tags: ["!autodocs"],
  component: AresGateStatus,
  render: ({ label }) => <OwnGate label={label} />,
  args: { label: "Illustration", gate: { status: "loading" } },
  argTypes: { gate: { control: false } },
  parameters: {
    docs: {
      source: {
        code: `function Illustration() {
  const gate = useAresGate({ usage: "image" });
  return (
    <>
      <AresGateStatus gate={gate} label="Illustration" />
      <AresGateActions gate={gate} label="Illustration" />
      {gate.status === "unlocked" && <Illustrated />}
    </>
  );
}`,
      },
    },
  },
} satisfies Meta<typeof AresGateStatus>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The words, and the sign before them that the stylesheet adds. Words before a press are text: no screen reader is interrupted. */
function says(
  part: "status" | "alert",
  text: (words: ReturnType<typeof wordsIn>) => string,
  sign = "none",
): NonNullable<Story["play"]> {
  return async ({ canvasElement, globals, parameters }) => {
    const find = () => canvasElement.querySelector(`[data-ares-part="${part}"]:not(:empty)`);
    await waitFor(() => expect(find()).toHaveTextContent(text(wordsIn(globals))));
    const words = find();
    await expect(words?.getAttribute("role")).toBe(
      "presses" in Object(parameters.ares) ? part : null,
    );
    await expect(words && getComputedStyle(words, "::before").content).toBe(sign);
  };
}

export const Default: Story = {
  play: says("status", ({ say }) => say("locked_more", { balance: 698 })),
};
export const Playground: Story = {};

export const Charging: Story = {
  parameters: { ares: { network: "stuck-charge", presses: ["unlock"] } },
  play: says("status", ({ say }) => say("charging")),
};
export const Unlocked: Story = {
  parameters: { ares: { presses: ["unlock"] } },
  play: says(
    "status",
    ({ say }) =>
      `${say("unlocked_some", { credits: 4 })} ${say("unlocked_left", { balance: 694 })}`,
    '""',
  ),
};

export const Reconnect: Story = {
  parameters: { ares: { account: "reconnect" } },
  play: says("status", ({ say }) => say("reconnect")),
};
export const Insufficient: Story = {
  parameters: { ares: { balance: 1 } },
  play: says(
    "alert",
    ({ say }) => `${say("insufficient_more", { price: 4 })} ${say("locked_more", { balance: 1 })}`,
    '"!" / ""',
  ),
};

/** The sign is a question mark: nobody knows the outcome yet. */
export const Unknown: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }),
      presses: ["unlock"],
    },
  },
  play: says("alert", ({ say }) => say("unknown"), '"?" / ""'),
};

/** Urgent news interrupts the screen reader. */
export const NotCharged: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("refused", { on: "usage", times: "always" }),
      presses: ["unlock"],
    },
  },
  play: says("alert", ({ say }) => say("not_charged"), '"!" / ""'),
};
