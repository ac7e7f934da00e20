import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { wordsIn } from "../world/words";
import { AccountPage } from "./AccountPage";
import { ArticlePage } from "./ArticlePage";
import { DashboardPage } from "./DashboardPage";
import { dressOf } from "./dress";
import { TablePage } from "./TablePage";
import { ToolbarPage } from "./ToolbarPage";

/** Whole pages of an app: an account, a dashboard, an article, a table and a toolbar, on a desk and on a phone. */
const meta = { title: "Pages", tags: ["!autodocs"], component: AccountPage } satisfies Meta<
  typeof AccountPage
>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A user has just bought the report. */
const bought: NonNullable<Story["play"]> = async ({ canvasElement, globals }) => {
  const screen = within(canvasElement);
  const { unlock, priced, say, balance } = wordsIn(globals);
  await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
  await userEvent.click(await screen.findByRole("button", { name: priced("confirm", 3) }));
  await screen.findByRole("group", { name: balance(695) });
  await screen.findByRole("article", { name: say("receipt") });
  await waitFor(() => expect(screen.getByRole("list")).toHaveTextContent(say("history_charged")));
};

/** Nothing has been charged yet: the history says what will stand there. */
export const Desktop: Story = {};
export const DesktopAfterAPurchase: Story = { play: bought };
export const Phone: Story = { globals: { width: "320" } };
export const PhoneAfterAPurchase: Story = { globals: { width: "320" }, play: bought };
export const PhoneWithFewCredits: Story = {
  globals: { width: "320" },
  parameters: { ares: { balance: 2 } },
};
export const PhoneNotConnected: Story = {
  globals: { width: "320" },
  parameters: { ares: { account: "not_connected" } },
};

const dashboard: Story = { render: (_, { globals }) => <DashboardPage dress={dressOf(globals)} /> };
const article: Story = { render: () => <ArticlePage /> };
const table: Story = { render: (_, { globals }) => <TablePage dress={dressOf(globals)} /> };
const toolbar: Story = { render: (_, { globals }) => <ToolbarPage dress={dressOf(globals)} /> };
// A modal dialog would cover the whole docs page.
const inFrame = { docs: { story: { inline: false, height: "320px" } } };
const phone = { width: "320" };
const dark = { theme: "dark" };
const tailwind = { framework: "tailwind" };
const bootstrap = { framework: "bootstrap" };
const short: Story["parameters"] = { ares: { balance: 0.5 } };
/** The first gate was pressed, and ARES has not answered yet. */
const charging: Story["parameters"] = { ares: { network: "stuck-charge", presses: ["unlock"] } };
/** The first gate was pressed, and the answer was lost. */
const lost: Story["parameters"] = {
  ares: { arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }), presses: ["unlock"] },
};
/** The page showed an older price of the gate that was pressed. */
const dearer: Story["parameters"] = {
  ares: { oldPrices: { report: 2, "export-pdf": 0.5 }, presses: ["unlock"] },
};
/** One gate was pressed, and ARES charged nothing. */
const refused: Story["parameters"] = {
  ares: {
    arrange: (ares) => ares.fail("refused", { on: "usage", times: "always" }),
    presses: ["unlock"],
  },
};
/** One thing on each page was paid on another day. */
const restored: Story["parameters"] = {
  ares: {
    charges: [
      { usage: "report", resource: "Market report" },
      { usage: "report", resource: "article" },
      { usage: "export-pdf", resource: "INV-2041" },
      { usage: "export-pdf", resource: "draft-3" },
    ],
  },
};
/** The user's connection to ARES has ended. */
const ended: Story["parameters"] = { ares: { account: "reconnect" } };

