import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { gate, pdf, setScene, showsBalance, unlockPdf } from "./scene";
import { photograph } from "./visitor";

const scene = setScene();

const panel = (page: Page) => page.getByRole("complementary", { name: "Behind the curtain" });
/** The visitor's own lines of a book. The demo's other people have lines too. */
const linesOf = (page: Page, book: string) =>
  panel(page)
    .getByRole("region", { name: book })
    .getByRole("listitem")
    .filter({ hasText: scene.person.id });
const deductions = (page: Page) => linesOf(page, "ARES's book");
const states = (page: Page) => linesOf(page, "The app's ledger").locator("[data-status]");

/** Presses a button of the panel, and waits until its command is done. */
async function press(page: Page, name: string): Promise<void> {
  await Promise.all([
    page.waitForResponse(/\/demo\/ares\//),
    panel(page).getByRole("button", { name }).click(),
  ]);
}

/** A visitor's change at ARES, and the line below that reports it. */
async function breakAres(page: Page, how: string): Promise<void> {
  const faults = panel(page).getByRole("region", { name: "Faults" });
  await faults.getByRole("combobox", { name: "On the next charge" }).selectOption({ label: how });
  await faults.getByRole("button", { name: "Break ARES" }).click();
  await faults.getByText(`Waiting: ${how}`).waitFor();
}

describe("a visitor who breaks ARES in the panel", () => {
  it.each([
    { how: "ARES deducts, then hangs up", name: "panel-dropped" },
    { how: "ARES deducts and never answers", name: "panel-hanging" },
    { how: "ARES deducts and answers 500", name: "panel-500" },
  ])(
    "is told that the charge is unknown, and finds one deduction in ARES's book whatever they press ($how)",
    async ({ how, name }) => {
      const page = await scene.person.open();
      await showsBalance(page, 698);
      await breakAres(page, how);

      await unlockPdf(page).click();

      const told = gate(page, "Export as PDF");
      await told.getByText("Payment not confirmed").waitFor();
      await states(page).getByText("unknown").waitFor();
      await photograph(page, name);
      expect(await deductions(page).allInnerTexts()).toEqual([expect.stringContaining("−1")]);

      await gate(page, "Export as PDF").getByRole("button", { name: "Check now" }).click();
      await told.getByText("Payment not confirmed").waitFor();
      await page.reload();
      await told.getByText("Payment not confirmed").waitFor();
      await page.waitForTimeout(1500);

      expect(await states(page).allInnerTexts()).toEqual(["unknown"]);
      expect(await deductions(page).count()).toBe(1);
      expect(await pdf(page).count()).toBe(0);
      expect(await scene.taken()).toEqual([1]);
      await expectCreditsAtAres(page, 697);
    },
  );

  it("is charged by the next press once ARES answers again", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await breakAres(page, "ARES hangs up and deducts nothing");
    await panel(page).getByRole("button", { name: "Heal" }).click();
    await panel(page)
      .getByText(/^Waiting/)
      .waitFor({ state: "detached" });

    await unlockPdf(page).click();

    await pdf(page).waitFor();
    await deductions(page).waitFor();
    expect(await states(page).allInnerTexts()).toEqual(["charged"]);
    expect(await scene.taken()).toEqual([1]);
  });
});

describe("a visitor who tops up in the panel", () => {
  it("sees the new balance in the page at once, also after a reload, and spends from it", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);

    await press(page, "Top up 100");

    await expectCreditsAtAres(page, 798);
    await showsBalance(page, 798);
    await page.reload();
    await showsBalance(page, 798);
    await unlockPdf(page).click();
    await pdf(page).waitFor();
    await showsBalance(page, 797);
    await deductions(page).waitFor();
    expect(await deductions(page).allInnerTexts()).toEqual([expect.stringContaining("−1")]);
  });
});

describe("a visitor who sets the balance in the panel", () => {
  it("sees it in the page at once, and changes nothing with an empty field", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    const field = panel(page).getByRole("spinbutton", { name: "Credits at ARES" });
    await field.fill("5.5");
    await press(page, "Set");
    await showsBalance(page, 5.5);

    await field.fill("");
    await panel(page).getByRole("button", { name: "Set" }).click();
    await page.waitForTimeout(1500);

    expect(await scene.demo.balance(scene.person.id)).toBe(5.5);
  });
});

describe("a visitor who is an operator in the panel", () => {
  it.each([
    {
      how: "ARES deducts, then hangs up",
      verdict: "Was charged",
      after: "charged",
      shown: "Download field-notes.pdf",
      took: 1,
    },
    {
      how: "ARES answers 500",
      verdict: "Was not charged",
      after: "declined",
      shown: "You were not charged",
      took: 0,
    },
  ])("ends an unknown charge for good ($verdict)", async ({ how, verdict, after, shown, took }) => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await breakAres(page, how);
    await unlockPdf(page).click();
    await states(page).getByText("unknown").waitFor();
    await photograph(page, `panel-${after}`);

    await linesOf(page, "The app's ledger")
      .getByRole("button", { name: verdict, exact: true })
      .click();
    await states(page).getByText(after).waitFor();
    const told = gate(page, "Export as PDF").getByText(shown);
    const check = gate(page, "Export as PDF").getByRole("button", { name: "Check now" });
    // The page looks by itself too, and may be first.
    await Promise.race([check.click().catch(() => {}), told.waitFor()]);

    await told.waitFor();
    expect(await linesOf(page, "The app's ledger").getByRole("button").count()).toBe(0);
    expect(await scene.taken()).toHaveLength(took);
  });
});

describe("a visitor whose browser gives no clipboard", () => {
  it("is told so, and nothing is thrown", async () => {
    const page = await scene.person.open();
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
    });

    await panel(page).getByRole("button", { name: "Copy" }).click();

    await panel(page).getByRole("button", { name: "Copying was refused" }).waitFor();
  });
});

describe("a visitor who expires the token in the panel", () => {
  it("is charged once, with the token that took its place", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await press(page, "Expire my token");

    await unlockPdf(page).click();

    await pdf(page).waitFor();
    await showsBalance(page, 697);
    expect(await scene.taken()).toEqual([1]);
  });

  it("is told at once that the connection has ended, is charged nothing, and pays once after connecting again", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await press(page, "End my connection");
    const reconnect = gate(page, "Export as PDF").getByRole("button", {
      name: "Reconnect to unlock",
    });
    await reconnect.waitFor();
    await photograph(page, "panel-ended");
    expect(await scene.taken()).toEqual([]);

    await reconnect.click();
    // Its name has "unlock" in it too.
    await reconnect.waitFor({ state: "hidden" });
    await unlockPdf(page).click();

    await pdf(page).waitFor();
    expect(await scene.taken()).toEqual([1]);
  });
});

async function expectCreditsAtAres(page: Page, credits: number): Promise<void> {
  const field = panel(page).getByRole("spinbutton", { name: "Credits at ARES" });
  await expect.poll(() => field.inputValue()).toBe(String(credits));
}
