import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDesk } from "../../examples/desk/desk.js";
import { createSignIn, hashOf } from "../../examples/desk/signIn.js";
import { json, world } from "../server/world";
import { PATIENCE_MS } from "../setup/patience";
import { launchChromium } from "./visitor";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const PASSWORD = "correct horse battery";

/** An app with two charges that ARES left unanswered, and its desk on a port of its own. */
async function openDesk({ now = Date.now } = {}) {
  const app = world({ evidence: "balance" });
  for (const body of [
    { usage: "report", resource: '<img src=x onerror="document.title=1">' },
    { usage: "image" },
  ]) {
    app.ares.next(() => json(500, {}));
    await app.post(body);
    app.clock.ms += 1_000;
  }
  const signIn = createSignIn({
    operators: { ada: await hashOf(PASSWORD) },
    secret: "a secret of this test",
    secure: false,
    now,
  });
  const desk = createDesk({ charges: app.server.charges, signIn });
  const server = createServer(getRequestListener(desk));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(origin);
  return {
    ...app,
    page,
    origin,
    faults,
    async close() {
      await context.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function enter(page: Page, password = PASSWORD) {
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const looks = (page: Page) => page.getByRole("link", { name: "Look and decide" });

describe("the desk of operators", () => {
  it("shows nothing before the sign-in, and nothing after a wrong password", async () => {
    const desk = await openDesk();
    try {
      const { page } = desk;
      await expect.poll(() => page.title()).toBe("Sign in");
      await enter(page, "wrong");
      await page.getByRole("alert").waitFor();
      expect(await page.content()).not.toContain("user-1");
      const [row] = await desk.ledger.list({});
      const peek = await fetch(`${desk.origin}/charges/${row?.id}`);
      expect([peek.status, (await peek.text()).includes("user-1")]).toEqual([401, false]);
    } finally {
      await desk.close();
    }
  });

  it("lists unknown charges, shows the evidence, and ends one by a verdict and a note", async () => {
    const desk = await openDesk();
    try {
      const { page } = desk;
      await enter(page);
      await expect.poll(() => looks(page).count()).toBe(2);

      await looks(page).last().click();
      const evidence = await page.getByRole("table").innerText();
      expect(evidence).toMatch(/Status\s+unknown/);
      expect(evidence).toMatch(/ARES’s status\s+500/);
      expect(evidence).toMatch(/Balance before\s+100 credits/);

      await page.getByRole("button", { name: "Store this verdict" }).click();
      expect((await desk.ledger.list({ status: "unknown" })).length).toBe(2);
      await page.getByLabel(/It stands in ARES’s books: 3 credits of user user-1/).check();
      await page.getByLabel("Note").fill("found, 12:03");
      await page.getByRole("button", { name: "Store this verdict" }).click();
      await expect.poll(() => page.getByRole("table").innerText()).toMatch(/Status\s+charged/);
      await expect
        .poll(() => page.getByRole("table").innerText())
        .toMatch(/Note\s+ada: found, 12:03/);

      await page.getByRole("link", { name: "All unconfirmed charges" }).click();
      await expect.poll(() => looks(page).count()).toBe(1);
      const [paid] = await desk.ledger.list({ status: "charged" });
      expect(paid?.outcome.note).toBe("ada: found, 12:03");
      expect(desk.ares.posts()).toBe(2);
      // Chromium reports the answer 401 of the first page.
      expect(desk.faults.filter((fault) => !/401/.test(fault))).toEqual([]);
      // The resource is a text, and no script of it ran.
      expect(await page.title()).toBe("Unconfirmed charges");
      expect(evidence).toContain('<img src=x onerror="document.title=1">');
    } finally {
      await desk.close();
    }
  });

  it("stores nothing that another site sends, nor under a forged cookie", async () => {
    const desk = await openDesk();
    try {
      const { page, origin, ledger } = desk;
      await enter(page);
      await looks(page).first().waitFor();
      const [cookie] = await page.context().cookies();
      const [row] = await ledger.list({ status: "unknown" });
      const send = (headers: Record<string, string>) =>
        fetch(`${origin}/charges/${row?.id}`, {
          method: "POST",
          redirect: "manual",
          headers: { Cookie: `desk=${cookie?.value}`, ...headers },
          body: new URLSearchParams({ to: "charged", note: "forged" }),
        });

      expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
      expect((await send({ Origin: "https://evil.example" })).status).toBe(403);
      expect((await send({})).status).toBe(403);
      const forged = `desk=eve.9999999999999.${cookie?.value.split(".")[2]}`;
      expect((await send({ Origin: origin, Cookie: forged })).status).toBe(401);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      expect((await ledger.list({ status: "unknown" })).length).toBe(2);
      // The same form of the desk's own is taken: the refusals came from what was forged.
      expect((await send({ Origin: origin })).status).toBe(303);
    } finally {
      await desk.close();
    }
  });

  it("closes a name for a minute after five wrong passwords, tried at once too", async () => {
    const clock = { ms: 0 };
    const signIn = createSignIn({
      operators: { ada: await hashOf(PASSWORD) },
      secret: "s",
      secure: true,
      now: () => clock.ms,
    });
    const tries = Array.from({ length: 5 }, () => signIn.cookieFor("ada", "wrong"));
    expect(await Promise.all(tries)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await signIn.cookieFor("ada", PASSWORD)).toBeUndefined();
    clock.ms += 60_000;
    expect(await signIn.cookieFor("ada", PASSWORD)).toMatch(/^desk=ada\..*HttpOnly.*; Secure$/);
    expect(await signIn.cookieFor("eve", PASSWORD)).toBeUndefined();
  });
});
