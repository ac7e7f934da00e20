import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { AresGate } from "../../src/react";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

const unlock = async () => fireEvent.click(await screen.findByRole("button", { name: /^Unlock/ }));

test("children may be a function of the receipt, and run only when the feature is paid", async () => {
  const draw = vi.fn((receipt?: { credits?: number | undefined }) => <p>paid {receipt?.credits}</p>);
  openPage(
    <AresGate usage="report" resource="r-1" label="Report">
      {draw}
    </AresGate>,
  );
  await screen.findByRole("button", { name: /^Unlock/ });
  expect(draw).not.toHaveBeenCalled();

  await unlock();

  await screen.findByText("paid 3");
});

test("a subscriber's gate calls its children without a receipt", async () => {
  openPage(
    <AresGate usage="report" entitled>
      {(receipt) => <p>{receipt ? "paid" : "entitled"}</p>}
    </AresGate>,
  );
  await screen.findByText("entitled");
});
