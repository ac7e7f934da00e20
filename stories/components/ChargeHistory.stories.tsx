import type { Meta, StoryObj } from "@storybook/react-vite";
import {
  AresError,
  AresGateActions,
  ChargeHistory,
  type ChargeHistoryProps,
  useAresCharges,
  useAresGate,
} from "ares-react";
import { expect, fn, userEvent, within } from "storybook/test";
import { wordsIn } from "../world/words";

type Row = NonNullable<ChargeHistoryProps["charges"]>[number];

const at = Date.UTC(2026, 2, 4, 10, 30);
const minutes = 60_000;

/** The charges of a user in this app, from the app's own ledger. */
const meta = {
  title: "Components/ChargeHistory",
  tags: ["!autodocs"],
  component: ChargeHistory,
  args: {
    labels: {
      "export-pdf": "PDF export",
      image: "Illustration",
      report: "Report",
      "report-42": "Tides of the North Sea",
    },
    charges: [
      { id: "1", status: "sending", usage: "image", credits: 4, createdAt: at },
      {
        id: "2",
        status: "unknown",
        usage: "report",
        resource: "report-43",
        credits: 3,
        createdAt: at - 4 * minutes,
      },
      { id: "3", status: "charged", usage: "export-pdf", credits: 1, createdAt: at - 90 * minutes },
      { id: "4", status: "declined", usage: "image", credits: 4, createdAt: at - 2000 * minutes },
      {
        id: "5",
        status: "charged",
        usage: "report",
        resource: "report-42",
        credits: 3,
        createdAt: at - 4000 * minutes,
      },
    ],
  },
  parameters: {
    docs: {
      source: {
        code: `function MyCharges() {
  const { charges, error, refetch } = useAresCharges();
  return <ChargeHistory charges={charges} error={error} onRetry={refetch} labels={{ "report-42": "Tides of the North Sea" }} />;
}`,
      },
    },
  },
} satisfies Meta<typeof ChargeHistory>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Default: Story = {};
export const Playground: Story = { args: { onRetry: fn() } };
export const Loading: Story = { args: { charges: undefined } };
export const Empty: Story = { args: { charges: [] } };

/** The charges could not be read. An empty list would say something else. */
export const Unreadable: Story = {
  args: {
    charges: undefined,
    error: new AresError("network_error", "There was no answer."),
    onRetry: fn(),
  },
  play: async ({ canvasElement, globals, args }) => {
    await userEvent.click(
      within(canvasElement).getByRole("button", { name: wordsIn(globals).say("retry") }),
    );
    await expect(args.onRetry).toHaveBeenCalledOnce();
  },
};

/** Nobody is connected, so there is no list to read. */
export const NotConnected: Story = {
  args: {
    charges: undefined,
    error: new AresError("not_connected", "ARES is not connected."),
    onRetry: fn(),
  },
};

/** One charge in one state of the ledger. */
function one(status: Row["status"]): Story {
  return {
    args: {
      charges: [
        { id: "1", status, usage: "report", resource: "report-42", credits: 3, createdAt: at },
      ],
    },
  };
}

export const Claimed = one("claimed");
export const Sending = one("sending");
export const Charged = one("charged");
export const Declined = one("declined");
export const Unknown = one("unknown");
export const Absent = one("absent");

/** A flexible row, in which a component without its own width would vanish. */
export const InARow: Story = {
  render: (args) => (
    <div style={{ display: "flex", alignItems: "start" }}>
      <ChargeHistory {...args} />
    </div>
  ),
  play: async ({ canvasElement, globals }) => {
    const book = within(canvasElement).getByRole("region", {
      name: wordsIn(globals).say("history"),
    });
    await expect(book.getBoundingClientRect().width).toBeGreaterThan(200);
  },
};

function Book({ labels }: Pick<ChargeHistoryProps, "labels">) {
  const { charges, error, refetch } = useAresCharges();
  const gate = useAresGate({ usage: "export-pdf" });
  return (
    <>
      <AresGateActions gate={gate} label={labels?.["export-pdf"]} />
      <ChargeHistory charges={charges} error={error} onRetry={refetch} labels={labels} />
    </>
  );
}

/** The list comes from the app's server. Each charge reads the list again. */
export const FollowsACharge: Story = {
  parameters: { ares: { presses: ["unlock"] } },
  render: ({ labels }) => <Book labels={labels} />,
};
