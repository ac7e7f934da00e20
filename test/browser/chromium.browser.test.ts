import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { afterEach, expect, it, vi } from "vitest";
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
  await page.setContent(
    `<button onclick="this.textContent = 'unlocked'">Unlock · 1 credit</button>`,
  );

  await page.getByRole("button", { name: "Unlock · 1 credit" }).click();

  await page.getByRole("button", { name: "unlocked" }).waitFor();
  mkdirSync("artefacts", { recursive: true });
  const photo = await page.screenshot({ path: "artefacts/chromium.png" });
  expect(photo.subarray(1, 4).toString()).toBe("PNG");
});

it.runIf(process.platform === "linux" && process.arch === "x64")(
  "draws every text in the packaged font, whatever fonts the machine has",
  async () => {
    const { executablePath, env } = await resolveChromium();
    const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
    close.push(() => browser.close());
    const page = await browser.newPage();
    const widths = await page.evaluate(() => {
      const context = document.createElement("canvas").getContext("2d");
      return ["sans-serif", "serif", "monospace", "system-ui", "Noto Sans", "DejaVu Sans"].map(
        (family) => {
          if (context) context.font = `32px ${family}`;
          return context?.measureText("Unlock · 3 credits").width;
        },
      );
    });

    expect(new Set(widths).size).toBe(1);
  },
);

/** Only these settings, and none of the machine's own. */
function asked(
  settings: Partial<Record<"CHROMIUM" | "CHROMIUM_PATH" | "CHROME_PATH", string>>,
): void {
  for (const name of ["CHROMIUM", "CHROMIUM_PATH", "CHROME_PATH"] as const)
    vi.stubEnv(name, settings[name]);
  close.push(async () => void vi.unstubAllEnvs());
}

it.runIf(process.platform === "linux" && process.arch === "x64")(
  "takes the packaged Chromium, whatever the system has",
  async () => {
    asked({});

    expect((await resolveChromium()).source).toMatch(/^npm:@sparticuz\/chromium@\d/);
  },
);

it("takes the system's Chromium where that is asked for, and says what to do where there is none", async () => {
  asked({ CHROMIUM: "system" });

  const found = await resolveChromium().catch((error: unknown) => String(error));

  expect(typeof found === "string" ? found : found.source).toMatch(
    /^system$|Install one, or unset CHROMIUM\.$/,
  );
});

it.each([
  [{ CHROMIUM_PATH: "/nowhere/chromium" }, "Correct it, or unset it."],
  [{ CHROMIUM: "theirs" }, "Set it to system, or unset it."],
])("says what to do when it is asked for what can't be had (%o)", async (settings, advice) => {
  asked(settings);

  await expect(resolveChromium()).rejects.toThrow(advice);
});
