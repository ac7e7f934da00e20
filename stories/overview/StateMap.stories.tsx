import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor, within } from "storybook/test";
import { gateStates } from "./gateStates";
import { StateCell } from "./StateCell";

/** All states of a gate at once, each a real gate in a world of its own. */
const meta = {
  title: "Overview/State map",
  parameters: { ares: false },
  tags: ["!autodocs"],
  // A modal dialog would cover the other states: here it is laid out among them.
  beforeEach() {
    const { show, showModal } = HTMLDialogElement.prototype;
    HTMLDialogElement.prototype.showModal = show;
    return () => {
      HTMLDialogElement.prototype.showModal = showModal;
    };
  },
} satisfies Meta;

export default meta;

const cells = Object.entries(gateStates);

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
    // The question took the focus, and the page went there with it.
    window.scrollTo(0, 0);
  },
};
