import { act, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { beforeEach, expect, test } from "vitest";
import { AresGate, type AresGateOwnProps, CreditBalance } from "../../src/react";
import { lookUpsOf } from "../client/lookUps";
import { openPage } from "./page";

beforeEach(() => localStorage.clear());

const gate = (
  resource: string,
  how: Pick<AresGateOwnProps, "confirmation"> & { trigger?: "click" | "mount" } = {},
) => (
  <AresGate usage="report" label="Report" trigger="mount" {...how} resource={resource}>
    <p>paid {resource}</p>
  </AresGate>
);

/** A page that knows its user and the prices. */
async function openReadPage() {
  const page = openPage(<CreditBalance />);
  await screen.findByText(/697|698|700/);
  page.wire.log.length = 0;
  return page;
}

test("a gate that charges on mount sends its POST at once, without a look before it", async () => {
  const page = await openReadPage();
  page.show(<StrictMode>{gate("r-1")}</StrictMode>);
  await screen.findByText("paid r-1");
  expect(page.wire.log.filter(({ url }) => lookUpsOf(url).length)).toEqual([]);
  expect(page.wire.posts()).toHaveLength(1);
});

test("a resource that is paid already opens by that POST, and costs nothing again", async () => {
  const page = await openReadPage();
  page.show(gate("r-1"));
  await screen.findByText("paid r-1");
  const paid = page.simulator.charges.length;
  const again = page.reload(<CreditBalance />);
  await screen.findByText(/^\d/);
  again.unmount();

  localStorage.clear();
  page.reload(gate("r-1"));
  await screen.findByText("paid r-1");
  expect(page.simulator.charges).toHaveLength(paid);
});

test("a gate that waits for a press looks, and never sends a POST before the press", async () => {
  const page = await openReadPage();
  page.show(gate("r-2", { trigger: "click" }));
  await screen.findByRole("button", { name: /^Unlock/ });
  expect(page.wire.reads().flatMap(({ url }) => lookUpsOf(url))).toHaveLength(1);
  expect(page.wire.posts()).toEqual([]);
});

test("a gate that asks before it spends looks first, so that nobody is asked for what is paid", async () => {
  const page = await openReadPage();
  page.show(gate("r-3", { confirmation: "always" }));
  await screen.findByRole("alertdialog");
  expect(page.wire.reads().flatMap(({ url }) => lookUpsOf(url))).toHaveLength(1);
  expect(page.wire.posts()).toEqual([]);
});

test("a page whose user is not read yet looks first", async () => {
  const page = openPage(gate("r-4"));
  await screen.findByText("paid r-4");
  expect(page.wire.log[0]?.method).toBe("GET");
  expect(page.wire.posts()).toHaveLength(1);
});

test("a gate that charges on mount and has no resource is unavailable and charges nothing, until the resource comes", async () => {
  const page = await openReadPage();
  page.show(
    // @ts-expect-error `trigger="mount"` needs a resource.
    <AresGate usage="report" label="Report" trigger="mount">
      <p>paid r-5</p>
    </AresGate>,
  );
  await screen.findByText(/Not available now/);
  await act(() => new Promise((next) => setImmediate(next)));
  expect(screen.getByRole("group", { name: "Report" }).dataset.code).toBe("invalid_request");
  expect(page.wire.posts()).toEqual([]);

  page.show(gate("r-5"));
  await screen.findByText("paid r-5");
  expect(page.simulator.charges).toHaveLength(1);
});
