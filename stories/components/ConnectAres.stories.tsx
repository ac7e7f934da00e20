import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, ConnectAres, CreditBalance } from "ares-react";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { wordsIn } from "../world/words";

const meta = {
  title: "Components/ConnectAres",
  tags: ["!autodocs"],
  component: ConnectAres,
} satisfies Meta<typeof ConnectAres>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = { parameters: { ares: { account: "not_connected" } } };
export const Playground: Story = { parameters: { ares: { account: "not_connected" } } };
export const SignedOut: Story = { parameters: { ares: { account: "signed_out" } } };
export const Reconnect: Story = { parameters: { ares: { account: "reconnect" } } };

/** The connect flow could not begin, or ended without a link. */
export const Failed: Story = {
  parameters: { ares: { account: "not_connected", connectFails: true, presses: ["connect"] } },
};

/** A gate shows the same step and was pressed: the button shows the words, and leaves the speaking to the gate. */
export const FailedElsewhere: Story = {
  parameters: { ares: { account: "not_connected", connectFails: true } },
  render: (args) => (
    <>
      <ConnectAres {...args} />
      <AresGate usage="report" label="Report" />
    </>
  ),
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { priced, say } = wordsIn(globals);
    const gate = await screen.findByRole("group", { name: "Report" });
    await userEvent.click(
      await within(gate).findByRole("button", {
        name: priced("not_connected_button", 3, { label: "Report" }),
      }),
    );
    await waitFor(() =>
      expect(within(gate).getByRole("alert")).toHaveTextContent(say("connect_failed")),
    );
    const [own] = screen.getAllByRole("alert");
    await expect(own).toBeEmptyDOMElement();
  },
};

/** The app's own component draws the button. */
export const OwnButton: Story = {
  args: {
    renderButton: (props) => <button {...props} data-ares-unstyled className="host-button" />,
  },
  parameters: { ares: { account: "not_connected" } },
};

/** The button disappears once ARES is connected. */
export const Connected: Story = {
  parameters: { ares: { account: "not_connected" } },
  render: (args) => (
    <>
      <ConnectAres {...args} /> <CreditBalance />
    </>
  ),
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, balance } = wordsIn(globals);
    await userEvent.click(await screen.findByRole("button", { name: say("connect") }));
    await screen.findByRole("group", { name: balance(698) });
    await expect(screen.queryByRole("button", { name: say("connect") })).toBeNull();
  },
};
