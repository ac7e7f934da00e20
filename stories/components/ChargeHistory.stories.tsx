import type { Meta, StoryObj } from "@storybook/react-vite";
import { AresError, ChargeHistory, UnlockButton, useAresCharges, useAresGate } from "ares-react";
import { expect, within } from "storybook/test";

const at = Date.UTC(2026, 2, 4, 10, 30);
const minutes = 60_000;

/** What a user was charged for in this app, from the app's own ledger. */
const meta = {
  title: "Components/ChargeHistory",
  component: ChargeHistory,
  args: {
    labels: { "export-pdf": "PDF export", image: "Illustration", report: "Report" },
    charges: [
      { id: "1", status: "sending", usage: "image", credits: 4, createdAt: at },
      { id: "2", status: "unknown", usage: "report", resource: "report-43", credits: 3, createdAt: at - 4 * minutes },
      { id: "3", status: "charged", usage: "export-pdf", credits: 1, createdAt: at - 90 * minutes },
      { id: "4", status: "declined", usage: "image", credits: 4, createdAt: at - 2000 * minutes },
      { id: "5", status: "charged", usage: "report", resource: "report-42", credits: 3, createdAt: at - 4000 * minutes },
    ],
  },
} satisfies Meta<typeof ChargeHistory>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {
  play: async ({ canvasElement }) => {
    const rows = within(within(canvasElement).getByRole("region", { name: "Charges" })).getAllByRole("listitem");
    await expect(rows.map((row) => row.querySelector('[data-ares-part="outcome"]')?.textContent)).toEqual([
      "On its way",
      "Not confirmed",
      "Paid",
      "Not charged",
      "Paid",
    ]);
  },
};
export const Loading: Story = { args: { charges: undefined } };
export const Empty: Story = { args: { charges: [] } };
export const Unreadable: Story = { args: { charges: undefined, error: new AresError("network_error", "There was no answer.") } };

function Book() {
  const { charges, error } = useAresCharges();
  const gate = useAresGate({ usage: "export-pdf" });
  return (
    <>
      <p>
        <UnlockButton gate={gate} label="PDF export" />
      </p>
      <ChargeHistory charges={charges} error={error} />
    </>
  );
}

/** It is read from the app's server, and read again after each charge. */
export const FollowsACharge: Story = {
  parameters: { ares: { presses: ["unlock"] } },
  render: () => <Book />,
  play: async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByRole("listitem")).toHaveTextContent(/export-pdf.*Paid.*1 credit/);
  },
};
