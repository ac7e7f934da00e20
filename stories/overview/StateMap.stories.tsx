import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, type AresGateOwnProps, CreditBalance } from "ares-react";
import { expect, waitFor, within } from "storybook/test";
import type { WorldSettings } from "../world/createWorld";
import { labelIn } from "../world/labels";
import { Report } from "../world/Report";
import { isLocale } from "../world/words";
import { gateStates, userStates } from "./gateStates";
import { StateCell } from "./StateCell";

interface BalanceStory {
  parameters?: { ares?: WorldSettings | false };
}
interface GateStory extends BalanceStory {
  args?: Partial<AresGateOwnProps>;
}

const localeOf = ({ locale }: Record<string, unknown>) => (isLocale(locale) ? locale : "en");

/** All states at once. Each is a real gate or balance in its own world. */
const meta = {
  title: "Overview/State map",
  parameters: { ares: false },
  tags: ["!autodocs"],
  // A modal dialog would cover the other states. Here the dialog stands among them.
  beforeEach() {
    const { show, showModal } = HTMLDialogElement.prototype;
    HTMLDialogElement.prototype.showModal = show;
    return () => {
      HTMLDialogElement.prototype.showModal = showModal;
    };
  },
} satisfies Meta;

export default meta;

const gates = Object.entries<GateStory>(gateStates);
const balances = Object.entries<BalanceStory>(userStates);

export const StateMap: StoryObj = {
  render: (_args, { globals }) => (
    <div className="state-map">
      {gates.map(([status, story]) => (
        <StateCell key={status} status={status} story={story} locale={localeOf(globals)}>
          <AresGate usage="report" label={labelIn(localeOf(globals), "Report")} {...story.args}>
            <Report />
          </AresGate>
        </StateCell>
      ))}
    </div>
  ),
  play: async ({ canvasElement, globals }) => {
    const name = labelIn(localeOf(globals), "Report");
    for (const [status] of gates) {
      const gate = await within(
        within(canvasElement).getByRole("region", { name: status }),
      ).findByRole("group", { name });
      await waitFor(() => expect(gate.dataset.status).toBe(status));
    }
    // The dialog took the focus, and the page scrolled to it.
    window.scrollTo(0, 0);
  },
};

/** All states of a balance: one for each state of its user. */
export const BalanceMap: StoryObj = {
  render: (_args, { globals }) => (
    <div className="state-map">
      {balances.map(([status, story]) => (
        <StateCell key={status} status={status} story={story} locale={localeOf(globals)}>
          <CreditBalance variant="chip" />
        </StateCell>
      ))}
    </div>
  ),
  play: async ({ canvasElement }) => {
    for (const [status] of balances) {
      const cell = within(canvasElement).getByRole("region", { name: status });
      await waitFor(() =>
        expect(cell.querySelector<HTMLElement>('[data-ares-part="balance"]')?.dataset.status).toBe(
          status,
        ),
      );
    }
  },
};
