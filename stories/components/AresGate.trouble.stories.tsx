import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresGate, type AresGateProps } from "ares-react";
import { Component, type ReactNode, useContext, useState } from "react";
import { expect, fireEvent, userEvent, waitFor, within } from "storybook/test";
import { PATIENCE_MS } from "../../test/setup/patience";
import { worldOf } from "../world/createWorld";
import { labelIn, StoryLocale } from "../world/labels";
import { Report } from "../world/Report";
import { directionOf, useView } from "../world/view";
import { World } from "../world/World";
import { isLocale, wordsIn } from "../world/words";

/** Situations between the states: long waits, no network, the app's own reason to wait, failed ways out. */
const meta = {
  title: "Components/AresGate/Between states",
  component: AresGate,
  args: { usage: "report", label: "Report", children: <Report /> },
  argTypes: { children: { control: false } },
} satisfies Meta<typeof AresGate>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A frame in the docs, for a story that changes its window: timers, storage or network are those of all stories on a page. */
const framed = (height: number) => ({ docs: { story: { inline: false, height: `${height}px` } } });
// A modal dialog would cover the whole docs page.
const inFrame = framed(320);

const deducted = (canvas: HTMLElement) =>
  worldOf(canvas).simulator.charges.map(({ credits }) => credits);
/** After eight seconds people worry that they pay twice. The words answer that worry. After thirty, the charge is unknown. */
export const StillWaiting: Story = {
  parameters: { ares: { network: "stuck-charge", presses: ["unlock"] } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say } = wordsIn(globals);
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent(say("charging_more")));
  },
};

/** The server asked for a pause. The retry button keeps its place and counts down, for the eye alone. */
export const TooManyRequests: Story = {
  tags: ["fixed-clock"],
  parameters: {
    ares: {
      arrange: (ares) =>
        ares.fail("429-retry-after", { on: "usage", times: "always", retryAfterSeconds: 30 }),
      presses: ["unlock"],
    },
  },
};

/** No network: the button keeps its place, a press does nothing, and nothing is queued. */
export const Offline: Story = {
  args: { credits: 3 },
  parameters: { ares: { network: "offline" }, ...framed(140) },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    const button = await screen.findByRole("button", { name: unlock("Report", 3) });
    await screen.findByText(say("offline"));
    fireEvent.click(button);
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** The app is not ready for the charge, and says why: `disabledReason`. */
export const NotYet: Story = {
  args: { disabledReason: "Choose a year first." },
};

/** The user came back from ARES without a link, or the connect flow could not begin. */
export const ConnectFailed: Story = {
  parameters: { ares: { account: "not_connected", connectFails: true, presses: ["connect"] } },
};

/** The user paid once, and opens a second tab. Nothing is charged again, and the words say so. */
export const AlreadyUnlocked: Story = {
  args: { resource: "report-42" },
  // This page shows two tabs, so it has each landmark twice.
  parameters: {
    ares: { tabs: 2, presses: ["unlock"] },
    a11y: { config: { rules: [{ id: "landmark-unique", enabled: false }] } },
  },
};

/**
 * The page has stopped checking, and the outcome is still unknown. This server keeps no ledger, so it can't tell the
 * outcome of a lost answer. Only then may the user start over, after a warning.
 */
export const StartOver: Story = {
  args: { credits: 3 },
  parameters: {
    ares: {
      guide: true,
      arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }),
      presses: ["unlock"],
    },
  },
};

/** Before the user gives an unknown charge up, a question says what that may cost. Cancel has the focus. */
export const StartOverQuestion: Story = {
  ...StartOver,
  parameters: { ...StartOver.parameters, ...inFrame },
  play: async (context) => {
    const screen = within(context.canvasElement);
    const { say, name } = wordsIn(context.globals);
    await userEvent.click(await screen.findByRole("button", { name: name("reset") }));
    const question = await screen.findByRole("alertdialog");
    await expect(question).toHaveTextContent(say("reset_question", { credits: 3 }));
    await expect(within(question).getByRole("button", { name: name("cancel") })).toHaveFocus();
    await expect(deducted(context.canvasElement)).toEqual([3]);
  },
};

