import { readFileSync } from "node:fs";
import { readTokens } from "./tokens.mjs";

/** The light value and the dark value of each colour token. */
export const tokens = readTokens(
  readFileSync(new URL("../../src/styles.css", import.meta.url), "utf8"),
).colours;

/** Text on the accent is the one of black and white that is legible there. */
const onAccent = ["#ffffff", "#000000"];

/** @typedef {"light" | "dark"} Scheme */
/** @typedef {{ name: string, root?: Attributes, island?: Attributes, looks: (preference: Scheme) => Scheme }} Case */
/** @typedef {{ class?: string, style?: string, "data-theme"?: string }} Attributes */

/**
 * The ways in which a page names its color-scheme, and the look of a gate on that page.
 *
 * @type {Case[]}
 */
export const cases = [
  { name: "a plain page", looks: () => "light" },
  {
    name: "a root that follows the system",
    root: { class: "follows" },
    looks: (preference) => preference,
  },
  { name: "dark inline on the root", root: { style: "color-scheme: dark" }, looks: () => "dark" },
  { name: "dark in an earlier layer", root: { class: "layered" }, looks: () => "dark" },
  {
    name: "a dark island on a light page",
    root: { class: "light" },
    island: { style: "color-scheme: dark" },
    looks: () => "dark",
  },
  {
    name: "a light island on a dark page",
    root: { class: "dark" },
    island: { style: "color-scheme: light" },
    looks: () => "light",
  },
  {
    name: "data-theme on an island",
    root: { class: "light" },
    island: { "data-theme": "dark" },
    looks: () => "dark",
  },
];

/**
 * The colours of the page in a look: the Unlock button's, and each token's.
 *
 * @param {Scheme} scheme
 * @returns {Record<string, string>}
 */
export function coloursIn(scheme) {
  const column = scheme === "light" ? 0 : 1;
  const all = Object.fromEntries(
    Object.entries(tokens).map(([token, pair]) => [token, pair[column] ?? ""]),
  );
  return { ground: all["--ares-accent"] ?? "", text: onAccent[column] ?? "", ...all };
}

/**
 * Opens the production page of `App.tsx` in each case, on a light and on a dark system. Reads its colours.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @returns {Promise<{ title: string, seen: Record<string, string>, expected: Record<string, string> }[]>}
 */
export async function readColours(browser, url) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  try {
    const answer = { user: { credits: 698 }, prices: { report: 3 } };
    await context.route(/\/api\/ares/, (route) => route.fulfill({ json: answer }));
    const page = await context.newPage();
    await page.goto(url);
    await page.locator("[data-ares-part=unlock]").waitFor();
    const readings = [];
    for (const preference of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme: preference });
      for (const { name, root = {}, island = {}, looks } of cases) {
        await page.evaluate(putOn, { root, island });
        readings.push({
          title: `${name}, on a ${preference} system`,
          seen: { ...(await unlockColours(page)), ...(await tokenColours(page)) },
          expected: coloursIn(looks(preference)),
        });
      }
    }
    return readings;
  } finally {
    await context.close();
  }
}

/**
 * The colours of the first Unlock button of a page, or of a part of it, as #rrggbb. A translucent colour is #rrggbbaa.
 *
 * @param {import("playwright-core").Page | import("playwright-core").Locator} place
 * @returns {Promise<{ ground: string, text: string }>}
 */
export async function unlockColours(place) {
  const button = place.locator("[data-ares-part=unlock]").first();
  const { ground, text } = await button.evaluate((element) => {
    const { backgroundColor, color } = getComputedStyle(element);
    return { ground: backgroundColor, text: color };
  });
  const [groundHex = "", textHex = ""] = await button.page().evaluate(toHex, [ground, text]);
  return { ground: groundHex, text: textHex };
}

/**
 * The colour that each token paints on the island.
 *
 * @param {import("playwright-core").Page} page
 */
async function tokenColours(page) {
  const names = Object.keys(tokens);
  const computed = await page.evaluate(computeTokens, names);
  const painted = await page.evaluate(toHex, computed);
  return Object.fromEntries(names.map((name, index) => [name, painted[index] ?? ""]));
}

/**
 * Runs in the page: the computed colour of each token on the island.
 *
 * @param {string[]} names
 */
export function computeTokens(names) {
  const probe = document.createElement("i");
  document.querySelector("[data-island]")?.append(probe);
  const colours = names.map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}

/**
 * Runs in the page: gives the root and the island these attributes and no others.
 *
 * @param {{ root: Attributes, island: Attributes }} attributes
 */
export function putOn({ root, island }) {
  for (const [element, wanted] of /** @type {const} */ ([
    [document.documentElement, root],
    [document.querySelector("[data-island]"), island],
  ])) {
    for (const name of ["class", "style", "data-theme"]) element?.removeAttribute(name);
    for (const [name, value] of Object.entries(wanted)) element?.setAttribute(name, value);
  }
}

/**
 * Runs in the page: turns a colour of any notation into the painted colour.
 *
 * @param {string[]} colours
 */
export function toHex(colours) {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  return colours.map((colour) => {
    if (!canvas) return "";
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const bytes = [...canvas.getImageData(0, 0, 1, 1).data];
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `#${hex.replace(/ff$/, "")}`;
  });
}
