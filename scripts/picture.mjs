/**
 * Takes the picture of the README: the running demo, paid. Start it with `npm start -- --fresh`;
 * `node scripts/picture.mjs <address of the demo>` then writes docs/demo.jpg.
 */
import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";

const [, , address = "http://localhost:4100"] = process.argv;
const { executablePath, env } = await resolveChromium();
const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
const page = await browser.newPage({
  viewport: { width: 1120, height: 600 },
  reducedMotion: "reduce",
});
await page.goto(address);
const unlock = page.getByRole("button", { name: /^Unlock/ }).first();
await unlock.click();
await page.locator('[data-ares-part="gate"][data-status="unlocked"]').first().waitFor();
// The demo has just begun: one deduction, and the balance that followed it.
await page.getByText(/^1 deduction/).waitFor();
await page.getByText("697 credits left").waitFor();
await page.mouse.move(0, 0);
await page.screenshot({ path: "docs/demo.jpg", type: "jpeg", quality: 68 });
await browser.close();
