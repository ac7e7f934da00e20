import { describe, expect, it } from "vitest";
import { eventually } from "./demo";
import { gate, keptKeys, pdf, setScene, showsBalance, unlockMoths, unlockPdf } from "./scene";
import { photograph } from "./visitor";

const scene = setScene();

describe("a reload in the middle of a charge", () => {
  it("after ARES deducted and before it answered: the charge is unknown, and is not sent again by any press", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await scene.demo.fail("hang-after-charge");
    await unlockPdf(page).click();
    await eventually(scene.taken, ({ length }) => length === 1);

    await page.reload();

    const notes = gate(page, "Export as PDF");
    await notes.getByText("Payment not confirmed").waitFor();
    await notes.getByRole("button", { name: "Check now" }).click();
    await page.waitForTimeout(1000);
    await notes.getByText("Payment not confirmed").waitFor();
    expect(await scene.taken()).toEqual([1]);
    expect(await scene.demo.ledger(scene.person.id)).toEqual(["unknown"]);
  });

  it("after the unlock: what was paid for can still be had, once, and then the gate is back", async () => {
    const page = await scene.person.open();
    await unlockPdf(page).click();
    await pdf(page).waitFor();
    await page.waitForTimeout(1500);

    await page.reload();

    await pdf(page).waitFor();
    await page.waitForTimeout(1000);
    expect(await unlockPdf(page).count()).toBe(0);
    expect(await keptKeys(page)).toBe(0);
    await photograph(page, "reload-before-download");
    await Promise.all([page.waitForEvent("download"), pdf(page).click()]);
    await unlockPdf(page).waitFor();
    expect(await pdf(page).count()).toBe(0);
    expect(await scene.taken()).toEqual([1]);
  });

  it("after the download: the gate is locked again, and charges nothing by itself", async () => {
    const page = await scene.person.open();
    await unlockPdf(page).click();
    await Promise.all([page.waitForEvent("download"), pdf(page).click()]);
    await page.waitForTimeout(1500);

    await page.reload();

    await unlockPdf(page).waitFor();
    await page.waitForTimeout(1000);
    expect(await pdf(page).count()).toBe(0);
    expect(await scene.taken()).toEqual([1]);
    expect(await keptKeys(page)).toBe(0);
  });

  it("after the unlock, by another account: it is offered nothing of the first", async () => {
    const page = await scene.person.open();
    await unlockPdf(page).click();
    await pdf(page).waitFor();
    const other = await scene.demo.newcomer();
    await page
      .context()
      .addCookies([{ name: "demo-account", value: other, url: scene.demo.address }]);

    await page.reload();

    await unlockPdf(page).waitFor();
    expect(await pdf(page).count()).toBe(0);
    await page
      .context()
      .addCookies([{ name: "demo-account", value: scene.person.id, url: scene.demo.address }]);
    await pdf(page).waitFor();
    expect(await scene.demo.deductions(other)).toEqual([]);
  });
});

describe("a charge that was used elsewhere", () => {
  it.each(["before", "after"])(
    "is said to be used, and a new export is offered (its key is read %s a reload)",
    async (when) => {
      const page = await scene.person.open();
      await unlockPdf(page).click();
      await pdf(page).waitFor();
      if (when === "after") await page.reload();
      await pdf(page).waitFor();
      const { charges } = await scene.demo.world();
      const key = charges.find(({ userId }) => userId === scene.person.id)?.key ?? "";
      const other = await fetch(`${scene.demo.address}/api/export-pdf`, {
        headers: { Authorization: `Bearer demo-${scene.person.id}`, "Ares-Charge": key },
      });
      expect(other.status).toBe(200);

      await pdf(page).click();

      await page.getByRole("alert").getByText("This export has already been used.").waitFor();
      await unlockPdf(page).waitFor();
      await photograph(page, `used-elsewhere-${when}`);
      expect(await pdf(page).count()).toBe(0);
      expect(await scene.taken()).toEqual([1]);
      await unlockPdf(page).click();
      await Promise.all([page.waitForEvent("download"), pdf(page).click()]);
      expect(await scene.taken()).toEqual([1, 1]);
    },
  );

  it("is said to be opened elsewhere where it is a report", async () => {
    const { id } = scene.person;
    const page = await scene.person.open();
    await page.route("**/api/reports/**", (route) => route.abort());
    await unlockMoths(page).click();
    await page.getByText("It is paid for: reload the page.").waitFor();
    await page.unroute("**/api/reports/**");
    await fetch(`${scene.demo.address}/api/reports/moths-2025`, {
      headers: { Authorization: `Bearer demo-${id}` },
    });

    await page.reload();

    await page.getByRole("alert").getByText("This report was already opened elsewhere").waitFor();
    expect(await scene.taken()).toEqual([3]);
  });
});

describe("the drafts of one account", () => {
  it("are kept over a reload, shown to no other account, and fit a narrow window", async () => {
    const page = await scene.person.open();
    await page.setViewportSize({ width: 320, height: 700 });
    const word = "w".repeat(60);
    await page.getByRole("textbox", { name: "Subject" }).fill(word);
    await page.getByRole("button", { name: "Compose" }).click();
    await page.reload();
    await page.getByRole("button", { name: `Unlock ${word}` }).waitFor();
    await photograph(page, "narrow");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);

    await page.getByRole("combobox", { name: "You are" }).selectOption("ben");

    await page.getByRole("heading", { name: word }).waitFor({ state: "detached" });
    await page
      .context()
      .addCookies([{ name: "demo-account", value: scene.person.id, url: scene.demo.address }]);
    await page.getByRole("heading", { name: word }).waitFor();
  });
});
