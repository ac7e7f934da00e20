import type { Meta, StoryObj } from "@storybook/react-vite";
import {
  AresError,
  AresErrorNotice,
  AresGate,
  AresGateActions,
  AresGateStatus,
  AresRefresh,
  ChargeHistory,
  ChargeReceipt,
  ConnectAres,
  CreditBalance,
  InsufficientCredits,
  LowBalance,
  UnknownCharge,
  UnlockButton,
  useAresGate,
} from "ares-react";
import { Report } from "../world/Report";

/** The examples of the written pages. An example of what not to do is no recipe, so the sidebar does not show them. */
const meta = { title: "Guidance", tags: ["!dev", "!autodocs"] } satisfies Meta;

export default meta;
type Story = StoryObj;

const at = Date.UTC(2026, 2, 4, 10, 30);
const receipt = {
  usage: "export-pdf",
  credits: 1,
  balance: 697,
  id: "ch_7Qm2",
  key: "1-a",
  at,
  restored: false,
};
const rows = [
  { id: "1", status: "charged" as const, usage: "export-pdf", credits: 1, createdAt: at },
];

const gate = (label: string): Story => ({
  render: () => (
    <AresGate usage="report" label={label}>
      <Report />
    </AresGate>
  ),
});
const told = (text: string): Story => ({ render: () => <p>{text}</p> });

export const NamedFeature = gate("the March report");
export const NamelessFeature = gate("this");
export const GateAlone = gate("Report");
export const CardInACard: Story = {
  render: () => (
    <article className="card">
      <AresGate usage="report" label="Report">
        <Report />
      </AresGate>
    </article>
  ),
};

function Parts({ words, ways }: { words: boolean; ways: boolean }) {
  const state = useAresGate({ usage: "report" });
  return (
    <>
      {words && <AresGateStatus gate={state} label="Report" />}
      {ways && <AresGateActions gate={state} label="Report" />}
    </>
  );
}
export const WordsAndWays: Story = {
  parameters: { ares: { balance: 1 } },
  render: () => <Parts words ways />,
};
export const WaysAlone: Story = {
  parameters: { ares: { balance: 1 } },
  render: () => <Parts words={false} ways />,
};
export const WordsAlone: Story = {
  parameters: { ares: { balance: 1 } },
  render: () => <Parts words ways={false} />,
};

function Priced({ shown }: { shown: boolean }) {
  const state = useAresGate({ usage: "report" });
  if (shown) return <UnlockButton gate={state} label="Report" />;
  return (
    <button type="button" className="host-button">
      Read on
    </button>
  );
}
export const PriceOnTheButton: Story = { render: () => <Priced shown /> };
export const PriceHidden: Story = { render: () => <Priced shown={false} /> };

export const BalanceWhileReading: Story = {
  parameters: { ares: { network: "stuck-read" } },
  render: () => <CreditBalance />,
};
export const ZeroWhileReading = told("0 credits");

export const NoticeOfTheKit: Story = {
  render: () => (
    <AresErrorNotice
      error={new AresError("outcome_unknown", "lost")}
      onCheck={() => {}}
      onRetry={() => {}}
      onReset={() => {}}
    />
  ),
};
export const FailedAndAgain = told("Payment failed. Please try again.");

export const ReceiptWithNames: Story = {
  render: () => <ChargeReceipt receipt={receipt} labels={{ "export-pdf": "PDF export" }} />,
};
export const ReceiptWithIds: Story = { render: () => <ChargeReceipt receipt={receipt} /> };
export const HistoryWithNames: Story = {
  render: () => <ChargeHistory charges={rows} labels={{ "export-pdf": "PDF export" }} />,
};
export const HistoryWithIds: Story = { render: () => <ChargeHistory charges={rows} /> };

export const WarnsInTime: Story = {
  parameters: { ares: { balance: 3 } },
  render: () => <LowBalance below={10} />,
};
export const WarnsAlways: Story = { render: () => <LowBalance below={1000} /> };

export const ConnectInSettings: Story = {
  parameters: { ares: { account: "not_connected" } },
  render: () => <ConnectAres />,
};
export const ConnectTwice: Story = {
  parameters: { ares: { account: "not_connected" } },
  render: () => (
    <>
      <ConnectAres />
      <AresGate usage="report" label="Report">
        <Report />
      </AresGate>
    </>
  ),
};

export const NamesTheShortfall: Story = {
  render: () => <InsufficientCredits missing={2} onCheck={() => {}} />,
};
export const SellsWithoutAmount = told("You need more credits. Buy now!");

const evidence = { before: 698, after: 695, credits: 3, sentAt: at, looks: 4, stored: true };
export const ShowsEvidence: Story = { render: () => <UnknownCharge evidence={evidence} /> };
export const GuessesTheOutcome = told("Your payment failed.");

export const RefreshedByTheApp: Story = {
  parameters: { ares: { refresh: () => {}, presses: ["unlock"] } },
  render: () => (
    <AresGate usage="report" label="Report">
      <AresRefresh />
    </AresGate>
  ),
};
export const RefreshedByHand: Story = {
  parameters: { ares: { presses: ["unlock"] } },
  render: () => (
    <AresGate usage="report" label="Report">
      <p>Thank you. Please reload this page.</p>
    </AresGate>
  ),
};
