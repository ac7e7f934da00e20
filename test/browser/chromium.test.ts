import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { afterEach, expect, it } from "vitest";
import { chromiumArgs, resolveChromium } from "../../scripts/chromium.mjs";

const close: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of close.splice(0)) await end();
});

it("finds a Chromium on this machine that renders, is clicked and photographed", async () => {
  const { executablePath, env } = await resolveChromium();
  const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
  close.push(() => browser.close());
  const page = await browser.newPage();
  await page.setContent(`<button onclick="this.textContent = 'unlocked'">Unlock · 1 credit</button>`);

  await page.getByRole("button", { name: "Unlock · 1 credit" }).click();

  await page.getByRole("button", { name: "unlocked" }).waitFor();
  mkdirSync("artefacts", { recursive: true });
  const photo = await page.screenshot({ path: "artefacts/chromium.png" });
  expect(photo.subarray(1, 4).toString()).toBe("PNG");
});

it("says what to do when the Chromium that was asked for is not there", async () => {
  const before = process.env.CHROMIUM_PATH;
  process.env.CHROMIUM_PATH = "/nowhere/chromium";
  close.push(async () => {
    if (before === undefined) delete process.env.CHROMIUM_PATH;
    else process.env.CHROMIUM_PATH = before;
  });

  await expect(resolveChromium()).rejects.toThrow("Correct it, or unset it.");
});
