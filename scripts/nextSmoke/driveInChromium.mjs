import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "../chromium.mjs";
import { unlockColours } from "../colours/colours.mjs";
import { PAGE_MS } from "./processes.mjs";

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} origin
 * @property {import("../../src/testing").AresSimulator} ares
 * @property {(close: () => Promise<void>) => void} onEnd
 */

/** The page of the quick start as a user sees it, with Clerk's real browser script. @param {Parts} parts */
export async function driveInChromium({ check, origin, ares, onEnd }) {
  const { executablePath, env } = await resolveChromium();
  const browser = await chromium.launch({
    executablePath,
    env,
    args: chromiumArgs,
    timeout: PAGE_MS,
  });
  onEnd(() => browser.close());
  const context = await browser.newContext();
  context.setDefaultTimeout(PAGE_MS);
  /** @type {string[]} */
  const complaints = [];
  context.on("weberror", (error) => complaints.push(String(error.error().stack ?? error.error())));
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  /** @type {string[]} */
  const outside = [];
  await context.route(
    (url) => url.hostname !== "localhost",
    (route) => {
      outside.push(route.request().url());
      return route.abort();
    },
  );

  const page = await context.newPage();
  const before = ares.charges.length;
  const shows = (/** @type {import("playwright-core").Locator} */ what) =>
    // While a page streams, its text may stand there twice, hidden and shown.
    what
      .filter({ visible: true })
      .first()
      .waitFor()
      .then(
        () => true,
        () => false,
      );
  const seen = async () => ({ text: await page.locator("body").innerText(), complaints, outside });

  await page.goto(origin);
  const balance = (/** @type {number} */ credits) =>
    page.locator("[data-ares-part=balance]").getByText(`${credits} credits`, { exact: true });
  const signIn = page.getByRole("button", { name: "Sign in with ARES" });
  check("signed out, the gate offers to sign in", await shows(signIn), await seen());
  check("and the page says so", await shows(page.getByText("Not signed in")), await seen());

  await signIn.click();
  check(
    "back from signing in, the page shows the balance: 50 credits",
    await shows(balance(50)),
    await seen(),
  );
  const unlock = page.getByRole("button", { name: /Unlock/ });
  check(
    "and the price on the button",
    await shows(unlock.filter({ hasText: "3 credits" })),
    await seen(),
  );
  check("and not the feature", (await page.getByText("The report.").count()) === 0, await seen());

  const colours = await unlockColours(page);
  check(
    "Unlock stands on its ground",
    colours.ground === "#0f5c6e" && colours.text === "#ffffff",
    colours,
  );

  await unlock.dblclick();
  check(
    "a double press opens the feature",
    await shows(page.getByText("The report.")),
    await seen(),
  );
  check("and the balance says 47", await shows(balance(47)), await seen());
  const book = () =>
    ares.charges.slice(before).map(({ userId, usage, credits }) => `${userId} ${usage} ${credits}`);
  check("ARES's book holds one deduction of 3", book().join() === "bob report 3", book());

  await page.reload();
  check(
    "after a reload the feature is open",
    await shows(page.getByText("The report.")),
    await seen(),
  );
  check("and the balance still says 47", await shows(balance(47)), await seen());
  check(
    "and nothing more was charged",
    book().length === 1 && ares.balanceOf("bob") === 47,
    book(),
  );
  const paidPage = await page.goto(`${origin}/reports/report-42`);
  const html = (await paidPage?.text()) ?? "";
  check("a page with a snapshot holds the balance in its HTML", html.includes("47 credits"), html);
  check("and the paid server component", html.includes("The text of"), html);
  check("which its user sees", await shows(page.getByText("The text of report-42.")), await seen());
  await page.goto(`${origin}/reports/report-50`);
  await page.evaluate(() => document.body.setAttribute("data-mark", "same document"));
  await page.getByRole("button", { name: "Unlock" }).click();
  check(
    "an unpaid server component comes after a press",
    await shows(page.getByText("The text of report-50.")),
    await seen(),
  );
  const mark = await page.locator("body").getAttribute("data-mark");
  check(
    "into the same page, for one deduction more",
    mark === "same document" && book().length === 2,
    book(),
  );

  await page.goto(`${origin}/export`);
  // The action runs on the server, and its answer is lost on the way.
  await page.route("**/export", async (route) => {
    await route.fetch();
    await route.abort();
  });
  const act = page.getByRole("button", { name: "Export for 1 credit" }).first();
  await act.click();
  check(
    "the answer to a server action that charged is lost",
    await shows(page.getByText("Trying again costs nothing.")),
    await seen(),
  );
  check("its charge is not", book().at(-1) === "bob export-pdf 1" && book().length === 3, book());
  await page.unroute("**/export");
  await act.click();
  check(
    "the next press repeats the key of the action",
    await shows(page.getByText("Paid with")),
    await seen(),
  );
  check("and charges nothing more", book().length === 3, book());
  // The lost answer stands in the console, as it should.
  complaints.splice(
    0,
    complaints.length,
    ...complaints.filter((text) => !/ERR_FAILED|Failed to fetch/.test(text)),
  );

  check("the page complained of nothing", complaints.length === 0, complaints);
  check("and asked nobody outside this machine", outside.length === 0, outside);
  await context.close();
}
