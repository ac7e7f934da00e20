import { PAGE_MS } from "./processes.mjs";

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} origin
 * @property {import("../../src/testing").AresSimulator} ares
 * @property {import("playwright-core").Browser} browser
 * @property {() => string} output what the server has printed
 * @property {boolean} built false in development, where nothing is prefetched and errors have their own page
 */

/** Every form in which Next answers a route: as a page, as flight data, and as what a router prefetches. */
const forms = {
  page: { Accept: "text/html" },
  "flight data": { RSC: "1" },
  prefetch: { RSC: "1", "Next-Router-Prefetch": "1" },
  "prefetched tree": {
    RSC: "1",
    "Next-Router-Prefetch": "1",
    "Next-Router-Segment-Prefetch": "/_tree",
  },
};

/** @param {Parts} parts */
export async function driveFirstPaint({ check, origin, ares, browser, output, built }) {
  await paidComponents();
  await firstHtml();
  await unlockedRoute();
  if (built) await prefetched();
  await hiddenPart();
  await anotherUser();
  if (built) await cachedScope();

  /** Children of `AresServerGate` leave the server only after the payment, in each form. */
  async function paidComponents() {
    for (const [form, headers] of Object.entries(forms)) {
      const text = await textOf("/gate/r-1", headers);
      check(
        `before the payment, the ${form} does not hold the secret`,
        !text.includes("secret-of-r-1"),
        text,
      );
    }
    check(
      "which a search would find: AresGate sends its server components unpaid",
      (await textOf("/leak", forms.page)).includes("secret-of-leak"),
    );
    await pay("r-1");
    check(
      "after the payment, the page holds the secret",
      (await textOf("/gate/r-1", forms.page)).includes("secret-of-r-1"),
    );
    check(
      "and so does its flight data",
      (await textOf("/gate/r-1", forms["flight data"])).includes("secret-of-r-1"),
    );
    check(
      "but not for another user",
      !(await textOf("/gate/r-1", forms.page, "bob")).includes("secret-of-r-1"),
    );
    check(
      "nor for somebody who is signed out",
      !(await textOf("/gate/r-1", forms.page, "")).includes("secret-of-r-1"),
    );
    await ledger("down");
    const down = await textOf("/gate/r-1", forms.page);
    check(
      "without a ledger the page shows a gate, and no secret",
      down.includes('data-ares-part="gate"') && !down.includes("secret-of-r-1"),
      down,
    );
    await ledger("up");
  }

  /** A page with `initial`: right from the first byte, and silent. */
  async function firstHtml() {
    await pay("paid");
    for (const route of ["/query", "/first"]) {
      const { page, requests, complaints, statuses, close } = await open({
        locale: "de-DE",
        timezoneId: "Asia/Tokyo",
      });
      const html = await (await page.goto(origin + route))?.text();
      check(
        `the HTML of ${route} holds the balance and the paid report`,
        /94,5 credits/.test(html ?? "") && !!html?.includes("The paid report"),
        html,
      );
      await page.waitForLoadState("networkidle");
      check(`and the page of ${route} asks for nothing`, requests.length === 0, requests);
      check("it complains of nothing", complaints.length === 0, complaints);
      const seen = await statuses("One");
      check("and its paid gate was never anything but open", seen.join() === "unlocked", seen);
      if (route === "/query")
        check(
          "beside the app's own prefetched query",
          await shows(page, "The app's own query"),
          html,
        );
      else {
        await page.getByRole("button", { name: "Unlock Two" }).click();
        check("a press opens the other gate", await shows(page, "The second report"), requests);
        check(
          "and the press was the first request",
          requests[0]?.startsWith("POST") === true,
          requests,
        );
        check("the balance follows", await shows(page, "91,5 credits"), requests);
        await comesBack(page, requests);
      }
      await close();
    }
  }

  /**
   * The page comes out of the browser's memory. The packaged Chromium has no such memory, so the page is told so.
   *
   * @param {import("playwright-core").Page} page
   * @param {string[]} requests
   */
  async function comesBack(page, requests) {
    const read = page.waitForResponse((response) =>
      decodeURIComponent(response.url()).includes('"paid"'),
    );
    await page.evaluate(
      () => void dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })),
    );
    const told = await read.then(
      (response) => response.ok(),
      () => false,
    );
    check(
      "out of the browser's memory, the page reads behind what it shows",
      told && (await shows(page, "The paid report")),
      requests,
    );
  }

  /** The route is rendered again once its gate is open, without a reload. */
  async function unlockedRoute() {
    const { page, complaints, close } = await open();
    await page.goto(`${origin}/gate/r-2`);
    await page.evaluate(() => void Object.assign(window, { mark: "same document" }));
    await page.getByRole("button", { name: "Unlock Report" }).click();
    check("a press brings the server's children", await shows(page, "secret-of-r-2"));
    check(
      "into the same document",
      (await page.evaluate(() => Reflect.get(window, "mark"))) === "same document",
    );
    const inside = await page.evaluate(
      () => document.activeElement?.closest("[data-ares-part=gate]") !== null,
    );
    check("and the focus stays at the gate", inside);
    check("which complains of nothing", complaints.length === 0, complaints);
    await close();
  }

  /** Links are prefetched, and pages prerendered, without a charge or a request. */
  async function prefetched() {
    const { page, requests, close } = await open();
    const before = ares.charges.length;
    await page.goto(origin);
    await page.waitForLoadState("networkidle");
    check(
      "prefetched pages ask for nothing and charge nothing",
      requests.length === 0 && ares.charges.length === before,
      requests,
    );
    await page.getByRole("link", { name: "/mount" }).click();
    check(
      "a gate that charges on mount charges once it is seen",
      await shows(page, "The mounted report"),
      requests,
    );
    check("once", ares.charges.length === before + 1, ares.charges.slice(before));
    await page.goBack();
    await page.goForward();
    check("back and forward show the same", await shows(page, "The mounted report"), requests);
    check("for no further charge", ares.charges.length === before + 1, ares.charges.slice(before));
    await close();
  }

  /** A part that React renders in the background is silent until it is seen. */
  async function hiddenPart() {
    const { page, requests, close } = await open();
    const before = ares.charges.length;
    await page.goto(`${origin}/hidden`);
    await page.waitForLoadState("networkidle");
    check(
      "a hidden part asks for nothing and charges nothing",
      requests.length === 0 && ares.charges.length === before,
      requests,
    );
    const toggle = page.getByRole("button", { name: "Toggle" });
    await toggle.click();
    check("and charges once it is seen", await shows(page, "The hidden report"), requests);
    await toggle.click();
    await toggle.click();
    check(
      "once, also when it was hidden again",
      (await shows(page, "The hidden report")) && ares.charges.length === before + 1,
      requests,
    );
    await close();
  }

  /** Somebody else signs in in another window of the same browser. */
  async function anotherUser() {
    const { page, signIn, close } = await open();
    await page.goto(`${origin}/first`);
    check("the page shows its user's report", await shows(page, "The paid report"));
    await signIn("bob");
    // The next read: a page that is online again reads the balance. Before React has taken the page over, nobody listens.
    for (
      let turns = 0;
      turns < 60 && (await page.getByText("50 credits").count()) === 0;
      turns += 1
    ) {
      await page.evaluate(() => void dispatchEvent(new Event("online")));
      await page.waitForTimeout(500);
    }
    check(
      "the next answer tells of another user: the page shows that user",
      await shows(page, "50 credits"),
    );
    check("and closes the gate", (await page.getByText("The paid report").count()) === 0);
    await close();
  }

  async function cachedScope() {
    const { page, close } = await open();
    await page.goto(`${origin}/cached`);
    check("a snapshot in a cached scope is an error", await shows(page, "Something went wrong"));
    check("that explains itself", /headers\(\).*inside .*use cache/.test(output()), output());
    await close();
  }

  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  async function open(options = {}) {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(PAGE_MS);
    const signIn = (/** @type {string} */ user) =>
      context.addCookies([{ name: "user", value: user, url: origin }]);
    await signIn("ann");
    /** @type {string[]} */
    const complaints = [];
    context.on("weberror", (error) =>
      complaints.push(String(error.error().stack ?? error.error())),
    );
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        complaints.push(`${message.type()}: ${message.text()}`);
    });
    const page = await context.newPage();
    /** @type {string[]} */
    const requests = [];
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/api/ares")
        requests.push(`${request.method()} ${request.url()}`);
    });
    await page.addInitScript(() => {
      /** @type {Record<string, string[]>} */
      const seen = {};
      const look = () => {
        for (const gate of document.querySelectorAll("[data-ares-part=gate]")) {
          const name = gate.getAttribute("aria-label") ?? "";
          const status = gate.getAttribute("data-status") ?? "";
          const all = seen[name] ?? [];
          if (all.at(-1) !== status) seen[name] = [...all, status];
        }
      };
      Object.assign(window, { seen });
      new MutationObserver(look).observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
      });
    });
    /** @param {string} gate */
    const statuses = (gate) =>
      page.evaluate((name) => Object(Reflect.get(window, "seen"))[name] ?? [], gate);
    return { page, requests, complaints, statuses, signIn, close: () => context.close() };
  }

  /** @param {import("playwright-core").Page} page @param {string} text */
  function shows(page, text) {
    return page
      .getByText(text)
      .first()
      .waitFor()
      .then(
        () => true,
        () => false,
      );
  }

  /** @param {string} route @param {Record<string, string>} headers @param {string} user */
  async function textOf(route, headers, user = "ann") {
    const answer = await fetch(origin + route, {
      headers: { ...headers, Cookie: `user=${user}` },
      signal: AbortSignal.timeout(PAGE_MS),
    });
    return answer.text();
  }

  /** @param {string} resource */
  async function pay(resource) {
    const headers = {
      "Content-Type": "application/json",
      "Idempotency-Key": `${Date.now()}-${crypto.randomUUID()}`,
      Origin: origin,
      Cookie: "user=ann",
    };
    const body = JSON.stringify({ usage: "report", resource });
    const answer = await fetch(`${origin}/api/ares`, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(PAGE_MS),
    });
    check(`${resource} is paid`, answer.ok, await answer.text());
  }

  /** @param {"down" | "up"} state */
  async function ledger(state) {
    await fetch(`${origin}/api/ledger`, { method: "POST", body: state });
  }
}
