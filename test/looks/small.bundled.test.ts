import { englishMessages } from "ares-react";
import { arabicMessages } from "ares-react/messages/ar";
import { germanMessages } from "ares-react/messages/de";
import { spanishMessages } from "ares-react/messages/es";
import { frenchMessages } from "ares-react/messages/fr";
import { japaneseMessages } from "ares-react/messages/ja";
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { faultsOf, opener } from "./open";

const open = opener();
const LINE = 29;
const MEASURE = 280;

interface Measured {
  name: string;
  /** Undefined where nothing is shown. */
  height: number;
  width: number;
  /** What runs over the component's box, or has more than one line. */
  faults: string[];
}

const small = (draw: string, width = 900, settings = {}) =>
  open(
    { imports: ["ares-react/styles.css"], draw },
    { viewport: { width, height: 1200 }, ...settings },
  );

/** The gates that are not in their state yet. */
const unsettled = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("section[data-expected]")].flatMap((section) => {
      const gates = section.querySelectorAll<HTMLElement>(
        ":is([data-ares-part=gate], [data-case])[data-status]",
      );
      const states = [...gates].map(({ dataset }) => dataset.status);
      const isThere = states.every((state) => state === section.dataset.expected);
      return isThere && states.length === 2 ? [] : [`${section.id}: ${states}`];
    }),
  );

const settled = (page: Page) => expect.poll(() => unsettled(page)).toEqual([]);

/** The size of every small component, in each of its places. */
const measured = (page: Page): Promise<Measured[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        "[data-place=toolbar], [data-place=table] td:last-child",
      ),
    ].flatMap((place) => {
      const isSeen = (part: Element) => {
        const { width, height } = part.getBoundingClientRect();
        const { position, visibility } = getComputedStyle(part);
        return (
          width > 1 &&
          height > 1 &&
          visibility !== "hidden" &&
          !(position === "absolute" && width <= 1)
        );
      };
      const section = place.closest("section");
      const where = `${section?.id} ${place.closest<HTMLElement>("[data-place]")?.dataset.place}`;
      const roots = [...place.querySelectorAll("[data-size=small]")].filter(
        (root) => isSeen(root) && !root.parentElement?.closest("[data-size=small]"),
      );
      return roots.map((root) => {
        const { width, height, left, right, top, bottom } = root.getBoundingClientRect();
        const faults = [...root.querySelectorAll("*")].filter(isSeen).flatMap((part) => {
          const box = part.getBoundingClientRect();
          // What is cut is not seen, and what is only heard takes no room.
          const isClipped = part.parentElement?.closest(
            "[data-ares-part=offer], [data-ares-part=more], [data-ares-part=status], [data-ares-part=alert]",
          );
          const isOut =
            box.left < left - 1 ||
            box.right > right + 1 ||
            box.top < top - 1 ||
            box.bottom > bottom + 1;
          return isOut && !isClipped
            ? [`${part.tagName} ${part.getAttribute("data-ares-part")}`]
            : [];
        });
        const name = `${where} ${root.getAttribute("data-ares-part")}`;
        return { name, height, width, faults };
      });
    }),
  );

/** The components that break the contract of `size="small"`. */
const broken = (all: Measured[]) =>
  all.filter(
    ({ height, width, faults }) =>
      Math.abs(height - LINE) > 1 || width > MEASURE || faults.length > 0,
  );

const messages = {
  en: englishMessages,
  de: germanMessages,
  fr: frenchMessages,
  es: spanishMessages,
  ja: japaneseMessages,
  ar: arabicMessages,
};
const languages = ["en", "de", "fr", "es", "ja", "ar"] as const;

/** The words of a part that do not fit their button. */
const isCut = (more: Locator) =>
  more.evaluate((button) =>
    [button, ...button.children].some((part) => part.scrollWidth > part.clientWidth),
  );

/** Actions without a price whose words do not fit. */
const cutActions = (page: Page) =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        ":is([data-size=small] > *, [data-size=small]):is(button, a):not([data-ares-part=more])",
      ),
    ].flatMap((button) => {
      const isCut = button.scrollWidth > button.clientWidth + 1;
      const hasPrice = button.querySelector("[data-ares-part=price]");
      return isCut && !hasPrice ? [`${button.closest("section")?.id}: ${button.textContent}`] : [];
    }),
  );

/** Verbs whose first word is cut. A verb that finds no room beside its price is out of sight. */
const cutVerbs = (page: Page) =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll("[data-size=small] [data-ares-part=offer] > :first-child"),
    ].flatMap((verb) => {
      const text = verb.firstChild;
      if (!(text instanceof Text)) return [];
      const firstWord = document.createRange();
      firstWord.setStart(text, 0);
      firstWord.setEnd(text, text.data.split(" ")[0]?.length ?? 0);
      const lines = new Set([...firstWord.getClientRects()].map(({ top }) => top));
      return lines.size > 1 ? [`${verb.closest("section")?.id}: ${text.data}`] : [];
    }),
  );

/** Where a price is not wholly on its button. */
const cutPrices = (page: Page) =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        "[data-size=small] [data-ares-part=offer] > [data-ares-part=price]",
      ),
    ].flatMap((price) => {
      const button = price.closest("button")?.getBoundingClientRect();
      const box = price.getBoundingClientRect();
      const isWhole = button && box.left >= button.left && box.right <= button.right;
      return isWhole ? [] : [price.closest("section")?.id];
    }),
  );

