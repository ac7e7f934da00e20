import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, userEvent, waitFor, within } from "storybook/test";
import { wordsIn } from "../world/words";
import { AccountPage } from "./AccountPage";
import { ArticlePage } from "./ArticlePage";
import { DashboardPage } from "./DashboardPage";
import { TablePage } from "./TablePage";

/** Whole pages: an account, a dashboard, an article and a table, on a desk and on a phone. */
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

const dashboard: Story = { render: () => <DashboardPage /> };
const article: Story = { render: () => <ArticlePage /> };
const table: Story = { render: () => <TablePage /> };
const short = { ares: { balance: 0.5 } };

export const Dashboard: Story = dashboard;
export const DashboardWithFewCredits: Story = { ...dashboard, parameters: short };
export const DashboardSignedOut: Story = {
  ...dashboard,
  parameters: { ares: { account: "signed_out" } },
};
export const DashboardOnAPhone: Story = { ...dashboard, globals: { width: "320" } };
export const Article: Story = article;
export const ArticleWithFewCredits: Story = { ...article, parameters: short };
export const Table: Story = table;
