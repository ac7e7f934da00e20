import { readFileSync } from "node:fs";
import path from "node:path";
import { type AresSimulator, createAresSimulator } from "ares-react/testing";
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen } from "../../scripts/nextSmoke/pretendServices.mjs";
import { type ClerkFake, createClerkFake } from "../clerk/fake/clerkFake";
import { clerkScriptsAreThere } from "../clerk/scripts/install.mjs";
import { freePort } from "../setup/freePort.mjs";
import { PATIENCE_MS } from "../setup/patience";
import { type Demo, startDemo } from "./demo";
import { gate, gatesOf, moths, showsBalance, unlockMoths } from "./scene";
import { launchChromium, photograph, visit } from "./visitor";

const clerkJs = path.resolve(
  import.meta.dirname,
  "..",
  "clerk",
  "scripts",
  "node_modules",
  "clerk-js-6",
  "dist",
);

let browser: Browser;
let ares: AresSimulator;
let clerk: ClerkFake;
let demo: Demo;
const services: { url: string; close: () => unknown }[] = [];

/** The demo of a developer who has filled in `.env`. Both services are stand-ins, and the app does not know. */
beforeAll(async () => {
  browser = await launchChromium();
  const port = await freePort();
  ares = createAresSimulator({ users: { ann: 698, bea: 698, eve: 50 }, clients: ["folio"] });
  clerk = await createClerkFake({
    origin: `http://localhost:${port}`,
    users: [
      { id: "user_ann", ares: ares.tokenOf("ann") },
      { id: "user_bea", ares: ares.tokenOf("bea") },
      { id: "user_new" },
    ],
  });
  services.push(await listen(ares.serve), await listen(clerk.backend));
  const [aresServer, clerkServer] = services;
  demo = await startDemo({
    port,
    env: {
      ARES_CLIENT_ID: "folio",
      CLERK_SECRET_KEY: clerk.secretKey,
      CLERK_JWT_KEY: clerk.jwtKey,
      VITE_CLERK_PUBLISHABLE_KEY: clerk.publishableKey,
      ARES_BASE_URL: aresServer?.url ?? "",
      CLERK_API_URL: clerkServer?.url ?? "",
    },
  });
  expect(demo.port).toBe(port);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  for (const { close } of services) close();
});
beforeEach(() => clerk.signOut());

/** A browser in which Clerk's host is the pretend one, with Clerk's real script. No other host exists. */
async function arrive() {
  const visitor = await visit(browser, demo, "nobody");
  const outside: string[] = [];
  await visitor.context.route(
    (url) => url.hostname !== "localhost",
    async (route) => {
      const url = new URL(route.request().url());
      if (url.hostname !== "fake.clerk.accounts.dev") {
        outside.push(url.href);
        return route.abort();
      }
      return /\.js$/.test(url.pathname)
        ? script(route, path.basename(url.pathname))
        : frontend(route);
    },
  );
  return {
    context: visitor.context,
    open: () => visitor.open(),
    leave: visitor.leave,
    outside,
    // Clerk prints a warning for every development key.
    complaints: () =>
      visitor.complaints.filter(
        (complaint) => !/Clerk has been loaded with development keys/.test(complaint),
      ),
  };
}

/** Clerk's script is the real one. No package here has the script of Clerk's components, so a stub stands in for it. */
function script(route: Route, name: string): Promise<void> {
  const body =
    name === "ui.browser.js" ? placeholders : readFileSync(path.join(clerkJs, name), "utf8");
  return route.fulfill({ contentType: "text/javascript", body });
}

const placeholders = `
globalThis.__internal_ClerkUICtor = class {
  async ensureMounted() {
    return {
      mountComponent: ({ node, name }) => void (node.textContent = name),
      unmountComponent: () => {},
      updateProps: () => {},
    };
  }
};
`;

