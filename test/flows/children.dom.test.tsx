import { fireEvent, screen, waitFor, within } from "@testing-library/react";
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

test("a fallback stands in place of the children and the kit's markup, and a slot wins over it", async () => {
  openPage(
    <AresGate
      usage="report"
      resource="r-1"
      label="Report"
      fallback={<p>Buy the book</p>}
      slots={{ locked: (_, defaults) => defaults }}
    >
      <p>The report</p>
    </AresGate>,
  );
  // Whether the report is paid is being read.
  screen.getByText("Buy the book");
  expect(screen.queryByText(/Checking your account/)).toBeNull();

  const button = await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
  expect(screen.queryByText("Buy the book")).toBeNull();
  fireEvent.click(button);

  await screen.findByText("The report");
  expect(screen.queryByText("Buy the book")).toBeNull();
});

test("a fallback of null shows nothing until the feature is paid, and a subscriber sees no fallback", async () => {
  const gate = (entitled: boolean) => (
    <AresGate usage="report" label="Report" entitled={entitled} fallback={null}>
      <p>The report</p>
    </AresGate>
  );
  const page = openPage(gate(false));
  const group = screen.getByRole("group", { name: "Report" });
  await waitFor(() => expect(group.dataset.status).toBe("locked"));
  expect(group.textContent).toBe("");
  expect(within(group).queryAllByRole("button")).toEqual([]);

  page.show(gate(true));
  await screen.findByText("The report");
});
