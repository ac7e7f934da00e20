import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AresGate } from "../../src/react";
import { lookUpsOf } from "../client/lookUps";
import { openPage, pass, words } from "./page";

const report = (trigger?: "mount") => (
  <AresGate usage="report" resource="r-1" label="Report" trigger={trigger}>
    <p>The report</p>
  </AresGate>
);
const gate = () => screen.getByRole("group", { name: "Report" });
const unlock = () => screen.queryByRole("button", { name: /^Unlock/ });
const note = /could not check whether this is already paid/;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A page whose resource is paid, reloaded while its look-ups are refused until a test says otherwise. */
async function openPaid(refuse: () => Response, trigger?: "mount") {
  const page = openPage(report());
  await waitFor(() => expect(unlock()).not.toBeNull());
  fireEvent.click(unlock() ?? gate());
  await screen.findByText("The report");
  let refuses = true;
  page.wire.meddle(({ url }, forward) =>
    refuses && lookUpsOf(url).length ? Promise.resolve().then(refuse) : forward(),
  );
  page.reload(report(trigger));
  return {
    ...page,
    allow: () => {
      refuses = false;
    },
  };
}

const limited = (seconds: number) => () =>
  Response.json(
    { code: "rate_limited", retryable: true, retryAfterSeconds: seconds },
    { status: 429, headers: { "Ares-Contract": "1" } },
  );
const lost = () => {
  throw new TypeError("Failed to fetch");
};

describe("a paid gate whose look-up is refused", () => {
  test.each([
    ["by a limit", limited(5)],
    ["by the network", lost],
  ])("%s says that it could not look, sells nothing, and opens by itself", async (_, refuse) => {
    const page = await openPaid(refuse);
    await screen.findByText(note);
    expect([gate().dataset.status, gate().getAttribute("aria-busy"), unlock()]).toEqual([
      "loading",
      "false",
      null,
    ]);
    page.allow();

    await pass(6000);

    await screen.findByText("The report");
    expect(words()).toBe("");
    expect(page.simulator.charges).toHaveLength(1);
    expect(page.wire.posts()).toHaveLength(1);
  });

  test("looks again at once when its user asks for that", async () => {
    const page = await openPaid(limited(50));
    const check = await screen.findByRole("button", { name: "Try again" });
    page.allow();
    fireEvent.click(check);

    await screen.findByText("The report");
    expect(page.wire.posts()).toHaveLength(1);
  });

  test("still says so after a minute, and a press then takes nothing a second time", async () => {
    const page = await openPaid(lost);
    await pass(90_000);
    expect(gate().dataset.status).toBe("locked");
    screen.getByText(note);
    screen.getByRole("button", { name: "Try again" });

    fireEvent.click(unlock() ?? gate());

    await screen.findByText("The report");
    expect(page.simulator.charges).toHaveLength(1);
  });

  test("charges nothing by itself after a minute, with trigger mount", async () => {
    const page = await openPaid(lost, "mount");
    await pass(90_000);

    expect(gate().dataset.status).toBe("locked");
    expect(page.wire.posts()).toHaveLength(1);
    page.allow();
    await act(async () => fireEvent.click(screen.getByRole("button", { name: "Try again" })));
    await screen.findByText("The report");
    expect(page.wire.posts()).toHaveLength(1);
  });
});
