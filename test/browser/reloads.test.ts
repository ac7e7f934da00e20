import type { Page, Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eventually } from "./demo";
import { gate, pdf, setScene, showsBalance, unlockPdf } from "./scene";
import { photograph } from "./visitor";

const scene = setScene();

/** What the page keeps of charges whose outcome it does not know. */
const keptKeys = (page: Page) => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("ares:")).length);

/** Lets the page's POST go as far as `then`, and never back. */
async function cutWire(page: Page, then: (route: Route) => Promise<unknown>) {
  let cut = true;
  let arrive = () => {};
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route("**/api/ares", async (route) => {
    if (!cut || route.request().method() !== "POST") return route.continue();
    await then(route);
    arrive();
  });
  return {
    reached,
    mend() {
      cut = false;
    },
  };
}

describe("a reload in the middle of a charge", () => {
  it("before the request has left: nothing was charged, the page says so, and the next press charges once", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    const wire = await cutWire(page, async () => {});
    await unlockPdf(page).click();
    await wire.reached;
    expect(await keptKeys(page)).toBe(1);

    await page.reload();
    wire.mend();

    const notes = gate(page, "Export as PDF");
    await photograph(page, "reload-before-send");
    const again = notes.getByRole("button", { name: /Try again|Unlock/ }).and(page.locator(":not([aria-disabled=true])"));
    await again.waitFor({ timeout: 45_000 });
    expect(await scene.taken()).toEqual([]);
    await again.click();
    await pdf(page).waitFor();
    expect(await scene.taken()).toEqual([1]);
  });

  it("while ARES is slow: the feature opens by itself, paid once", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await scene.demo.latency({ user: 0, usage: 2500 });
    await unlockPdf(page).click();
    await eventually(
      () => scene.demo.ledger(scene.person.id),
      (states) => states[0] === "sending",
    );

    await page.reload();

    await gate(page, "Export as PDF").getByText("Confirming with ARES").waitFor();
    await photograph(page, "reload-while-sending");
    await pdf(page).waitFor();
    expect(await scene.taken()).toEqual([1]);
    await showsBalance(page, 697);
  });

  it("after ARES deducted and before it answered: the charge is unknown, and is not sent again by any press", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await scene.demo.fail("hang-after-charge");
    await unlockPdf(page).click();
    await eventually(scene.taken, ({ length }) => length === 1);

    await page.reload();

    const notes = gate(page, "Export as PDF");
    await notes.getByRole("alert").getByText("We could not confirm the charge").waitFor();
    await notes.getByRole("button", { name: "Check again" }).click();
    await page.waitForTimeout(1000);
    await notes.getByRole("alert").getByText("We could not confirm the charge").waitFor();
    expect(await scene.taken()).toEqual([1]);
    expect(await scene.demo.ledger(scene.person.id)).toEqual(["unknown"]);
  });

  it("after the server's answer and before the page read it: the feature opens by itself, paid once", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    const wire = await cutWire(page, (route) => route.fetch());
    await unlockPdf(page).click();
    await wire.reached;

    await page.reload();
    wire.mend();

    await pdf(page).waitFor();
    expect(await scene.taken()).toEqual([1]);
  });

  it("after the unlock: it charges nothing", async () => {
    const page = await scene.person.open();
    await unlockPdf(page).click();
    await pdf(page).waitFor();
    await page.waitForTimeout(1500);

    await page.reload();

    await unlockPdf(page).waitFor();
    await page.waitForTimeout(1000);
    expect(await scene.taken()).toEqual([1]);
    expect(await keptKeys(page)).toBe(0);
  });
});

describe("when the app's server is killed between the deduction and its answer", () => {
  it("shows the charge as not confirmed, never as free to press again", async () => {
    const page = await scene.person.open();
    await showsBalance(page, 698);
    await scene.demo.fail("hang-after-charge");
    await unlockPdf(page).click();
    await eventually(scene.taken, ({ length }) => length === 1);

    await scene.demo.crashApp();
    await eventually(
      () => scene.demo.ledger(scene.person.id),
      (states) => states.length === 1,
    );

    const notes = gate(page, "Export as PDF");
    await notes.getByText("We could not confirm the charge").waitFor({ timeout: 40_000 });
    expect(await unlockPdf(page).count()).toBe(0);
    await page.reload();
    await notes.getByText(/We could not confirm the charge|Confirming with ARES/).waitFor();
    expect(await unlockPdf(page).count()).toBe(0);
    await eventually(
      () => scene.demo.ledger(scene.person.id),
      (states) => states[0] === "unknown",
      40_000,
    );
    await notes.getByText("We could not confirm the charge").waitFor({ timeout: 40_000 });
    expect(await scene.taken()).toEqual([1]);
    await photograph(page, "after-the-crash");
  });
});
