import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGateActions, type AresGateState, AresGateStatus, useAresGate } from "ares-react";
import type { ComponentProps } from "react";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { worldOf } from "../world/createWorld";
import { wordsIn } from "../world/words";
import * as states from "./AresGate.states.stories";

type Looks = Omit<ComponentProps<typeof AresGateActions>, "gate" | "ref">;

function OwnGate({
  asks,
  usage,
  entitled,
  ...looks
}: Looks & { asks: boolean; usage: string; entitled: boolean }) {
  const credits = usage === "report" ? 3 : undefined;
  const gate = useAresGate({ usage, credits, entitled, confirmation: asks ? "always" : "never" });
  return (
    <>
      <AresGateStatus gate={gate} label={looks.label} size={looks.size} />
      <AresGateActions {...looks} gate={gate} />
      {(gate.status === "unlocked" || gate.status === "entitled") && <p>The report.</p>}
    </>
  );
}

const code = (props = "") => `function Report() {
  const gate = useAresGate({ usage: "report" });
  return (
    <>
      <AresGateStatus gate={gate} label="Report" />
      <AresGateActions gate={gate} label="Report"${props && ` ${props}`} />
      {gate.status === "unlocked" && <Pages />}
    </>
  );
}`;

/** Every next action of an app's own gate, so that no state is a dead end. `AresGateStatus` beside them says the state. */
const meta = {
  title: "Components/AresGateActions",
  tags: ["!autodocs"],
  component: AresGateActions,
  render: (
    { gate: _, ...looks },
    { parameters: { usage = "report", asks = false, entitled = false } },
  ) => <OwnGate {...looks} {...{ asks, usage, entitled }} />,
  args: { label: "Report", gate: { status: "loading" } },
  argTypes: {
    gate: { control: false },
    renderButton: { control: false },
    renderLink: { control: false },
  },
  parameters: { docs: { source: { code: code() } } },
} satisfies Meta<typeof AresGateActions>;

export default meta;
type Story = StoryObj<typeof meta>;

/** Under the words of a state that has no action. */
const nothing = "There is nothing to press in this state.";

/** The world in which a gate has the state of a story. */
const worldIn = ({ parameters = {} }: Pick<Story, "parameters">) => parameters;

/** Checks that a story shows the state of its name, and exactly these ways on. */
function offers(
  status: AresGateState["status"],
  names: (words: ReturnType<typeof wordsIn>) => string[] = () => [],
): NonNullable<Story["play"]> {
  return async ({ canvasElement, globals }) => {
    const actions = canvasElement.querySelector<HTMLElement>('[data-ares-part="actions"]');
    await waitFor(() => expect(actions?.dataset.status).toBe(status));
    const found = () =>
      [...(actions?.querySelectorAll("button, a") ?? [])].map(({ textContent }) => textContent);
    await waitFor(() => expect(found()).toEqual(names(wordsIn(globals))));
    const words = canvasElement.querySelector("p[data-ares-part]:not(:empty)");
    if (!actions?.firstElementChild || !words) return;
    // A button under words does not touch them.
    const room =
      actions.firstElementChild.getBoundingClientRect().top - words.getBoundingClientRect().bottom;
    await expect(room).toBeGreaterThanOrEqual(8);
  };
}

export const Default: Story = { play: offers("locked", ({ unlock }) => [unlock("Report", 3)]) };
export const Playground: Story = {};
export const Loading: Story = {
  parameters: { ...worldIn(states.Loading), caption: nothing },
  play: offers("loading"),
};
export const SignedOut: Story = {
  parameters: worldIn(states.SignedOut),
  play: offers("signed_out", ({ priced }) => [priced("signed_out_button", 3, { label: "Report" })]),
};
export const NotConnected: Story = {
  parameters: worldIn(states.NotConnected),
  play: offers("not_connected", ({ priced }) => [
    priced("not_connected_button", 3, { label: "Report" }),
  ]),
};
export const Reconnect: Story = {
  parameters: worldIn(states.Reconnect),
  play: offers("reconnect", ({ priced }) => [priced("reconnect_button", 3, { label: "Report" })]),
};

/** The question before a charge comes with the actions. Cancel has the focus. */
export const Confirming: Story = {
  parameters: { ...worldIn(states.Confirming), asks: true },
  play: offers("confirming", ({ name, priced, unlock }) => [
    unlock("Report", 3),
    name("cancel"),
    priced("confirm", 3),
  ]),
};
export const Charging: Story = {
  parameters: worldIn(states.Charging),
  play: offers("charging", ({ unlock, name }) => [
    `${unlock("Report", 3)} ${name("charging_button")}`,
  ]),
};
export const Unlocked: Story = {
  parameters: { ...worldIn(states.Unlocked), caption: nothing },
  play: offers("unlocked"),
};
export const Insufficient: Story = {
  parameters: worldIn(states.Insufficient),
  play: offers("insufficient", ({ name }) => [name("topUp"), name("topped_up")]),
};
export const PriceChanged: Story = {
  parameters: worldIn(states.PriceChanged),
  play: offers("price_changed", ({ unlock }) => [unlock("Report", 3).replace("·", "· 2")]),
};
export const NotCharged: Story = {
  parameters: worldIn(states.NotCharged),
  play: offers("not_charged", ({ retry }) => [retry(3)]),
};

/** Without a resource, and once the page looks no more: the user may start over, and is told the risk. */
export const Unknown: Story = {
  parameters: { ares: { guide: true, ...worldIn(states.Unknown).ares } },
  play: offers("unknown", ({ name }) => [name("check"), name("reset")]),
};
export const Unavailable: Story = {
  parameters: { usage: "reprot" },
  play: offers("unavailable", ({ name }) => [name("retry")]),
};
export const Entitled: Story = {
  parameters: { entitled: true, caption: nothing },
  play: offers("entitled"),
};

/** The app's own components draw the buttons and the link. */
export const OwnLooks: Story = {
  args: {
    renderButton: (props) => <button {...props} data-ares-unstyled className="host-button" />,
    renderLink: ({ children, ...props }) => (
      <a {...props} data-ares-unstyled className="host-button">
        {children}
      </a>
    ),
  },
  parameters: {
    ...worldIn(states.Insufficient),
    docs: {
      source: {
        code: code(
          "renderButton={(props) => <Button {...props} />} renderLink={(props) => <Link {...props} />}",
        ),
      },
    },
  },
  play: offers("insufficient", ({ name }) => [name("topUp"), name("topped_up")]),
};

/** From the first press to the feature: an own gate without an own button. */
export const Walk: Story = {
  parameters: { asks: true, docs: { story: { inline: false, height: "320px" } } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { priced, unlock } = wordsIn(globals);
    await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
    await userEvent.click(await screen.findByRole("button", { name: priced("confirm", 3) }));
    await screen.findByText("The report.");
    await expect(worldOf(canvasElement).simulator.charges.map(({ credits }) => credits)).toEqual([
      3,
    ]);
  },
};

export const LongLabel: Story = {
  args: { label: "the complete tide tables of the North Sea with charts" },
};
