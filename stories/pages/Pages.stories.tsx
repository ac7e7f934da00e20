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
  const { unlock, name, say, balance } = wordsIn(globals);
  await userEvent.click(await screen.findByRole("button", { name: unlock("Report", 3) }));
  await userEvent.click(await screen.findByRole("button", { name: name("confirm", { price: 3 }) }));
  await screen.findByRole("group", { name: balance(695) });
  await screen.findByRole("article", { name: say("receipt") });
  await waitFor(() => expect(screen.getByRole("list")).toHaveTextContent(say("history_charged")));
};

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
const phone = { width: "320" };
const dark = { theme: "dark" };
const tailwind = { framework: "tailwind" };
const bootstrap = { framework: "bootstrap" };
const short: Story["parameters"] = { ares: { balance: 0.5 } };
/** The first gate was pressed, and ARES has not answered yet. */
const charging: Story["parameters"] = { ares: { network: "stuck-charge", presses: ["unlock"] } };
/** The first gate was pressed, and the answer was lost. */
const unknown: Story["parameters"] = {
  ares: { arrange: (ares) => ares.fail("drop-after-charge", { on: "usage" }), presses: ["unlock"] },
};

export const Dashboard: Story = dashboard;
export const DashboardLoading: Story = {
  ...dashboard,
  parameters: { ares: { network: "stuck-read" } },
};
export const DashboardCharging: Story = { ...dashboard, parameters: charging };
export const DashboardWithFewCredits: Story = { ...dashboard, parameters: short };
export const DashboardUnconfirmed: Story = { ...dashboard, parameters: unknown };
export const DashboardWithoutABalance: Story = {
  ...dashboard,
  parameters: { ares: { network: "429-balance" } },
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
export const DashboardInBootstrap: Story = { ...dashboard, globals: bootstrap };
export const DashboardInBootstrapWithFewCredits: Story = {
  ...dashboard,
  globals: bootstrap,
  parameters: short,
};
export const Article: Story = article;
export const ArticleWithFewCredits: Story = { ...article, parameters: short };
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
export const TableUnconfirmed: Story = { ...table, parameters: unknown };
export const TableInTailwind: Story = { ...table, globals: tailwind };
export const TableInBootstrap: Story = { ...table, globals: bootstrap };
export const Toolbar: Story = toolbar;
export const ToolbarWithFewCredits: Story = { ...toolbar, parameters: short };
export const ToolbarInTailwind: Story = { ...toolbar, globals: tailwind };
export const ToolbarInBootstrap: Story = { ...toolbar, globals: bootstrap };
export const AccountInTailwindDark: Story = { globals: { ...tailwind, ...dark }, play: bought };
export const AccountInBootstrap: Story = { globals: bootstrap, play: bought };
