import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eventually } from "./demo";
import {
  gate,
  holdScripts,
  moths,
  pdf,
  setScene,
  showsBalance,
  unlockMoths,
  unlockPdf,
} from "./scene";

// A charge that is under way stays so for seconds, which a second tab needs on a busy machine.
const scene = setScene({ DEMO_ARES_MS: "30000" });

describe("one press, however it is made", () => {
  it("charges once for 50 clicks of a mouse in a row", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await scene.demo.latency(1500);
    const box = await unlockPdf(page).boundingBox();

    for (let i = 0; i < 50; i += 1) await page.mouse.click((box?.x ?? 0) + 10, (box?.y ?? 0) + 10);

    await pdf(page).waitFor();
    await page.waitForTimeout(1000);
    expect(await scene.taken()).toEqual([1]);
  });

  it("charges once for Enter held down", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await unlockPdf(page).focus();

    for (let i = 0; i < 30; i += 1) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");

    await pdf(page).waitFor();
    await page.waitForTimeout(500);
    expect(await scene.taken()).toEqual([1]);
  });
});

/** Presses both at once. A click of a mouse waits until a button stands still, and the button may be gone by then. */
async function pressBoth(...buttons: Locator[]): Promise<void> {
  const found = await Promise.all(buttons.map((button) => button.elementHandle()));
  await Promise.all(
    found.map((button) =>
      button?.evaluate((element) =>
        element.dispatchEvent(new MouseEvent("click", { bubbles: true })),
      ),
    ),
  );
}

describe("two tabs", () => {
  it("that press for one resource at the same moment pay once, and both open", async () => {
    const [left, right] = [await scene.person.open(), await scene.person.open()];
    await Promise.all([unlockMoths(left).waitFor(), unlockMoths(right).waitFor()]);
    await scene.demo.latency({ user: 0, usage: 800 });

    await pressBoth(unlockMoths(left), unlockMoths(right));

    await Promise.all([moths(left).waitFor(), moths(right).waitFor()]);
    expect(await scene.taken()).toEqual([3]);
  });

  it("share a charge of one use while it is under way", async () => {
    const left = await scene.person.open();
    await showsBalance(left, 698);
    const right = await scene.person.context.newPage();
    // The second tab loads first, and starts while ARES works.
    const starts = await holdScripts(right);
    await right.goto(scene.demo.address, { waitUntil: "commit" });
    await scene.demo.latency({ user: 0, usage: 15_000 });
    await unlockPdf(left).click();
    await eventually(
      () => scene.demo.ledger(scene.person.id),
      (states) => states[0] === "sending",
    );

    starts();
    const here = gate(right, "Export as PDF");
    await here.and(right.locator("[data-status=charging]")).waitFor();
    // The button can't be pressed now. `force` presses all the same.
    await unlockPdf(right).click({ force: true });
    expect(await scene.demo.ledger(scene.person.id)).toHaveLength(1);

    await Promise.all([pdf(left).waitFor(), pdf(right).waitFor()]);
    await right.waitForTimeout(1000);
    expect(await scene.taken()).toEqual([1]);
  });

  it("that press for one use at the same moment are one intent", async () => {
    const [left, right] = [await scene.person.open(), await scene.person.open()];
    await Promise.all([unlockPdf(left).waitFor(), unlockPdf(right).waitFor()]);
    await scene.demo.latency({ user: 0, usage: 1500 });

    await pressBoth(unlockPdf(left), unlockPdf(right));

    await Promise.race([pdf(left).waitFor(), pdf(right).waitFor()]);
    await left.waitForTimeout(2000);
    expect(await scene.taken()).toEqual([1]);
  });
});

describe("offline", () => {
  it("in the middle of a charge: finds it paid once it is back, without another press", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await scene.demo.latency({ user: 0, usage: 1500 });
    await unlockPdf(page).click();
    await eventually(
      () => scene.demo.ledger(scene.person.id),
      (states) => states[0] === "sending",
    );

    await scene.person.context.setOffline(true);
    await eventually(scene.taken, ({ length }) => length === 1);
    await page.waitForTimeout(1000);
    await scene.person.context.setOffline(false);

    await pdf(page).waitFor();
    expect(await scene.taken()).toEqual([1]);
  });
});
