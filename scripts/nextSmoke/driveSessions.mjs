import { PAGE_MS } from "./processes.mjs";
/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} origin
 * @property {import("playwright-core").Browser} browser
 * @property {Record<"ann" | "bob", string>} balances the texts of the two balances
 */

/**
 * Users sign in and out on pages of Next, without a full load: by a login form that redirects, by `router.refresh()` and by
 * `router.replace()` of a page with a provider of its own. Ann has paid for the report, and Bob has not. At no moment the next user sees anything of the last one.
 *
 * @param {Parts} parts
 */
export async function driveSessions({ check, origin, browser, balances }) {
  const paid = "The paid report";
  const words = { ann: balances.ann, bob: balances.bob, nobody: "Not signed in" };
  /** @typedef {keyof typeof words} User */

  for (const how of /** @type {const} */ (["form", "refresh", "replace"])) {
    await walk(how, ["ann", "bob"]);
    await walk(how, ["ann", "nobody"]);
    await walk(how, ["nobody", "ann"]);
    await walk(how, ["ann", "bob", "ann"]);
  }
  await backToHiddenPage();

  /** @param {"form" | "refresh" | "replace"} how @param {[User, ...User[]]} users */
  async function walk(how, [first, ...next]) {
    const { page, seen, watch, complaints, close } = await open(first);
    await page.goto(`${origin}/session`);
    await page.evaluate(() => void Object.assign(window, { mark: "same document" }));
    await shows(page, words[first]);
    let walked = first;
    for (const user of next) {
      walked += `, then ${user}`;
      const title = `${walked}, by ${how}`;
      await signIn(page, user, how);
      check(
        `${title}: the page shows its new user`,
        await shows(page, words[user]),
        await text(page),
      );
      // Next keeps a layout as it is, also when a page below it is replaced: the layout's provider hears of the new user from the page's.
      if (how === "replace") for (const word of strangeFor(user)) await vanishes(page, word);
      await watch();
      const isOpen = user === "ann";
      check(
        `${title}: the paid report is ${isOpen ? "open" : "closed"}`,
        (await shown(page, paid)) === isOpen,
      );
      await page.waitForLoadState("networkidle");
      const strange = (await seen()).filter((line) => holdsAny(line, strangeFor(user)));
      check(`${title}: and nothing of another user from then on`, strange.length === 0, strange);
    }
    const mark = await page.evaluate(() => Reflect.get(window, "mark"));
    check(`${walked}, by ${how}: in the same document`, mark === "same document", mark);
    check("which complains of nothing", complaints.length === 0, complaints);
    await close();
  }

  /** @param {import("playwright-core").Page} page @param {User} user @param {"form" | "refresh" | "replace"} how */
  async function signIn(page, user, how) {
    if (how !== "form") return page.getByRole("button", { name: `${user} by ${how}` }).click();
    await page.getByRole("link", { name: "Login" }).click();
    await page.getByRole("button", { name: `Sign in as ${user}` }).click();
  }

  /** What this user must not see. @param {User} user */
  function strangeFor(user) {
    const { [user]: own, ...others } = words;
    return user === "ann" ? Object.values(others) : [...Object.values(others), paid];
  }

  /** @param {string} line @param {string[]} words */
  function holdsAny(line, words) {
    return words.some((word) => line.includes(word));
  }

  /** A page with its own provider that React keeps hidden while another user signs in. */
  async function backToHiddenPage() {
    const { page, close } = await open("ann");
    await page.goto(`${origin}/session/own`);
    check("a page shows its user", await shows(page, "The report of ann"), await text(page));
    await page.getByRole("link", { name: "Login" }).click();
    await page.getByRole("button", { name: "Sign in as bob" }).click();
    await shows(page, words.bob);
    await page.evaluate(watchPage);
    await page.getByRole("link", { name: "Own" }).click();
    check(
      "back on that page, the next user sees what is theirs",
      await shows(page, "The report of bob"),
      await text(page),
    );
    await page.waitForLoadState("networkidle");
    const lines = await page.evaluate(() => Reflect.get(window, "sights"));
    const strange = lines.filter((/** @type {string} */ line) => holdsAny(line, [words.ann, paid]));
    check("and at no moment the last user's balance or paid text", strange.length === 0, strange);
    await close();
  }

  /** @param {User} user */
  async function open(user) {
    const context = await browser.newContext();
    context.setDefaultTimeout(PAGE_MS);
    if (user !== "nobody") await context.addCookies([{ name: "user", value: user, url: origin }]);
    /** @type {string[]} */
    const complaints = [];
    context.on("weberror", (error) =>
      complaints.push(String(error.error().stack ?? error.error())),
    );
    context.on("console", (message) => {
      // Who hears that nobody is signed in any more asks the server, and the browser writes the answer down.
      const isAnswer = /status of 401/.test(message.text());
      if (message.type() === "error" && !isAnswer)
        complaints.push(`${message.type()}: ${message.text()}`);
    });
    const page = await context.newPage();
    return {
      page,
      complaints,
      watch: () => page.evaluate(watchPage),
      /** @returns {Promise<string[]>} */
      seen: () => page.evaluate(() => Reflect.get(window, "sights")),
      close: () => context.close(),
    };
  }

  /** @param {import("playwright-core").Page} page @param {string} words */
  function shows(page, words) {
    const found = page.getByText(words).filter({ visible: true }).first();
    return found.waitFor().then(
      () => true,
      () => false,
    );
  }

  /** @param {import("playwright-core").Page} page @param {string} words */
  async function vanishes(page, words) {
    for (const limit = Date.now() + PAGE_MS; (await shown(page, words)) && Date.now() < limit; )
      await page.waitForTimeout(50);
  }

  /** @param {import("playwright-core").Page} page @param {string} words */
  async function shown(page, words) {
    return (await page.getByText(words).filter({ visible: true }).count()) > 0;
  }

  /** @param {import("playwright-core").Page} page */
  function text(page) {
    return page.locator("body").innerText();
  }
}

/** Writes down what is on the screen, now and after each change of the page. React keeps hidden parts in the document. */
function watchPage() {
  const sights = [document.body.innerText];
  Object.assign(window, { sights });
  const look = () =>
    sights.at(-1) !== document.body.innerText && sights.push(document.body.innerText);
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
}