describe('size="small"', () => {
  it.each(languages)(
    "is one line of 29 px, at most 280 px wide, with price and money in sight and no verb cut short in every state, in %s",
    async (language) => {
      const page = await small(`<Small language="${language}" />`);
      await settled(page);
      const all = await measured(page);
      expect(broken(all)).toEqual([]);
      expect(all.length).toBeGreaterThan(70);
      expect(await cutPrices(page)).toEqual([]);
      expect([...(await cutActions(page)), ...(await cutVerbs(page))]).toEqual([]);
      // Two gates without enough credits are told apart by their features.
      const short = page.locator("#insufficient [data-ares-part=more]").first();
      expect(await short.innerText()).toBe("Quarterly report of all invoices");

      const { uncharged_brief, risk_brief } = messages[language];
      const money = {
        not_charged: uncharged_brief,
        unavailable: uncharged_brief,
        unknown: risk_brief,
      };
      for (const [state, words] of Object.entries(money)) {
        const more = page.locator(`#${state} [data-ares-part=more]`).first();
        const seen = { words: await more.innerText(), isCut: await isCut(more) };
        expect({ state, ...seen }).toEqual({ state, words, isCut: false });
      }
    },
  );

  it.each(['<Small language="de" />', "<Small own />"])(
    "is so at 375 px, where nothing runs out of the page: %s",
    async (draw) => {
      const page = await small(draw, 375);
      await settled(page);
      expect(broken(await measured(page))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    },
  );
});

/** Whether a button's popover is open, and wholly in sight. */
const placeOf = (button: Locator) =>
  button.evaluate((button) => {
    const { width, left, right, top, bottom } =
      button.nextElementSibling?.getBoundingClientRect() ?? new DOMRect();
    const isInWindow = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    return { isOpen: width > 0, isInWindow };
  });

/** Whether screen readers hear that a button's popover is open. */
async function isExpanded(button: Locator): Promise<unknown> {
  const session = await button.page().context().newCDPSession(button.page());
  await button.evaluate((button) => Object.assign(window, { asked: button }));
  const { result } = await session.send("Runtime.evaluate", { expression: "window.asked" });
  const { nodes } = await session.send("Accessibility.getPartialAXTree", {
    objectId: result.objectId ?? "",
    fetchRelatives: false,
  });
  return nodes[0]?.properties?.find(({ name }) => name === "expanded")?.value.value;
}

describe("the popover of a small component", () => {
  const popover = (page: Page, id: string) =>
    page.locator(`#${id} [data-ares-part=popover]`).first();

  it("opens by keyboard with all words and actions, and Escape gives the focus back", async () => {
    const page = await small("<Small />");
    await settled(page);
    const box = popover(page, "unknown");
    expect(await box.isVisible()).toBe(false);
    const more = page
      .locator("#unknown")
      .getByRole("button", { name: "May have been charged" })
      .first();
    await more.focus();
    await page.keyboard.press("Enter");
    await box.waitFor();
    expect(await box.innerText()).toContain(
      "You may have been charged, but this payment won't be sent again.",
    );
    await page.keyboard.press("Escape");
    await box.waitFor({ state: "hidden" });
    expect(await more.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it("tells whether it is open, and its actions are the next stop of the Tab key", async () => {
    const page = await small("<Small />");
    await settled(page);
    const more = page.locator("#insufficient [data-ares-part=more]").first();
    expect(await isExpanded(more)).toBe(false);
    await more.press("Space");
    await popover(page, "insufficient").waitFor();
    expect(await isExpanded(more)).toBe(true);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("I've topped up");
  });

  it.each([375, 900])("lies in the window at %d px, for every component", async (width) => {
    const page = await small('<Small language="ar" />', width);
    await settled(page);
    // A gate that waits long gets words meanwhile, so each is found by its name. The page shows the balance, so gates do not.
    const ids = await page
      .locator("section:has([data-place=table] [data-ares-part=more]:not([data-balance]))")
      .evaluateAll((sections) => sections.map(({ id }) => id));
    expect(ids).toContain("unknown");
    for (const id of ids) {
      const more = page.locator(`#${id} [data-place=table] [data-ares-part=more]`).last();
      await more.press("Enter");
      await expect.poll(() => placeOf(more)).toEqual({ isOpen: true, isInWindow: true });
      await page.keyboard.press("Escape");
      await expect.poll(() => placeOf(more)).toMatchObject({ isOpen: false });
    }
  });

  it.each(["light", "dark"] as const)(
    "has no fault for axe, closed and open, in %s",
    async (colorScheme) => {
      const page = await open(
        {
          imports: ["ares-react/styles.css", "./reset.css"],
          reset: ":root { color-scheme: light dark; background: Canvas; color: CanvasText }",
          draw: "<Small />",
        },
        { colorScheme },
      );
      await settled(page);
      expect(await faultsOf(page)).toEqual([]);
      for (const id of ["unknown", "insufficient", "low", "evidence"]) {
        const more = page.locator(`#${id} [data-ares-part=more]`).first();
        await more.press("Enter");
        await expect.poll(() => placeOf(more)).toMatchObject({ isOpen: true });
        expect(await faultsOf(page)).toEqual([]);
        await page.keyboard.press("Escape");
        await expect.poll(() => placeOf(more)).toMatchObject({ isOpen: false });
      }
    },
  );
});
