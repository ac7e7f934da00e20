import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { beforeEach, expect, test } from "vitest";
import { AresGate, type AresGateProps } from "../../src/react";
import { modals } from "./modals";
import { openPage } from "./page";

const report = (props: Partial<AresGateProps> = {}) => (
  <AresGate usage="report" resource="r-1" label="Report" confirmation="always" {...props}>
    <p>The report</p>
  </AresGate>
);
const ask = async () =>
  fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
const dialog = () => screen.queryByRole("alertdialog");
const spend = () => screen.getByRole("button", { name: "Spend · 3 credits" });

beforeEach(() => localStorage.clear());

test("an open dialog says why nothing may be spent any more, and spends nothing until the reason is gone", async () => {
  const page = openPage(report());
  await ask();

  page.show(report({ disabledReason: "Upload a file first." }));
  expect(dialog()?.textContent).toContain("Upload a file first.");
  expect(spend().getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(spend());
  expect(dialog()).not.toBeNull();
  expect(page.wire.posts()).toHaveLength(0);

  page.show(report());
  fireEvent.click(spend());
  await screen.findByText("The report");
  expect(page.simulator.charges).toHaveLength(1);
});

test.each([
  ["user", {}, { userKey: "bob" }],
  ["resource", { resource: "r-2" }, { userKey: "ada" }],
])("a dialog does not ask another %s than it was opened for", async (_, props, provider) => {
  const page = openPage(report(), { provider: { userKey: "ada" } });
  await ask();
  expect(dialog()).not.toBeNull();

  page.show(report(props), provider);

  const button = await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
  expect(dialog()).toBeNull();
  expect(button.getAttribute("aria-disabled")).toBe("false");
  expect(page.wire.posts()).toHaveLength(0);
});

test("a gate that charges on mount asks first where it should, and not again after Cancel", async () => {
  const page = openPage(report({ trigger: "mount" }));
  await screen.findByRole("alertdialog", {
    name: "Spend 3 credits on Report? 698 credits now, 695 credits afterwards.",
  });
  expect(page.wire.posts()).toHaveLength(0);

  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await act(() => new Promise((next) => setTimeout(next, 50)));
  expect(dialog()).toBeNull();
  expect(page.wire.posts()).toHaveLength(0);

  await ask();
  fireEvent.click(spend());
  await screen.findByText("The report");
  expect(page.simulator.charges).toHaveLength(1);
});

test("a dialog is shown under StrictMode too, where browsers refuse to show an open one", async () => {
  const open = modals();
  openPage(report(), { wrapper: StrictMode });
  await ask();
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Cancel" })),
  );
  expect(open.size).toBe(1);
});
