import { PAGE_MS } from "./processes.mjs";

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} origin
 * @property {import("playwright-core").Browser} browser
 */

/** So many gates stand on one page: `/gates/5` has five. */
const counts = [1, 2, 3, 5, 100];

/**
 * Cyd has paid for each report of `/gates/[n]`. Whoever opens the page again must find all of them open, and none for sale:
 * after a reload, and after a navigation without one.
 *
 * @param {Parts} parts
 */
export async function driveGates({ check, origin, browser }) {
  const cookie = { name: "user", value: "cyd", url: origin };
  for (let n = 0; n < Math.max(...counts); n += 1) await pay(`gates-${n}`);
  const context = await browser.newContext();
  context.setDefaultTimeout(PAGE_MS);
  await context.addCookies([cookie]);
  const page = await context.newPage();
  /** @type {string[]} */
  const answers = [];
  page.on("response", (answer) => {
    const { pathname, search } = new URL(answer.url());
    if (pathname === "/api/ares")
      answers.push(`${answer.status()} ${answer.request().method()} ${search.slice(0, 60)}`);
  });

  for (const n of counts) {
    await page.goto(`${origin}/gates/${n}`);
    await opens(n, "after a full load");
    answers.length = 0;
    await page.reload();
    await opens(n, "after a reload");
    // A look-up takes at most 100 letters here, and one address 3,600.
    check(
      `${n} gates ask in ${answers.length} requests, all answered`,
      // The balance is read again when it is five seconds old, which it may be on a busy machine.
      answers.filter(isLookUp).length <= 1 + n / 20 && !answers.some(isRefused),
      answers,
    );
    await page.getByRole("link", { name: "Front page" }).click();
    await page.getByRole("link", { name: `/gates/${n}`, exact: true }).click();
    await opens(n, "after a navigation without a load");
  }
  await context.close();

  /** @param {number} n @param {string} when */
  async function opens(n, when) {
    const open = page.getByText(/^Open: gates-\d+\.$/).filter({ visible: true });
    const found = await open
      .nth(n - 1)
      .waitFor()
      .then(
        () => true,
        () => false,
      );
    const forSale = await page.getByRole("button", { name: /Unlock/ }).count();
    check(
      `${n} paid gates are open ${when}`,
      found && (await open.count()) === n && forSale === 0,
      {
        open: await open.count(),
        forSale,
        answers,
      },
    );
  }

  /** @param {string} resource */
  async function pay(resource) {
    const headers = {
      "Content-Type": "application/json",
      "Idempotency-Key": `${Date.now()}-${crypto.randomUUID()}`,
      Origin: origin,
      Cookie: `user=${cookie.value}`,
    };
    const body = JSON.stringify({ usage: "report", resource });
    const answer = await fetch(`${origin}/api/ares`, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(PAGE_MS),
    });
    if (!answer.ok) check(`${resource} is paid`, false, await answer.text());
  }
}

/** @param {string} answer */
const isRefused = (answer) => !answer.startsWith("200");
/** @param {string} answer */
const isLookUp = (answer) => answer.includes("lookups");
