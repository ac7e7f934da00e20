import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { illegible, opener } from "./open";
import { stylePackagesAreThere } from "./packages/install.mjs";
import { recipes } from "./recipes";
import { resets } from "./resets";

const openLooks = opener();

/** Opens the main states of the kit. */
const open = async (imports: readonly string[], reset: string, draw?: string) =>
  pressAll(await openLooks({ imports, reset, draw }));

/** Presses what leads to the states after a press. */
async function pressAll(page: Page): Promise<Page> {
  for (const usage of ["fails", "lost", "paid"])
    await page.locator(`#${usage} [data-ares-part=unlock]`).click();
  await page.locator("#paid [data-status=unlocked]").waitFor();
  await page.locator("#lost [data-status=unknown]").waitFor();
  await page.locator("#fails [data-status=not_charged]").waitFor();
  return page;
}

/** The buttons without room around their words, or without a ground, a border and an underline. */
const bareButtons = (page: Page) =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>("button[data-ares-part], a[data-ares-part]"),
    ].flatMap((button) => {
      const { backgroundColor, borderTopStyle, borderTopWidth, textDecorationLine, ...style } =
        getComputedStyle(button);
      const room = Math.min(
        Number.parseFloat(style.paddingInlineStart),
        Number.parseFloat(style.paddingBlockStart) * 2,
      );
      const ground = !/rgba\(.*, 0\)|transparent/.test(backgroundColor);
      const line =
        (borderTopStyle !== "none" && Number.parseFloat(borderTopWidth) >= 1) ||
        textDecorationLine === "underline";
      return room >= 8 && (ground || line)
        ? []
        : [`${button.dataset.aresPart}: ${room}px, ${backgroundColor}, ${borderTopStyle}`];
    }),
  );

/** Where the open question stands: whether its middle is the middle of the window, to a pixel, and its room. */
const question = (page: Page) =>
  page.locator("dialog[open]").evaluate((dialog) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    return {
      isCentred:
        Math.abs(left + right - innerWidth) <= 2 && Math.abs(top + bottom - innerHeight) <= 2,
      padded: Number.parseFloat(getComputedStyle(dialog).paddingInlineStart) >= 16,
    };
  });

async function isAsItShouldBe(page: Page) {
  expect(await bareButtons(page)).toEqual([]);
  expect(await illegible(page)).toEqual([]);
  await page.locator("#asks [data-ares-part=unlock]").click();
  expect(await question(page)).toEqual({ isCentred: true, padded: true });
  expect(await bareButtons(page)).toEqual([]);
  expect(await illegible(page)).toEqual([]);
}

describe.runIf(stylePackagesAreThere())(
  "every state is legible, and every button looks like one,",
  () => {
    const orders = [
      { order: "before the kit's sheet", imports: ["./reset.css", "ares-react/styles.css"] },
      { order: "after the kit's sheet", imports: ["ares-react/styles.css", "./reset.css"] },
    ];
    it.each(Object.keys(resets).flatMap((name) => orders.map((order) => ({ name, ...order }))))(
      "with $name $order",
      async ({ name, imports }) => {
        const page = await open(imports, (await resets[name]?.()) ?? "");
        await isAsItShouldBe(page);
      },
    );

    it.each(["before", "after"])("with the baseline of MUI %s the kit's sheet", async (order) => {
      const baseline = `<StyledEngineProvider injectFirst={${order === "before"}}><CssBaseline /><Page /></StyledEngineProvider>`;
      await isAsItShouldBe(await open(["ares-react/styles.css"], "", baseline));
    });
  },
);

describe.runIf(stylePackagesAreThere())("a recipe of docs/looks, as its page shows it,", () => {
  it.each(recipes)("looks right: $name", async (recipe) => {
    const imports = [`./${recipe.name}.tsx`];
    const draw = `<><Page /><Own Feature={Feature} /></>`;
    const page = await pressAll(await openLooks({ imports, recipe, draw }));
    await page.locator("#own [data-status=locked]").waitFor();
    await isAsItShouldBe(page);
    expect(
      await page
        .locator("#own [data-ares-part=unlock]")
        .evaluate((button) => getComputedStyle(button).backgroundColor),
    ).not.toBe("rgba(0, 0, 0, 0)");
  });
});

