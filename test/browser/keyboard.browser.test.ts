import type { Locator, Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "./demo";
import { gate, moths, pdf, setScene, showsBalance, unlockMoths, unlockPdf } from "./scene";
import { photograph, type Visitor, visit } from "./visitor";

const scene = setScene();
const guests: Visitor[] = [];
afterEach(async () => {
  for (const guest of guests.splice(0)) await guest.leave();
});

/** A phone's page, for one of the demo's accounts. From here on nobody touches the mouse. */
async function phone(as?: string): Promise<Page> {
  const visitor = as ? await visit(scene.browser, scene.demo, as) : scene.person;
  if (as) guests.push(visitor);
  const page = await visitor.open();
  await page.setViewportSize({ width: 320, height: 640 });
  return page;
}

const hasFocus = (place: Locator) =>
  place.evaluate((element) => element === document.activeElement);

/** Walks by the Tab key alone, and gives up after a round. Each stop is seen, with a ring around it. */
async function tabTo(page: Page, goal: Locator): Promise<void> {
  await goal.waitFor();
  for (let steps = 0; steps < 60; steps += 1) {
    if (await hasFocus(goal)) return seen(goal);
    await page.keyboard.press("Tab");
  }
  throw new Error(`No Tab led to ${goal}.`);
}

/** A page may still scroll or load when the focus arrives. */
async function seen(goal: Locator): Promise<void> {
  await eventually(
    () =>
      goal.evaluate((element) => {
        const { top, bottom, left, right } = element.getBoundingClientRect();
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return {
          // A page scrolls by whole pixels.
          inView: top > -1 && left > -1 && bottom < innerHeight + 1 && right < innerWidth + 1,
          ring: outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0,
        };
      }),
    ({ inView, ring }) => inView && ring,
  );
}

async function press(page: Page, goal: Locator): Promise<void> {
  await tabTo(page, goal);
  await page.keyboard.press("Enter");
}

/** Nothing is cut off at 320 px, and the focus is somewhere. */
async function isWhole(page: Page, name: string): Promise<void> {
  await photograph(page, `phone-${name}`);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
  ).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
}

