import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gate, moths, pdf, setScene, showsBalance, unlockMoths, unlockPdf } from "./scene";
import { photograph, visit } from "./visitor";

const scene = setScene();

describe("a first visit", () => {
  it("shows 698 credits, unlocks for one, and serves what was paid for", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await photograph(page, "locked");

    await unlockPdf(page).click();

    await pdf(page).waitFor();
    await showsBalance(page, 697);
    const [download] = await Promise.all([page.waitForEvent("download"), pdf(page).click()]);
    expect(readFileSync(await download.path(), "latin1")).toMatch(/^%PDF-1\.4/);
    expect(await scene.taken()).toEqual([1]);
    await photograph(page, "unlocked");
  });

  it("is not charged again by a reload", async () => {
    const page = await scene.person.open();
    await unlockPdf(page).click();
    await pdf(page).waitFor();

    await page.reload();

    await showsBalance(page, 697);
    await page.waitForTimeout(1500);
    expect(await scene.taken()).toEqual([1]);
    expect(await scene.demo.balance(scene.person.id)).toBe(697);
  });
});

describe("a feature that asks first", () => {
  it("charges nothing when it is cancelled, and once when it is confirmed, for the picture that stays", async () => {
    const page = await scene.person.open();
    await page.getByRole("textbox", { name: "Subject" }).fill("Hills after the rain");
    await page.getByRole("button", { name: "Compose" }).click();
    const draft = gate(page, "Hills after the rain");

    await draft.getByRole("button", { name: /^Unlock/ }).click();
    await page.getByRole("alertdialog").waitFor();
    await photograph(page, "confirming");
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    expect(await scene.taken()).toEqual([]);

    await draft.getByRole("button", { name: /^Unlock/ }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Spend · 4 credits" }).click();
    const picture = page.getByRole("img", { name: "Hills after the rain" });
    await picture.waitFor();
    await showsBalance(page, 694);
    await photograph(page, "illustrated");

    await page.reload();
    await picture.waitFor();
    expect(await scene.taken()).toEqual([4]);
  });
});

describe("a feature that is paid once", () => {
  it("opens by itself after a reload and in another tab", async () => {
    const page = await scene.person.open();
    await unlockMoths(page).click();
    await moths(page).waitFor();

    await page.reload();
    const other = await scene.person.open();

    await moths(page).waitFor();
    await moths(other).waitFor();
    expect(await scene.taken()).toEqual([3]);
    await photograph(page, "report");
  });
});

describe("accounts", () => {
  it.each([
    { as: "nobody", button: "Sign in", name: "signed-out" },
    { as: "cleo", button: "Connect ARES", name: "not-connected" },
    { as: "dora", button: "Reconnect to unlock", name: "reconnect" },
  ])(
    "leads $as to a locked gate by one press, and charges nothing on the way",
    async ({ as, button, name }) => {
      const visitor = await visit(scene.browser, scene.demo, as);
      const page = await visitor.open();
      const action = gate(page, "Export as PDF").getByRole("button", { name: button });
      await action.waitFor();
      await photograph(page, name);

      await action.click();

      await unlockPdf(page).waitFor();
      expect(await scene.demo.deductions(as)).toEqual([]);
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    },
  );
});
