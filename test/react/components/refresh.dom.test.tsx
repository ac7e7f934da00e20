import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresGate, AresRefresh } from "../../../src/react";
import { openPage, pass } from "../../flows/page";

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const unpaid = (
  <AresGate usage="report" resource="r-1" label="Report">
    <AresRefresh />
  </AresGate>
);
const paid = (
  <AresGate usage="report" resource="r-1" label="Report" entitled>
    <p>The report of the server</p>
  </AresGate>
);

describe("AresRefresh", () => {
  test("renders the route again once the gate is open, and not before", async () => {
    const refresh = vi.fn();
    openPage(unpaid, { provider: { refresh } });
    const unlock = await screen.findByRole("button", { name: "Unlock Report · 3 credits" });
    expect(refresh).not.toHaveBeenCalled();

    fireEvent.click(unlock);

    await waitFor(() => expect(refresh).toHaveBeenCalledTimes(1));
  });

  test("keeps the focus on the gate when the server's children take the place of the button", async () => {
    const page = openPage(unpaid, { provider: { refresh: () => {} } });
    await page.user.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await waitFor(() => expect(document.querySelector('[data-status="unlocked"]')).not.toBeNull());
    await waitFor(() => expect(document.activeElement).not.toBe(document.body));
    act(() => screen.getByRole("region", { name: "Report" }).focus());

    page.show(paid, { refresh: () => {} });

    expect(screen.getByText("The report of the server")).toBeTruthy();
    expect(screen.getByRole("group", { name: "Report" }).contains(document.activeElement)).toBe(
      true,
    );
  });

  test("offers a button when the server takes long, and the button asks the server again", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const refresh = vi.fn();
    openPage(unpaid, { provider: { refresh } });
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await waitFor(() => expect(refresh).toHaveBeenCalledTimes(1));
    expect(screen.queryByRole("button", { name: "Check now" })).toBeNull();

    await pass(9000);
    fireEvent.click(screen.getByRole("button", { name: "Check now" }));

    expect(refresh).toHaveBeenCalledTimes(2);
  });

  test("reloads the page where the provider has no refresh, but never a page that was reloaded", async () => {
    const reload = vi.fn();
    vi.stubGlobal("location", { href: location.href, reload });
    const how = vi.spyOn(performance, "getEntriesByType").mockReturnValue([]);
    const page = openPage(unpaid);
    fireEvent.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));
    await waitFor(() => expect(reload).toHaveBeenCalledTimes(1));

    how.mockReturnValue([
      Object.assign(Object.create(PerformanceEntry.prototype), { type: "reload" }),
    ]);
    page.reload();

    fireEvent.click(await screen.findByRole("button", { name: "Check now" }));
    expect(reload).toHaveBeenCalledTimes(2);
  });
});

test("an entitled gate reads no state and no balance", async () => {
  const page = openPage(paid);

  await act(async () => new Promise((done) => setTimeout(done)));

  expect(page.wire.log).toEqual([]);
});