/** The user is back from the shop. The gate has read the balance again, and Unlock waits for a press of its own. */
export const BackFromTheShop: Story = {
  parameters: { ares: { balance: 1 } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, shop, unlock } = wordsIn(globals);
    const link = await screen.findByRole("link", { name: shop() });
    // No shop opens in a story.
    link.addEventListener("click", (event) => event.preventDefault(), { once: true });
    await userEvent.click(link);
    worldOf(canvasElement).simulator.topUp("ada", 100);
    window.dispatchEvent(new Event("focus"));
    await screen.findByText(say("locked_more", { balance: 101 }));
    await expect(screen.getByRole("button", { name: unlock("Report", 3) })).not.toHaveFocus();
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** The page believed in enough credits, but ARES refused. The gate says both, and reads the balance again. */
export const InsufficientAtAres: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("insufficient", { on: "usage", times: "always" }),
      presses: ["unlock"],
    },
  },
};

/** The balance could not be read. The gate shows the app's own price instead of 0 credits, and offers another read. */
export const BalanceUnread: Story = {
  args: { credits: 3 },
  parameters: { ares: { network: "429" } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await screen.findByRole("button", { name: unlock("Report", 3) });
    await screen.findByText(say("locked_some"));
    await userEvent.click(screen.getByRole("button", { name: say("retry") }));
    await waitFor(() =>
      expect(screen.getByRole("button", { name: say("retry") })).toHaveAttribute(
        "aria-busy",
        "false",
      ),
    );
    await screen.findByText(say("locked_some"));
  },
};

/** The account could not be read, and the app names no price. The button has no price; the server's answer brings one. */
export const WithoutPrice: Story = {
  parameters: { ares: { network: "429" } },
};

/** The dialog while the app has a reason against the charge: its button is dimmed, and a press does nothing. */
const heldBack = (
  reason: (words: ReturnType<typeof wordsIn>) => string,
): NonNullable<Story["play"]> => {
  return async ({ canvasElement, globals }) => {
    const words = wordsIn(globals);
    const dialog = await within(canvasElement).findByRole("alertdialog");
    await waitFor(() => expect(dialog).toHaveTextContent(reason(words)));
    const spend = within(dialog).getByRole("button", { name: words.priced("confirm", 3) });
    await expect(spend).toHaveAttribute("aria-disabled", "true");
    const pressed = canvasElement.querySelector<HTMLElement>('[data-ares-part="unlock"]');
    await expect(getComputedStyle(spend).backgroundColor).not.toBe(
      pressed && getComputedStyle(pressed).backgroundColor,
    );
    fireEvent.click(spend);
    await expect(deducted(canvasElement)).toEqual([]);
  };
};
/** The network goes away while the dialog is open. */
export const ConfirmingOffline: Story = {
  args: { confirmation: "always" },
  parameters: { ares: { presses: ["unlock"] }, ...inFrame },
  beforeEach: () => () => {
    Reflect.deleteProperty(navigator, "onLine");
    window.dispatchEvent(new Event("online"));
  },
  play: async (context) => {
    await within(context.canvasElement).findByRole("alertdialog");
    Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
    window.dispatchEvent(new Event("offline"));
    await heldBack(({ say }) => say("offline"))(context);
  },
};

/** The app becomes unready with the very press that opens the dialog. */
function ChangesItsMind(props: AresGateProps) {
  const [reason, setReason] = useState<string>();
  return (
    <AresGate
      {...props}
      disabledReason={reason}
      onClick={() => setReason("The year you chose is not there any more.")}
    />
  );
}

export const ConfirmingWithReason: Story = {
  args: { confirmation: "always" },
  parameters: { ares: { presses: ["unlock"] }, ...inFrame },
  render: (args) => <ChangesItsMind {...args} />,
  play: heldBack(() => "The year you chose is not there any more."),
};

/** The balance is unknown, so the dialog names the price alone. */
export const ConfirmingBalanceUnread: Story = {
  args: { credits: 3, confirmation: "always" },
  parameters: { ares: { network: "429", presses: ["unlock"] }, ...inFrame },
};