describe("by the keyboard alone, at 320 px,", () => {
  it("a user unlocks, and the feature has the focus", async () => {
    const page = await phone();
    await press(page, unlockPdf(page));
    await pdf(page).waitFor();
    await isWhole(page, "unlocked");
    // The next stop is inside of what was paid for.
    await page.keyboard.press("Tab");
    expect(await hasFocus(pdf(page))).toBe(true);
    await showsBalance(page, 697);
    expect(await scene.taken()).toEqual([1]);
  });

  it("a user answers the question before a charge: Cancel comes first, Escape leads back to the button", async () => {
    const page = await phone();
    await tabTo(page, page.getByRole("textbox", { name: "Subject" }));
    await page.keyboard.type("Hills after the rain");
    await press(page, page.getByRole("button", { name: "Compose" }));
    const unlock = gate(page, "Hills after the rain").getByRole("button", { name: /^Unlock/ });
    await press(page, unlock);
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    expect(await hasFocus(question.getByRole("button", { name: "Cancel" }))).toBe(true);
    await isWhole(page, "question");

    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await hasFocus(unlock)).toBe(true);
    expect(await scene.taken()).toEqual([]);

    await page.keyboard.press("Enter");
    await press(page, question.getByRole("button", { name: "Spend · 4 credits" }));
    await page.getByRole("img", { name: "Hills after the rain" }).waitFor();
    await isWhole(page, "answered");
    expect(await scene.taken()).toEqual([4]);
  });

  it.each([
    ["nobody", "Sign in"],
    ["cleo", "Connect ARES"],
    ["dora", "Reconnect to unlock"],
  ])("%s gets to a locked gate by %s", async (as, name) => {
    const page = await phone(as);
    await press(page, gate(page, "Export as PDF").getByRole("button", { name }));
    await unlockPdf(page).waitFor();
    await isWhole(page, as);
    await tabTo(page, unlockPdf(page));
  });

  it("a user without enough credits finds the shop first, then the look, and Unlock is the next stop after it", async () => {
    await scene.demo.setBalance("ben", 2);
    const page = await phone("ben");
    const report = gate(page, "Moths at the lamp");
    await tabTo(page, report.getByRole("link", { name: /^Get credits/ }));
    await page.keyboard.press("Tab");
    const check = report.getByRole("button", { name: "I've topped up" });
    expect(await hasFocus(check)).toBe(true);
    await isWhole(page, "insufficient");

    await scene.demo.setBalance("ben", 10);
    await page.keyboard.press("Enter");
    await unlockMoths(page).waitFor();
    expect(await hasFocus(unlockMoths(page))).toBe(false);
    await isWhole(page, "enough");
    await page.keyboard.press("Tab");
    expect(await hasFocus(unlockMoths(page))).toBe(true);
    await page.keyboard.press("Enter");
    await moths(page).waitFor();
  });

  it("a user tries again what took nothing", async () => {
    const page = await phone();
    await scene.demo.fail("429");
    await press(page, unlockPdf(page));
    const told = gate(page, "Export as PDF");
    await told.getByText("You were not charged").waitFor();
    await isWhole(page, "not-charged");
    await press(page, told.getByRole("button", { name: /^Try again/ }));
    await pdf(page).waitFor();
    expect(await scene.taken()).toEqual([1]);
  });

  it("a user looks again at what nobody knows, and keeps the focus", async () => {
    const page = await phone();
    await scene.demo.fail("drop-after-charge");
    await press(page, unlockPdf(page));
    const told = gate(page, "Export as PDF");
    await told.getByText("Payment not confirmed").waitFor();
    await isWhole(page, "unknown");
    const check = told.getByRole("button", { name: "Check now" });
    await press(page, check);
    await told.getByText("Checked just now.").waitFor();
    await isWhole(page, "checked");
    expect(await hasFocus(check)).toBe(true);
    expect(await scene.taken()).toEqual([1]);
  });

  it("a user agrees to a changed price, and the focus waits beside the new button", async () => {
    const page = await phone();
    await page.route("**/api/ares*", async (route) => {
      if (route.request().method() !== "GET") return route.continue();
      const response = await route.fetch();
      const body = await response.json();
      await route.fulfill({
        response,
        json: { ...body, prices: { ...body.prices, "export-pdf": 0.5 } },
      });
    });
    await page.reload();
    const told = gate(page, "Export as PDF");
    await press(page, told.getByRole("button", { name: "Unlock · 0.5 credits" }));
    await told.getByText("New price: 1 credit.").waitFor();
    await isWhole(page, "price-changed");
    // A second Enter must not agree to the new price.
    expect(await hasFocus(unlockPdf(page))).toBe(false);
    await press(page, unlockPdf(page));
    await pdf(page).waitFor();
    await isWhole(page, "agreed");
    expect(await scene.taken()).toEqual([1]);
  });

  it("a user starts over after the question, and the focus is never lost", async () => {
    const page = await phone();
    await page.clock.install();
    await page.reload();
    await scene.demo.fail("drop-after-charge");
    await press(page, unlockPdf(page));
    const told = gate(page, "Export as PDF");
    await told.getByText("Payment not confirmed").waitFor();
    const reset = told.getByRole("button", { name: "Start over" });
    await eventually(
      async () => {
        await page.clock.runFor(5000);
        return reset.count();
      },
      (count) => count === 1,
    );
    await press(page, reset);
    const question = page.getByRole("alertdialog");
    await question.waitFor();
    expect(await hasFocus(question.getByRole("button", { name: "Cancel" }))).toBe(true);
    await isWhole(page, "start-over");
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await hasFocus(reset)).toBe(true);

    await page.keyboard.press("Enter");
    await press(page, question.getByRole("button", { name: "Start over" }));
    await unlockPdf(page).waitFor();
    await isWhole(page, "started-over");
    expect(await hasFocus(unlockPdf(page))).toBe(false);
    expect(await scene.taken()).toEqual([1]);
  });
});
