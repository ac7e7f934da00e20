/**
 * Takes the picture of the README: the running demo, paid. Start it with `npm start -- --fresh`;
 * `node scripts/picture.mjs <address of the demo>` then writes docs/demo.webp.
 */
import { writeFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";

const [, , address = "http://localhost:4100"] = process.argv;
const { executablePath, env } = await resolveChromium();
const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
const page = await browser.newPage({
  viewport: { width: 1000, height: 540 },
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
writeFileSync("docs/demo.webp", await asWebp(await page.screenshot()));
await browser.close();

/** The browser writes WebP, which is half of a JPEG: the picture is part of the package. @param {Buffer} png */
async function asWebp(png) {
  const address = await page.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", 0.4);
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  return Buffer.from(address.split(",")[1] ?? "", "base64");
}