/** An operator found that the unconfirmed charge never happened. The gate says so, and a press may charge again. */
export const NotChargedAfterAll: Story = {
  parameters: {
    ares: { arrange: (ares) => ares.fail("500-before", { on: "usage" }), presses: ["unlock"] },
  },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, retry } = wordsIn(globals);
    const { charges } = worldOf(canvasElement);
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(say("unknown")));
    const [row] = await charges.list({ status: "unknown" });
    await charges.resolve(row?.id ?? "", "not_charged", "It is not in ARES's books.");
    await expect(await screen.findByRole("button", { name: retry(3) })).toBeVisible();
    await expect(screen.getByRole("alert")).toHaveTextContent(say("not_charged"));
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** After a minute the page stops checking by itself. This kit's server has a row for the resource, so the gate offers no start over. */
export const NoLongerLooking: Story = {
  args: { resource: "report-42" },
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }),
      presses: ["unlock"],
    },
    ...framed(140),
  },
  // One minute passes in two seconds.
  beforeEach() {
    const { setTimeout } = window;
    Object.assign(window, { setTimeout: (run: () => void, ms = 0) => setTimeout(run, ms / 30) });
    return () => void Object.assign(window, { setTimeout });
  },
  play: async ({ canvasElement, globals }) => {
    // The waits of this script pass faster too.
    const fast = { timeout: PATIENCE_MS * 30 };
    const screen = within(canvasElement);
    const { say } = wordsIn(globals);
    const again = await screen.findByRole("button", { name: say("check") }, fast);
    await waitFor(() => expect(again).toHaveAttribute("aria-busy", "false"), fast);
    await expect(screen.getByRole("alert")).toHaveTextContent(say("unknown"));
    await expect(screen.queryByRole("button", { name: say("reset") })).toBeNull();
  },
};

/** The balance is still too low after another read. The button shows the check, and the gate announces the result again. */
export const StillShort: Story = {
  parameters: { ares: { balance: 1 } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say } = wordsIn(globals);
    const again = await screen.findByRole("button", { name: say("topped_up") });
    const words = screen.getByRole("alert").firstChild;
    await userEvent.click(again);
    await waitFor(() => expect(screen.getByRole("alert").firstChild).not.toBe(words));
    await expect(screen.getByRole("alert")).toHaveTextContent(say("insufficient"));
  },
};

function Fragile({ broken }: { broken: boolean }) {
  if (broken) throw new Error("The chart could not be drawn.");
  return <Report />;
}

/** The app's own error boundary, around the gate. The app tells its users about errors of a paid feature. */
class Boundary extends Component<
  { children: (broken: boolean) => ReactNode },
  { failed: boolean; broken: boolean }
> {
  override state = { failed: false, broken: true };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    if (!this.state.failed) return this.props.children(this.state.broken);
    return (
      <p>
        The report could not be shown. You have paid for it.{" "}
        <button type="button" onClick={() => this.setState({ failed: false, broken: false })}>
          Show it again
        </button>
      </p>
    );
  }
}

/** The feature failed after the charge. The app says so, and showing the feature again costs nothing. */
export const FeatureFails: Story = {
  parameters: { ares: { presses: ["unlock"] } },
  render: (args) => (
    <Boundary>{(broken) => <AresGate {...args}>{<Fragile broken={broken} />}</AresGate>}</Boundary>
  ),
};

