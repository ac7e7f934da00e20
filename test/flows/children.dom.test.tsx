import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { AresGate } from "../../src/react";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

const unlock = async () => fireEvent.click(await screen.findByRole("button", { name: /^Unlock/ }));

test("children may be a function of the receipt, and run only when the feature is paid", async () => {
  const draw = vi.fn((receipt?: { credits?: number | undefined }) => (
    <p>paid {receipt?.credits}</p>
  ));
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

test("a preview is out of reach of keys and readers, and goes when the feature itself comes", async () => {
  openPage(
    <AresGate
      usage="report"
      label="Report"
      variant="overlay"
      size="small"
      preview={<a href="/chapter">Preview</a>}
    >
      <p>The report</p>
    </AresGate>,
  );
  const preview = (await screen.findByText("Preview")).parentElement;
  expect(preview?.getAttribute("aria-hidden")).toBe("true");
  expect(preview?.hasAttribute("inert")).toBe(true);
  expect(screen.queryByRole("link")).toBeNull();
  expect(screen.getByRole("group", { name: "Report" }).dataset).toMatchObject({
    variant: "overlay",
    size: "small",
  });
  expect(screen.queryByText("The report")).toBeNull();

  await unlock();

  await screen.findByText("The report");
  expect(screen.queryByText("Preview")).toBeNull();
});

test.each([
  ["a slot of the app's own", { slots: { locked: () => null } }],
  ["a subscriber", { entitled: true }],
])("there is no preview beside %s", async (_, props) => {
  openPage(
    <AresGate usage="report" label="Report" variant="overlay" preview={<p>Preview</p>} {...props}>
      {null}
    </AresGate>,
  );
  await screen.findByRole("group");
  await vi.waitFor(() =>
    expect(screen.getByRole("group").dataset.status).toMatch(/locked|entitled/),
  );
  expect(screen.queryByText("Preview")).toBeNull();
});
