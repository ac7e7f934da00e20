import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { charge, eventually, newKey, startDemo } from "./demo";
import { cutWire, gate, keptKeys, pdf, showsBalance, unlockPdf } from "./scene";
import { launchChromium, photograph, visit } from "./visitor";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A person in a demo of their own, since these tests wait beside each other. No page of theirs may complain. */
async function someone(onTestFinished: TestContext["onTestFinished"]) {
  const demo = await startDemo();
  onTestFinished(async () => void (await demo.stop()));
  const person = await visit(browser, demo);
  onTestFinished(async () => {
    await person.leave();
    expect(person.complaints).toEqual([]);
  });
  return { demo, person, taken: () => demo.deductions(person.id) };
}

// A charge whose sender is gone counts as under way for 26 seconds. Nothing can be done here but wait.
describe.concurrent("a charge whose sender is gone", () => {
  it("is not charged when a reload comes before the request has left: the page says so, and the next press charges once", async ({
    onTestFinished,
  }) => {
    const { person, taken } = await someone(onTestFinished);
    const page = await person.open();
    await showsBalance(page, 698);
    const wire = await cutWire(page, async () => {});
    await unlockPdf(page).click();
    await wire.reached;
    expect(await keptKeys(page)).toBe(1);

    await page.reload();
    wire.mend();

    const notes = gate(page, "Export as PDF");
    await photograph(page, "reload-before-send");
    const again = notes
      .getByRole("button", { name: /Try again|Unlock/ })
      .and(page.locator(":not([aria-disabled=true])"));
    await again.waitFor();
    expect(await taken()).toEqual([]);
    await again.click();
    await pdf(page).waitFor();
    expect(await taken()).toEqual([1]);
  });

  it("is shown as not confirmed, never as free to press again, when the app's server is killed before its answer", async ({
    onTestFinished,
  }) => {
    const { demo, person, taken } = await someone(onTestFinished);
    const page = await person.open();
    await showsBalance(page, 698);
    await demo.fail("hang-after-charge");
    await unlockPdf(page).click();
    await eventually(taken, ({ length }) => length === 1);

    await demo.crashApp();
    await eventually(
      () => demo.ledger(person.id),
      (states) => states.length === 1,
    );

    const notes = gate(page, "Export as PDF");
    await notes.getByText("Payment not confirmed").waitFor();
    expect(await unlockPdf(page).count()).toBe(0);
    await page.reload();
    await notes.getByText(/Payment not confirmed|Confirming with ARES/).waitFor();
    // While the page confirms, the pressed button is still there, and takes no press.
    expect(await unlockPdf(page).and(page.locator(":not([aria-disabled=true])")).count()).toBe(0);
    await eventually(
      () => demo.ledger(person.id),
      (states) => states[0] === "unknown",
    );
    await notes.getByText("Payment not confirmed").waitFor();
    expect(await taken()).toEqual([1]);
    await photograph(page, "after-the-crash");
  });

  it("is never charged a second time by the server that is started again", async ({
    onTestFinished,
  }) => {
    const demo = await startDemo();
    onTestFinished(async () => void (await demo.stop()));
    const key = newKey();
    await demo.fail("hang-after-charge");
    const lost = charge(demo, key).catch((error: unknown) => error);
    await eventually(
      () => demo.deductions("ada"),
      (taken) => taken.length === 1,
    );

    await demo.crashApp();

    expect(await lost).toBeInstanceOf(Error);
    const during = await eventually(
      () => charge(demo, key),
      ({ status }) => status > 0,
    );
    expect(during).toMatchObject({ status: 409, body: { code: "charge_in_progress" } });
    const isOver = ({ body }: { body: unknown }) =>
      JSON.stringify(body).includes("outcome_unknown");
    const after = await eventually(() => charge(demo, key), isOver, 1000);
    expect(after.status).toBe(409);
    expect(await demo.deductions("ada")).toEqual([1]);
    expect(await demo.ledger("ada")).toEqual(["unknown"]);
    expect(demo.output()).toContain("Starting it again.");
  });
});
