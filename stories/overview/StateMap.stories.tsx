import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor, within } from "storybook/test";
import { gateStates } from "./gateStates";
import { StateCell } from "./StateCell";

/**
 * All states of a gate at once, each a real gate in a world of its own.
 *
 * The confirm step is a modal dialog and would cover the others: it has a story of its own.
 */
const meta = {
  title: "Overview/State map",
  parameters: { ares: false },
  tags: ["!autodocs"],
} satisfies Meta;

export default meta;

const cells = Object.entries(gateStates).filter(([status]) => status !== "confirming");

export const StateMap: StoryObj = {
  render: (_args, { globals }) => (
    <div className="state-map">
      {cells.map(([status, story]) => (
        <StateCell key={status} status={status} story={story} locale={globals.locale} />
      ))}
    </div>
  ),
  play: async ({ canvasElement }) => {
    for (const [status] of cells) {
      const gate = await within(within(canvasElement).getByRole("region", { name: status })).findByRole("group", { name: "Report" });
      await waitFor(() => expect(gate.dataset.status).toBe(status), { timeout: 5000 });
    }
  },
};
