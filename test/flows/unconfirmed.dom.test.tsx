import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { AresGate } from "../../src/react";
import { openPage, words } from "./page";

const gate = (
  <AresGate usage="report" resource="r-1" label="Report">
    <p>The report</p>
  </AresGate>
);

describe("a charge that ARES did not confirm", () => {
  test("keeps the gate shut", async () => {
    const page = openPage(gate, { prices: { report: 3 } });
    page.simulator.fail("drop-after-charge", { on: "usage" });

    await page.user.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));

    await waitFor(() =>
      expect(screen.getByRole("alert").textContent).toContain("Payment not confirmed"),
    );
    expect(screen.queryByText("The report")).toBeNull();
  });
});

describe("a gate", () => {
  test("asks for nobody's charge while nobody is signed in", async () => {
    const page = openPage(gate, { provider: { session: "signed_out" } });

    await screen.findByText(/Sign in to use this/);

    expect(page.wire.log).toEqual([]);
  });

  test("offers nothing at a server that tells no price, when the page names none", async () => {
    const page = openPage(<AresGate usage="report">The report</AresGate>, { guide: true });

    await waitFor(() => expect(words()).toContain("not available"));
    expect(screen.queryByRole("button")).toBeNull();
    expect(page.simulator.charges).toHaveLength(0);
  });
});
