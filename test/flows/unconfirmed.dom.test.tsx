import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { AresErrorNotice, AresGate, UnknownCharge, useAresUsage } from "../../src/react";
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

/** A gate's slot, a notice and the evidence alone say the same of a charge. */
function Evidence() {
  const usage = useAresUsage({ usage: "report" });
  const { status } = usage;
  return (
    <>
      <button type="button" onClick={() => usage.charge({ credits: 3 })}>
        Charge
      </button>
      <AresErrorNotice charge={usage} />
      {status === "unknown" && (
        <UnknownCharge evidence={usage.evidence} checking={usage.checking} onCheck={usage.check} />
      )}
    </>
  );
}

describe("an unconfirmed charge", () => {
  const idIn = (root: Element) => root.querySelector("[data-ares-part=reference]")?.textContent;

  test.each([
    ["a gate", "plain", undefined],
    ["a small gate", "plain", "small"],
  ] as const)("has its id in the ledger and its next look in %s", async (_, variant, size) => {
    const page = openPage(
      <AresGate usage="report" label="Report" variant={variant} size={size}>
        <p>The report</p>
      </AresGate>,
      { prices: { report: 3 } },
    );
    page.simulator.fail("drop-after-charge", { on: "usage" });

    await page.user.click(await screen.findByRole("button", { name: "Unlock Report · 3 credits" }));

    await screen.findByText(/^Next check in \d+ sec$/);
    const [row] = await page.charges.list();
    expect(row).toBeDefined();
    expect(idIn(screen.getByRole("group", { name: "Report" }))).toBe(row?.id);
    expect(await screen.findByRole("button", { name: "Copy", hidden: true })).toBeTruthy();
    expect(await screen.findByRole("button", { name: "Check now" })).toBeTruthy();
  });

  test("is named alike in a notice and in its evidence, which offers to look now", async () => {
    const page = openPage(<Evidence />, { prices: { report: 3 } });
    page.simulator.fail("drop-after-charge", { on: "usage" });
    await page.user.click(screen.getByRole("button", { name: "Charge" }));

    const evidence = await screen.findByRole("article");
    const [row] = await page.charges.list();
    expect(idIn(evidence)).toBe(row?.id);
    expect(idIn(screen.getByRole("alert").parentElement ?? evidence)).toBe(row?.id);
    const reads = page.wire.log.length;
    await page.user.click(within(evidence).getByRole("button", { name: "Check now" }));
    await waitFor(() => expect(page.wire.log.length).toBeGreaterThan(reads));
    expect(page.simulator.charges).toHaveLength(1);
  });
});

describe("a gate", () => {
  test("asks for nobody's charge while nobody is signed in", async () => {
    const page = openPage(gate, { provider: { session: "signed_out" } });

    await screen.findByText(/Sign in to use this/);

    expect(page.wire.log).toEqual([]);
  });

  test("offers a look and nothing that spends at a server that tells no price, when the page names none", async () => {
    const page = openPage(<AresGate usage="report">The report</AresGate>, { guide: true });

    await waitFor(() => expect(words()).toContain("Not available"));
    expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual([
      "Try again",
    ]);
    expect(page.simulator.charges).toHaveLength(0);
  });
});
