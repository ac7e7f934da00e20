import { rmSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readColours, unlockColours } from "../../scripts/colours/colours.mjs";
import { serveStatic } from "../../scripts/look/serveStatic.mjs";
import { buildColourPage, type ColourBuild } from "./buildColourPage";
import { setScene, unlockPdf } from "./scene";

const scene = setScene();
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Builds the page of `scripts/colours`, and serves the build. */
async function buildAndServe(settings: ColourBuild): Promise<string> {
  const folder = await buildColourPage(settings);
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const site = await serveStatic(path.join(folder, "dist"), "/");
  ends.push(site.close);
  return `${site.url}index.html`;
}

describe("a production page has its colours, however its app names a color-scheme,", () => {
  it.each([
    { how: "built by Vite with Lightning CSS", settings: { cssMinify: "lightningcss" } },
    { how: "built by Vite with esbuild", settings: { cssMinify: "esbuild" } },
    {
      how: "with the stylesheet as it is published",
      settings: { cssMinify: false, cssTarget: "esnext" },
    },
  ] as const)("$how", async ({ settings }) => {
    const readings = await readColours(scene.browser, await buildAndServe(settings));

    expect(readings.map(({ title, seen }) => ({ title, seen }))).toEqual(
      readings.map(({ title, expected }) => ({ title, seen: expected })),
    );
    expect(readings).toHaveLength(14);
  });
});

describe("the demo's page", () => {
  it.each([
    { colorScheme: "light", ground: "#2f5d50", text: "#ffffff" },
    { colorScheme: "dark", ground: "#8cc4b0", text: "#10231c" },
  ] as const)(
    "paints Unlock in the studio's own colours on a $colorScheme system",
    async ({ colorScheme, ground, text }) => {
      const page = await scene.person.open();
      await unlockPdf(page).waitFor();

      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });

      expect(await unlockColours(page)).toEqual({ ground, text });
    },
  );

  it.each(["light", "dark"] as const)(
    "paints Unlock in the kit's light colours where no color-scheme is named, on a %s system",
    async (colorScheme) => {
      const page = await scene.person.open("/harness");
      await page.getByRole("button", { name: /^Unlock/ }).waitFor();

      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });

      expect(await unlockColours(page)).toEqual({ ground: "#0f5c6e", text: "#ffffff" });
    },
  );
});
