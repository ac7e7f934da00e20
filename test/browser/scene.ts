import type { Browser, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type Demo, startDemo } from "./demo";
import { launchChromium, type Visitor, visit } from "./visitor";

/** One browser and one demo per file. Each test gets a working ARES, and a person without any charge. */
export interface Scene {
  browser: Browser;
  demo: Demo;
  person: Visitor;
  /** What ARES took from the person, one entry per deduction. */
  taken: () => Promise<number[]>;
}

/** Gives a file's tests their scene. No page may complain in any test. `env` is for the demo. */
export function setScene(env: Readonly<Record<string, string>> = {}): Scene {
  const scene: Partial<Scene> = {};

  beforeAll(async () => {
    scene.browser = await launchChromium();
    scene.demo = await startDemo({ env });
  });
  afterAll(async () => {
    await scene.browser?.close();
    await scene.demo?.stop();
  });
  beforeEach(async () => {
    const { browser, demo } = scene;
    if (!browser || !demo) throw new Error("The demo did not start.");
    await demo.heal();
    await demo.latency(50);
    const person = await visit(browser, demo);
    scene.person = person;
    scene.taken = () => demo.deductions(person.id);
  });
  afterEach(async ({ task }) => {
    const seen = task.result?.state === "fail" ? await whatPagesShow(scene) : "";
    await scene.person?.leave();
    expect(scene.person?.complaints).toEqual([]);
    // A test that waited in vain names only what it waited for.
    if (seen) throw new Error(seen);
  });

  return {
    get browser() {
      return there(scene.browser);
    },
    get demo() {
      return there(scene.demo);
    },
    get person() {
      return there(scene.person);
    },
    taken: () => there(scene.taken)(),
  };
}

/** The gates of every open page, the person's charges in the app's ledger, and what ARES took. */
async function whatPagesShow({ person, demo, taken }: Partial<Scene>): Promise<string> {
  if (!person || !demo || !taken) return "";
  const pages = person.context
    .pages()
    .map(async (page, index) => `page ${index + 1}: ${await gatesOf(page)}`);
  const [shown, states, sums] = await Promise.all([
    Promise.all(pages),
    demo.ledger(person.id),
    taken(),
  ]);
  return [...shown, `ledger: ${states.join(", ")}`, `taken: ${sums.join(", ")}`].join("\n");
}

/** Each gate's state and words. */
export async function gatesOf(page: Page): Promise<string> {
  const gates = await page.getByRole("group").all();
  const texts = gates.map(
    async (each) =>
      `[${await each.getAttribute("data-status")}] ${(await each.innerText()).replace(/\s+/g, " ")}`,
  );
  return (await Promise.all(texts)).join(" | ");
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The scene is set only while a test runs.");
  return value;
}

/** The page's gates, by the names of their features. */
export const gate = (page: Page, name: string) => page.getByRole("group", { name });
export const unlockPdf = (page: Page) =>
  gate(page, "Export as PDF").getByRole("button", { name: "Unlock · 1 credit" });
/** The part of the page that appears once the export is paid. */
export const pdf = (page: Page) => page.getByRole("button", { name: "Download field-notes.pdf" });
export const unlockMoths = (page: Page) =>
  gate(page, "Moths at the lamp").getByRole("button", { name: /^Unlock/ });
export const moths = (page: Page) => page.getByText("Sixty-two nights");

/** Waits for the balance in the page's head. */
export async function showsBalance(page: Page, credits: number): Promise<void> {
  await page.getByRole("banner").getByText(`${credits} credits`).first().waitFor();
}

/** How many keys of open charges the page has stored. A paid key stays half a minute for other tabs, and counts no more. */
export const keptKeys = (page: Page) =>
  page.evaluate(
    () =>
      Object.entries({ ...localStorage }).filter(
        ([name, text]) => name.startsWith("ares:") && JSON.parse(text).paidAt === undefined,
      ).length,
  );

/** Lets the page's POST go as far as `then`, and never lets its answer back. */
export async function cutWire(page: Page, then: (route: Route) => Promise<unknown>) {
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

/** Loads the page's scripts, and lets the page run them once the returned function is called. */
export async function holdScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js", async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  return release;
}
