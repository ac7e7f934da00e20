import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { AresError } from "../../../src/contract";
import {
  AresErrorNotice,
  AresGate,
  ChargeHistory,
  ChargeReceipt,
  ConnectAres,
  CreditBalance,
  InsufficientCredits,
  LowBalance,
  UnknownCharge,
} from "../../../src/react";
import { openPage } from "../../flows/page";

afterEach(cleanup);

const receipt = {
  usage: "report",
  credits: 3,
  balance: 695,
  id: "c_1",
  key: "k",
  at: 0,
  restored: false,
};
const way = () => {};

/** The texts of a page that run as the page does, whatever their language is. */
function textsOfThePage(): string[] {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  while (texts.nextNode()) {
    const { parentElement, textContent } = texts.currentNode;
    if (textContent?.trim() && !parentElement?.closest("[dir=auto]")) found.push(textContent);
  }
  return found;
}

test("every text of the kit runs as its language does", async () => {
  openPage(
    <>
      <AresGate usage="report" label="Report" variant="card" confirmation="always" />
      <CreditBalance refresh />
      <LowBalance below={1000} />
      <InsufficientCredits missing={2} onCheck={way} />
      <ChargeReceipt receipt={receipt} />
      <ChargeHistory charges={[]} />
      <UnknownCharge evidence={{ before: 698, after: 695, credits: 3, sentAt: 0, looks: 1 }} />
      <AresErrorNotice error={new AresError("ares_unreachable", "no answer")} onRetry={way} />
    </>,
  );
  fireEvent.click(await screen.findByRole("button", { name: /^Unlock/ }));
  await screen.findByRole("alertdialog");

  expect(textsOfThePage()).toEqual([]);
});

test.each(["signed_out", "not_connected", "reconnect"] as const)(
  "so does every text for a user who is %s",
  async (account) => {
    openPage(
      <>
        <AresGate usage="report" />
        <ConnectAres />
        <CreditBalance />
      </>,
      { account, provider: { signIn: way, connect: way, reconnect: way, connectFailed: true } },
    );
    await screen.findByRole("button", { name: /unlock|Reconnect ARES ·/ });

    expect(textsOfThePage()).toEqual([]);
  },
);

test("what an app puts into a gate runs as the page does", () => {
  openPage(
    <AresGate usage="report" entitled>
      The report
    </AresGate>,
  );

  expect(textsOfThePage()).toEqual(["The report"]);
});