export const Dashboard: Story = dashboard;
export const DashboardLoading: Story = {
  ...dashboard,
  parameters: { ares: { network: "stuck-read" } },
};
/** The question names the price, and what the balance will be. */
export const DashboardConfirming: Story = {
  render: (_, { globals }) => <DashboardPage dress={dressOf(globals)} confirmation="always" />,
  parameters: { ares: { presses: ["unlock"] }, ...inFrame },
};
export const DashboardCharging: Story = { ...dashboard, parameters: charging };
/** Each gate says what it costs. The header alone says what the user has. */
export const DashboardWithFewCredits: Story = {
  ...dashboard,
  parameters: short,
  play: async ({ canvas, globals }) => {
    const { say } = wordsIn(globals);
    const balances = () => canvas.getAllByText(say("locked_more", { balance: 0.5 }));
    await waitFor(() => expect(balances()).toHaveLength(4));
    for (const words of balances()) await expect(words).not.toBeVisible();
    for (const words of canvas.getAllByText(say("insufficient_more", { price: 3 })))
      await expect(words).toBeVisible();
  },
};
export const DashboardUnconfirmed: Story = { ...dashboard, parameters: lost };
export const DashboardPriceChanged: Story = { ...dashboard, parameters: dearer };
export const DashboardNotCharged: Story = { ...dashboard, parameters: refused };
/** The header says that there is no balance. Each gate says that it has no price, and offers the read that all of them share. */
export const DashboardWithoutABalance: Story = {
  ...dashboard,
  parameters: { ares: { network: "429-balance" } },
  play: async ({ canvas, globals }) => {
    const { say } = wordsIn(globals);
    await canvas.findByRole("group", { name: say("balance_error") });
    await waitFor(() =>
      expect(canvas.getAllByRole("button", { name: say("retry") })).toHaveLength(4),
    );
    for (const words of canvas.getAllByText(say("locked_none"))) await expect(words).toBeVisible();
  },
};
/** ARES does not answer: what that means hangs from the pressed button, and nothing moves. */
export const DashboardStillWaiting: Story = {
  ...dashboard,
  parameters: charging,
  play: async ({ canvas, globals }) => {
    const { say } = wordsIn(globals);
    const [, hint] = await canvas.findAllByText(say("charging_more"), { exact: false });
    await expect(hint).toBeVisible();
  },
};
/** One usage has no price on the server: its gate says so, and offers to look again. */
export const DashboardUnavailable: Story = {
  render: (_, { globals }) => <DashboardPage dress={dressOf(globals)} exported="unpriced" />,
};
export const DashboardRestored: Story = { ...dashboard, parameters: restored };
/** The header alone says that the connection has ended. Each gate says what to do, and what that gives. */
export const DashboardReconnect: Story = {
  ...dashboard,
  parameters: ended,
  play: async ({ canvas, globals }) => {
    const { say } = wordsIn(globals);
    const words = () => canvas.getAllByText(say("reconnect"));
    await waitFor(() => expect(words()).toHaveLength(4));
    for (const each of words()) await expect(each).not.toBeVisible();
    for (const button of canvas.getAllByRole("button"))
      await expect(button.clientHeight).toBeLessThan(40);
  },
};
export const DashboardSignedOut: Story = {
  ...dashboard,
  parameters: { ares: { account: "signed_out" } },
};
export const DashboardOnAPhone: Story = { ...dashboard, globals: phone };
export const DashboardInTailwind: Story = { ...dashboard, globals: tailwind };
export const DashboardInTailwindDark: Story = {
  ...dashboard,
  globals: { ...tailwind, ...dark },
  parameters: short,
};
export const DashboardInTailwindRestored: Story = {
  ...dashboard,
  globals: tailwind,
  parameters: restored,
};
export const DashboardInBootstrap: Story = { ...dashboard, globals: bootstrap };
export const DashboardInBootstrapDark: Story = {
  ...dashboard,
  globals: { ...bootstrap, ...dark },
};
export const DashboardInBootstrapWithFewCredits: Story = {
  ...dashboard,
  globals: bootstrap,
  parameters: short,
};
export const DashboardInBootstrapDarkWithFewCredits: Story = {
  ...dashboard,
  globals: { ...bootstrap, ...dark },
  parameters: short,
};
export const Article: Story = article;
export const ArticleWithFewCredits: Story = { ...article, parameters: short };
export const ArticlePriceChanged: Story = { ...article, parameters: dearer };
export const ArticleRestored: Story = { ...article, parameters: restored };
export const ArticleReconnect: Story = { ...article, parameters: ended };
export const ArticleInTailwind: Story = { ...article, globals: tailwind };
export const ArticleInBootstrap: Story = { ...article, globals: bootstrap };
/** The header shows the balance, so no row has more to say. */
export const Table: Story = {
  ...table,
  play: async ({ canvas, globals }) => {
    const { say, balance } = wordsIn(globals);
    await canvas.findByRole("group", { name: balance(698) });
    await canvas.findAllByRole("button", { name: new RegExp(say("unlock_plain")) });
    await expect(canvas.queryByRole("button", { name: say("more") })).toBeNull();
  },
};
export const TableWithFewCredits: Story = { ...table, parameters: short };
export const TableUnconfirmed: Story = { ...table, parameters: lost };
export const TableNotCharged: Story = { ...table, parameters: refused };
export const TableRestored: Story = { ...table, parameters: restored };
export const TableReconnect: Story = { ...table, parameters: ended };
export const TableWithoutABalance: Story = {
  ...table,
  parameters: { ares: { network: "429-balance" } },
};
export const TableInTailwind: Story = { ...table, globals: tailwind };
export const TableInBootstrap: Story = { ...table, globals: bootstrap };
export const TableInBootstrapRestored: Story = {
  ...table,
  globals: bootstrap,
  parameters: restored,
};
export const Toolbar: Story = toolbar;
export const ToolbarWithFewCredits: Story = { ...toolbar, parameters: short };
export const ToolbarRestored: Story = { ...toolbar, parameters: restored };
export const ToolbarReconnect: Story = { ...toolbar, parameters: ended };
export const ToolbarInTailwind: Story = { ...toolbar, globals: tailwind };
export const ToolbarInBootstrap: Story = { ...toolbar, globals: bootstrap };
export const ToolbarInTailwindRestored: Story = {
  ...toolbar,
  globals: tailwind,
  parameters: restored,
};
export const AccountConfirming: Story = {
  parameters: { ares: { presses: ["unlock"] }, ...inFrame },
};
export const AccountReconnect: Story = { parameters: ended };
/** ARES's answer was lost: the gate says so, and the evidence stands below it. */
export const AccountUnconfirmed: Story = {
  parameters: { ares: { ...lost.ares, presses: ["unlock", "confirm"] } },
  play: async ({ canvas, globals }) => {
    const { say, label } = wordsIn(globals);
    const evidence = await canvas.findByRole("article", { name: say("unknown") });
    await expect(canvas.getAllByRole("button", { name: say("receipt_copy") })).toHaveLength(1);
    // Once both balances are known, they have rows, and the gate's sentence leaves them out.
    await waitFor(() => expect(within(evidence).getByText(say("evidence_now"))).toBeVisible());
    await expect(
      canvas.getByText(say("unknown_more", { before: 698, after: 695 })),
    ).not.toBeVisible();
    await expect(within(evidence).getByText(say("receipt_usage"))).toBeVisible();
    const gate = canvas.getByRole("group", { name: label("Report") });
    await expect(getComputedStyle(evidence).borderStyle).toBe("none");
    await expect(evidence.clientWidth).toBeLessThan(gate.clientWidth);
    await expect(gate.scrollWidth).toBe(gate.clientWidth);
  },
};
/** Each outcome has its badge: paid, not confirmed, and refused by ARES a moment ago. */
export const AccountWithAHistory: Story = {
  parameters: {
    ares: {
      charges: [{ usage: "export-pdf" }, { usage: "image", status: "unknown" }],
      arrange: (ares) => ares.fail("insufficient", { on: "usage" }),
      presses: ["unlock", "confirm"],
    },
  },
  play: async ({ canvas, globals }) => {
    const { say } = wordsIn(globals);
    for (const outcome of ["history_charged", "history_unknown", "history_declined"] as const)
      await canvas.findByText(say(outcome));
  },
};
export const AccountInTailwindDark: Story = { globals: { ...tailwind, ...dark }, play: bought };
export const AccountInBootstrap: Story = { globals: bootstrap, play: bought };