/** The same feature, shown again. */
export const FeatureShownAgain: Story = {
  ...FeatureFails,
  play: async ({ canvasElement }) => {
    const screen = within(canvasElement);
    await userEvent.click(await screen.findByRole("button", { name: "Show it again" }));
    await screen.findByRole("article");
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** `trigger="mount"`: the user asked for the feature on the page before. The gate charges once, and only for a resource. */
export const ChargesOnMount: Story = {
  args: { trigger: "mount", resource: "report-42" },
};

/** The link to ARES has ended, and the attempt to renew it failed. */
export const ReconnectFailed: Story = {
  parameters: { ares: { account: "reconnect", connectFails: true, presses: ["reconnect"] } },
};

/** The pause that the server asked for is over. The button can be pressed again, in the place it had. */
export const WaitIsOver: Story = {
  parameters: {
    ares: {
      arrange: (ares) =>
        ares.fail("429-retry-after", { on: "usage", times: 1, retryAfterSeconds: 1 }),
      presses: ["unlock"],
    },
  },
};

/** Another user signed in in another window. The press was not theirs, so their button is Unlock. */
export const AnotherUser: Story = {
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, label, unlock, retry } = wordsIn(globals);
    const button = await screen.findByRole("button", { name: unlock("Report", 3) });
    worldOf(canvasElement).user = "bob";
    await userEvent.click(button);
    await waitFor(() =>
      expect(screen.getByRole("group", { name: label("Report") })).toHaveTextContent(
        say("other_user"),
      ),
    );
    await expect(screen.queryByRole("button", { name: retry(3) })).toBeNull();
    await screen.findByRole("button", { name: unlock("Report", 3) });
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** A sidebar: the words wrap above a button that is as wide as its column. */
export const NarrowColumn: Story = {
  render: (args) => (
    <div style={{ inlineSize: "min(11rem, 100%)" }}>
      <AresGate {...args} />
    </div>
  ),
  play: async ({ canvasElement, globals }) => {
    const button = await within(canvasElement).findByRole("button", {
      name: wordsIn(globals).unlock("Report", 3),
    });
    const gate = within(canvasElement).getByRole("group", {
      name: wordsIn(globals).label("Report"),
    });
    await expect(gate.scrollWidth).toBeLessThanOrEqual(gate.clientWidth);
    await expect(button.getBoundingClientRect().width).toBeGreaterThan(gate.clientWidth * 0.7);
  },
};

/** Two languages and two directions on one page. Each gate has the words of its own provider. */
export const TwoLanguages: Story = {
  parameters: {
    ares: false,
    a11y: { config: { rules: [{ id: "landmark-unique", enabled: false }] } },
  },
  render: (args) => (
    <div className="state-map">
      {(["de", "ar"] as const).map((locale) => (
        <div key={locale} lang={locale} dir={directionOf(locale)}>
          <World settings={{}} locale={locale}>
            <AresGate {...args} label={labelIn(locale, "Report")} />
          </World>
        </div>
      ))}
    </div>
  ),
};

function Gates(props: AresGateProps) {
  const { locale } = useView({ theme: "light", locale: useContext(StoryLocale) });
  return (
    <div className="state-map">
      {(["signed_out", "not_connected", "reconnect"] as const).map((account) => (
        <World key={account} settings={{ account, handlers: false }} locale={locale}>
          <AresGate {...props} label={labelIn(locale, "Report")} />
        </World>
      ))}
    </div>
  );
}

/** An app without ways to sign in, connect or renew: the gate says the state, and offers no button that does nothing. */
export const WithoutHandlers: Story = {
  parameters: {
    ares: false,
    a11y: { config: { rules: [{ id: "landmark-unique", enabled: false }] } },
  },
  render: (args, { globals }) => (
    <StoryLocale value={isLocale(globals.locale) ? globals.locale : "en"}>
      <Gates {...args} />
    </StoryLocale>
  ),
};

/** The account is not read after eight seconds. The words say that a reload loses nothing. */
export const StillLoading: Story = {
  parameters: { ares: { network: "stuck-read" } },
  play: async ({ canvasElement, globals }) => {
    await within(canvasElement).findByText(wordsIn(globals).say("loading_more"));
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** Whether the resource is already paid could not be read. The gate looks again by itself, and sells nothing meanwhile. */
export const Unchecked: Story = {
  args: { resource: "report-42" },
  parameters: { ares: { network: "500-looks" } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await screen.findByText(say("unchecked"));
    const check = await screen.findByRole("button", { name: say("retry") });
    const { right, left } = screen.getByRole("group").getBoundingClientRect();
    const button = check.getBoundingClientRect();
    await expect(Math.min(right - button.right, button.left - left)).toBeLessThan(20);
    await expect(screen.queryByRole("button", { name: unlock("Report", 3) })).toBeNull();
    await expect(deducted(canvasElement)).toEqual([]);
  },
};

/** The paid thing is used up: the app gave the unlock up with `reset`. A new press is a new charge. */
export const UsedUp: Story = {
  args: {
    slots: {
      unlocked: ({ reset }, defaults) => (
        <>
          {defaults}
          <button type="button" lang="en" onClick={reset}>
            Use the last copy
          </button>
        </>
      ),
    },
  },
  parameters: { ares: { presses: ["unlock"] } },
  play: async ({ canvasElement, globals }) => {
    const screen = within(canvasElement);
    const { say, unlock } = wordsIn(globals);
    await userEvent.click(await screen.findByRole("button", { name: "Use the last copy" }));
    await screen.findByText(say("used_up"));
    await expect(screen.getByRole("button", { name: unlock("Report", 3) })).toBeVisible();
    await expect(deducted(canvasElement)).toEqual([3]);
  },
};

/** The browser stores nothing, so an unknown charge would be forgotten with the page. The words say to stay. */
export const Unstored: Story = {
  parameters: {
    ares: {
      arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }),
      presses: ["unlock"],
    },
    ...framed(140),
  },
  beforeEach() {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (name, value) {
      if (name.startsWith("ares:"))
        throw new DOMException("The storage is full.", "QuotaExceededError");
      setItem.call(this, name, value);
    };
    return () => {
      Storage.prototype.setItem = setItem;
    };
  },
};

/** ARES refused for want of credits, and the balance could not be read. The gate names the price alone, and no shortfall. */
export const InsufficientBalanceUnread: Story = {
  args: { credits: 3 },
  parameters: {
    ares: {
      network: "429-balance",
      arrange: (ares) => ares.fail("insufficient", { on: "usage", times: "always" }),
      presses: ["unlock"],
    },
  },
};