describe.runIf(stylePackagesAreThere())("the one line of Tailwind 4's recipe", () => {
  const [recipe] = recipes.filter(({ name }) => name === "tailwind-4");
  const line = "@layer theme, base, ares, components, utilities;\n";
  const roundOf = async (sheet: string) => {
    const page = await openLooks({
      imports: ["./tailwind-4.tsx"],
      recipe: { name: "tailwind-4", files: { ...recipe?.files, "tailwind-4.css": sheet } },
      draw: "<Own Feature={Feature} />",
    });
    const button = page.locator("#own [data-ares-part=unlock]");
    return button.evaluate((button) =>
      Number.parseFloat(getComputedStyle(button).borderTopLeftRadius),
    );
  };

  it("lets an app's utility classes win over the kit, and without the line they lose", async () => {
    const sheet = recipe?.files["tailwind-4.css"] ?? "";
    expect(sheet).toContain(line);
    expect(await roundOf(sheet)).toBeGreaterThan(100);
    expect(await roundOf(sheet.replace(line, ""))).toBeLessThan(100);
  });
});

describe("an app's own looks", () => {
  it("keep the margin of their utility class, and the sheet keeps the rest", async () => {
    const page = await open(
      ["ares-react/styles.css", "./reset.css"],
      ".mt-4 { margin-top: 16px; }",
    );
    expect(
      await page
        .locator("#locked [data-ares-part=gate]")
        .evaluate((gate) => getComputedStyle(gate).marginTop),
    ).toBe("16px");
    await isAsItShouldBe(page);
  });

  it("are all there is under data-ares-unstyled", async () => {
    const page = await open(
      ["./reset.css", "ares-react/styles.css"],
      "button { background: rgb(1, 2, 3); padding: 0; }",
    );
    await page
      .locator("#locked")
      .evaluate((section) => section.setAttribute("data-ares-unstyled", ""));
    const looks = (place: string) =>
      page.locator(`${place} [data-ares-part=unlock]`).evaluate((button) => {
        const { backgroundColor, paddingTop } = getComputedStyle(button);
        return { backgroundColor, paddingTop };
      });
    expect(await looks("#locked")).toEqual({ backgroundColor: "rgb(1, 2, 3)", paddingTop: "0px" });
    expect(await looks("#asks")).not.toEqual(await looks("#locked"));
  });

  it("may lay out the children of a button: the price keeps its distance", async () => {
    const page = await open(
      ["ares-react/styles.css", "./reset.css"],
      "button[type][data-ares-part][aria-disabled] { display: inline-flex; }",
    );
    const button = page.locator("#locked [data-ares-part=unlock]");
    // In a row of flex items, inline-flex is flex.
    expect(await button.evaluate((button) => getComputedStyle(button).display)).toBe("flex");
    expect(
      await button.evaluate((button) =>
        button instanceof HTMLElement ? button.innerText.replaceAll(/\s+/g, " ") : "",
      ),
    ).toBe("Unlock the locked report · 3 credits");
  });
});

describe("an accent of an app's own", () => {
  it("alone makes legible buttons, whatever its colour", async () => {
    const page = await open(
      ["ares-react/styles.css", "./reset.css"],
      ":root { --ares-accent: var(--own); }",
    );
    const button = page.locator("#locked [data-ares-part=unlock]");
    const grounds = new Set();
    for (const accent of [
      "#4f46e5",
      "#ffd400",
      "#e11d48",
      "#767676",
      "#777777",
      "#16a34a",
      "#000",
      "#fff",
    ]) {
      await page.mouse.move(0, 0);
      await page.evaluate(
        (own) => document.documentElement.style.setProperty("--own", own),
        accent,
      );
      expect(await illegible(page), accent).toEqual([]);
      grounds.add(await button.evaluate((button) => getComputedStyle(button).backgroundColor));
      await button.hover();
      expect(await illegible(page), accent).toEqual([]);
    }
    expect(grounds.size).toBe(8);
  });
});