async function frontend(route: Route): Promise<void> {
  const asked = route.request();
  const body = asked.postData();
  const headers = await asked.allHeaders();
  const answer = await clerk.frontend(
    new Request(asked.url(), {
      method: asked.method(),
      headers: plain(headers),
      ...(body === null ? {} : { body }),
    }),
  );
  await route.fulfill({
    status: answer.status,
    headers: {
      ...Object.fromEntries(answer.headers),
      "Access-Control-Allow-Origin": demo.address,
      "Access-Control-Allow-Credentials": "true",
    },
    body: await answer.text(),
  });
}

/** Waits for the paid report. A gate that shows something else is printed, also when the next try succeeds. */
async function opens(page: Page): Promise<void> {
  await moths(page)
    .waitFor({ timeout: PATIENCE_MS / 2 })
    .catch(async (error: unknown) => {
      throw new Error(`The report did not open. ${await gatesOf(page)}`, { cause: error });
    });
}

/** The headers without HTTP/2's names for the address. */
const plain = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":")));

describe.runIf(clerkScriptsAreThere())("the demo with the keys of the real services", () => {
  it("unlocks a report for whoever is signed in with Clerk and connected to ARES, for one deduction", async () => {
    clerk.signIn("user_ann");
    const visitor = await arrive();
    const page = await visitor.open();
    await showsBalance(page, 698);
    expect(await page.getByRole("complementary").count()).toBe(0);

    await unlockMoths(page).dblclick();

    await opens(page);
    await showsBalance(page, 695);
    await photograph(page, "real-app");
    await page.reload();
    await moths(page).waitFor();
    await showsBalance(page, 695);
    expect(taken("ann")).toEqual(["folio 3"]);
    expect(visitor.outside).toEqual([]);
    expect(visitor.complaints()).toEqual([]);
    await visitor.leave();
  });

  it("leads whoever is signed out to Clerk, and shows them neither a balance nor a report", async () => {
    const visitor = await arrive();
    const page = await visitor.open();

    await page.getByRole("banner").getByRole("button", { name: "Sign in" }).waitFor();
    await gate(page, "Moths at the lamp").and(page.locator("[data-status=signed_out]")).waitFor();

    expect(await page.getByText("credits", { exact: true }).count()).toBe(0);
    expect(await unlockMoths(page).count()).toBe(0);
    await photograph(page, "real-app-signed-out");
    expect(visitor.complaints()).toEqual([]);
    await visitor.leave();
  });

  it("opens what is paid without the session's cookie, which may be outdated: the request carries the token", async () => {
    clerk.signIn("user_bea");
    const visitor = await arrive();
    await visitor.context.addInitScript(() => {
      const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
      Object.defineProperty(document, "cookie", {
        get: () => cookie?.get?.call(document),
        set: (text: string) => text.startsWith("__session") || cookie?.set?.call(document, text),
      });
    });
    const page = await visitor.open();

    await unlockMoths(page).click();

    await opens(page);
    await visitor.leave();
  });

  it("connects ARES at Clerk by one press, charges nothing on the way, and then unlocks", async () => {
    clerk.signIn("user_new");
    const visitor = await arrive();
    const page = await visitor.open();
    const connect = gate(page, "Moths at the lamp").getByRole("button", { name: "Connect ARES" });
    await connect.waitFor();

    await Promise.all([page.waitForEvent("load"), connect.click()]);
    // The pretend consent page knows no tokens of the pretend ARES.
    clerk.connect("user_new", ares.tokenOf("eve"));
    await page.reload();

    await showsBalance(page, 50);
    expect(taken("eve")).toEqual([]);
    await unlockMoths(page).click();
    await opens(page);
    expect(taken("eve")).toEqual(["folio 3"]);
    expect(visitor.outside).toEqual([]);
    expect(visitor.complaints()).toEqual([]);
    await visitor.leave();
  });
});

function taken(user: string): string[] {
  return ares.charges
    .filter(({ userId }) => userId === user)
    .map(({ clientId, credits }) => `${clientId} ${credits}`);
}
