import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { illegible, opener } from "./open";

const open = opener();
const variants = { imports: ["ares-react/styles.css"], draw: "<Variants />" };
const css = (place: Locator, property: string) =>
  place.evaluate(
    (element, property) => getComputedStyle(element).getPropertyValue(property),
    property,
  );
const widthOf = (place: Locator) =>
  place.evaluate((element) => element.getBoundingClientRect().width);

describe("a gate's variants and sizes", () => {
  it.each(["light", "dark"] as const)(
    "are legible in %s, and only a card has a ground",
    async (colorScheme) => {
      const page = await open(
        {
          ...variants,
          reset: ":root { color-scheme: light dark; background: Canvas }",
          imports: [...variants.imports, "./reset.css"],
        },
        { colorScheme },
      );
      expect(await illegible(page)).toEqual([]);
      const bare = (id: string) =>
        css(page.locator(`#${id} > [data-ares-part=gate]`), "border-top-style");
      expect([await bare("card"), await bare("plain"), await bare("overlay")]).toEqual([
        "solid",
        "none",
        "none",
      ]);
      const height = (id: string) =>
        page.locator(`#${id}`).evaluate((section) => section.getBoundingClientRect().height);
      expect(await height("card-small")).toBeLessThan(await height("card"));
      expect(await height("plain")).toBeLessThan(await height("card"));
    },
  );

  it("keep an overlay's preview in its place in trouble, and hold words and actions in the box of a notice below it", async () => {
    const page = await open(variants);
    const text = (id: string) =>
      page
        .locator(`#${id} [data-ares-part=preview] p`)
        .evaluate((text) => [text.getBoundingClientRect().x, text.getBoundingClientRect().width]);
    const gate = page.locator("#overlay-dear > [data-ares-part=gate][data-status=insufficient]");
    expect(await text("overlay-dear")).toEqual(await text("overlay"));
    const inside = await gate.evaluate((box) => {
      const { bottom, left, right } = box.getBoundingClientRect();
      const notice = getComputedStyle(box, "::before");
      const top = bottom - Number.parseFloat(notice.blockSize);
      const isTinted = !/transparent|, 0\)/.test(notice.backgroundColor);
      const preview = box.querySelector("[data-ares-part=preview] p:last-of-type");
      const parts = [
        ...box.querySelectorAll("[data-ares-part=alert]:not(:empty), a[target], button"),
      ];
      return (
        isTinted &&
        getComputedStyle(box).backgroundImage === "none" &&
        (preview?.getBoundingClientRect().top ?? top) < top &&
        parts.length > 2 &&
        parts.every((part) => {
          const own = part.getBoundingClientRect();
          return own.top > top && own.bottom < bottom && own.left > left && own.right < right;
        })
      );
    });
    expect(inside).toBe(true);
  });

  it("name a card's feature in trouble too, at the edge where the card named it before", async () => {
    const page = await open(variants);
    const gate = page.locator("#card-dear > [data-ares-part=gate][data-status=insufficient]");
    const title = gate.locator("> [data-ares-part=title]");
    expect(await title.innerText()).toBe("the atlas");
    const edge = (id: string) =>
      page
        .locator(`#${id} > [data-ares-part=gate] > [data-ares-part=title]`)
        .evaluate((title) => title.getBoundingClientRect().x);
    expect(await edge("card-dear")).toBe(await edge("card"));
    expect(await gate.locator("p:not(:empty)").allInnerTexts()).toEqual([
      "the atlas",
      expect.stringContaining("Not enough credits"),
    ]);
  });

  it("have a ring and a coin that are seen on a dark page whose accent was chosen for a light one", async () => {
    const settings = {
      ...variants,
      reset: ":root { color-scheme: light dark; background: Canvas; --ares-accent: #1e3a8a }",
      imports: [...variants.imports, "./reset.css"],
    };
    const page = await open(settings, { colorScheme: "dark" });
    const ring = page.locator("#plain [data-ares-part=unlock]");
    await ring.focus();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    const contrast = await ring.evaluate((button) => {
      const dot = document.createElement("canvas").getContext("2d");
      if (!dot) throw new Error("no canvas");
      const luminance = (colour: string) => {
        dot.fillStyle = colour;
        dot.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = [...dot.getImageData(0, 0, 1, 1).data].map(
          (value) => ((value / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const { outlineColor } = getComputedStyle(button);
      const { backgroundColor } = getComputedStyle(document.documentElement);
      return (luminance(outlineColor) + 0.05) / (luminance(backgroundColor) + 0.05);
    });
    expect(contrast).toBeGreaterThanOrEqual(3);
  });

  it.each(["light", "dark"] as const)(
    "have white words on Bootstrap's blue, as Bootstrap's own buttons have, in %s",
    async (colorScheme) => {
      const reset = ":root { --bs-primary: #0d6efd; color-scheme: light dark }";
      const settings = { ...variants, reset, imports: [...variants.imports, "./reset.css"] };
      const page = await open(settings, { colorScheme });
      const button = page.locator("#plain [data-ares-part=unlock]");
      const white = await button.evaluate((button) => {
        const dot = document.createElement("canvas").getContext("2d");
        if (!dot) throw new Error("no canvas");
        dot.fillStyle = getComputedStyle(button).color;
        dot.fillRect(0, 0, 1, 1);
        return [...dot.getImageData(0, 0, 1, 1).data];
      });
      expect(white).toEqual([255, 255, 255, 255]);
    },
  );

  it("show a preview behind an overlay that no key reaches, faded and out of the words' way", async () => {
    const page = await open(variants);
    const preview = page.locator("#overlay [data-ares-part=preview]");
    expect(await css(preview, "mask-image")).toContain("gradient");
    await page.locator("#plain [data-ares-part=unlock]").focus();
    for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("section")?.id)).toBe(
      "overlay-small",
    );
    // The words begin where nothing is left to see of the preview.
    const words = page.locator("#overlay [data-ares-part=status]").first();
    const faded = await preview.evaluate((element) => {
      const control = Number.parseFloat(getComputedStyle(element).marginBlockEnd) / -1.25;
      return element.getBoundingClientRect().bottom - 1.5 * control;
    });
    const top = await words.evaluate((element) => element.getBoundingClientRect().top);
    expect(top).toBeGreaterThanOrEqual(faded);
  });

  it("draw no second card in a card", async () => {
    const page = await open(variants);
    const card = page.locator("#nested [data-ares-part=insufficient]");
    expect([await css(card, "border-top-style"), await css(card, "padding-top")]).toEqual([
      "none",
      "0px",
    ]);
    expect(await css(page.locator("#nested > [data-ares-part=gate]"), "border-top-style")).toBe(
      "solid",
    );
  });

  it("fit 320 px, and text of twice the size", async () => {
    for (const [width, text] of [
      [320, "100%"],
      [640, "200%"],
    ] as const) {
      const page = await open(
        {
          ...variants,
          imports: [...variants.imports, "./reset.css"],
          reset: `:root { font-size: ${text} }`,
        },
        { viewport: { width, height: 800 } },
      );
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  });
});

describe("what stands in and around a gate", () => {
  const columns = { ...variants, draw: "<Columns />" };

  it("keeps the page's size in a small gate's paid children", async () => {
    const page = await open(columns);
    await page.locator("#inside[data-status=ready]").waitFor();
    const looks = (id: string) =>
      page
        .locator(id)
        .evaluate((chip) => [
          chip.getBoundingClientRect().height,
          getComputedStyle(chip).getPropertyValue("--ares-text"),
        ]);
    expect(await looks("#inside")).toEqual(await looks("#outside"));
  });

  it("shows the whole amount of a small gate in a column that has no room for it", async () => {
    const page = await open({ ...variants, draw: "<Variants />" });
    const unlock = page.locator("[data-size=small] > [data-ares-part=unlock]").first();
    await unlock.waitFor();
    const cut = await unlock.evaluate((button) => {
      const column = button.parentElement?.parentElement;
      column?.setAttribute("style", "display: block; inline-size: 60px");
      const offer = button.querySelector("[data-ares-part=offer]")?.getBoundingClientRect();
      const amount = button.querySelector("bdi")?.getBoundingClientRect();
      return Math.max(0, (amount?.right ?? 0) - (offer?.right ?? Number.NaN));
    });
    expect(cut).toBe(0);
  });

  it("is a balance of one height, with its refresh and without", async () => {
    const page = await open(columns);
    await page.locator("#refreshed[data-status=ready] > button").waitFor();
    const height = (id: string) =>
      page.locator(id).evaluate((chip) => chip.getBoundingClientRect().height);
    expect(await height("#refreshed")).toBe(await height("#outside"));
    expect(await height("#compact-refreshed")).toBe(await height("#compact"));
  });

  it.each([
    [320, "100%"],
    [640, "200%"],
    [320, "200%"],
  ])("fits one and two columns of a grid at %d px, with text of %s", async (width, text) => {
    const page = await open(
      {
        ...columns,
        imports: [...variants.imports, "./reset.css"],
        reset: `:root { font-size: ${text}; overflow-wrap: anywhere }`,
      },
      { viewport: { width, height: 800 } },
    );
    const grid = page.locator("#columns");
    for (const unlock of (await grid.locator("[data-ares-part=unlock]").all()).slice(1).reverse())
      await unlock.click();
    for (const status of ["locked", "insufficient", "not_charged", "unknown"])
      await grid.locator(`[data-status=${status}]`).first().waitFor();
    for (const template of ["1fr", "1fr 1fr"]) {
      const over = await grid.evaluate((grid, template) => {
        grid.setAttribute("style", `display: grid; grid-template-columns: ${template}; gap: 1rem`);
        const { left, right } = grid.getBoundingClientRect();
        const parts = [...grid.children].flatMap((part) => {
          const box = part.getBoundingClientRect();
          return box.right > right + 1 || box.left < left - 1
            ? [part.getAttribute("data-ares-part")]
            : [];
        });
        return { parts, page: Math.max(0, document.documentElement.scrollWidth - innerWidth) };
      }, template);
      expect({ template, ...over }).toEqual({ template, parts: [], page: 0 });
    }
  });
});

describe("the coin", () => {
  it("stands on every button of a gate that spends, and on no other", async () => {
    const page = await open({ ...variants, draw: "<Page />" });
    await page.locator("#fails [data-ares-part=unlock]").click();
    await page.locator("#asks [data-ares-part=unlock]").click();
    await page.locator("#fails [data-ares-part=retry]").waitFor();
    await page.locator("#asks [data-ares-part=confirm]").waitFor();
    const coins = await page.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLElement>(
          "section > [data-ares-part=gate] button, #notices button",
        ),
      ].map((button) => ({
        part: button.dataset.aresPart,
        spends: /\d credit/.test(button.innerText),
        coin: [button, ...button.querySelectorAll("*")].some((element) =>
          getComputedStyle(element, "::before").maskImage.includes("url"),
        ),
      })),
    );
    expect(coins.filter(({ coin, spends }) => coin !== spends)).toEqual([]);
    expect(coins.map(({ part }) => part)).toEqual(
      expect.arrayContaining(["unlock", "confirm", "cancel", "retry", "check"]),
    );
  });
});

describe("the ring of the focus", () => {
  it("stands around the notice whose words have the focus, off its edge", async () => {
    const page = await open({ ...variants, draw: "<Page />" });
    await page.locator("#fails [data-ares-part=unlock]").focus();
    await page.keyboard.press("Enter");
    const words = page.locator("#fails [data-ares-part=alert]:focus-visible");
    await words.waitFor();
    expect(await css(words, "outline-style")).toBe("none");
    const notice = page.locator("#fails > [data-ares-part=gate]");
    expect(await css(notice, "outline-style")).toBe("solid");
    expect(Number.parseFloat(await css(notice, "outline-offset"))).toBeGreaterThanOrEqual(2);
  });
});

describe("the tick of what was paid", () => {
  it("keeps off the ring of the words that have the focus", async () => {
    const page = await open({ ...variants, draw: "<Presses />" });
    await page.locator("#plain [data-ares-part=unlock]").focus();
    await page.keyboard.press("Enter");
    const words = page.locator("#plain [data-paid=true]:not(:empty)");
    await words.focus();
    const room = await words.evaluate((words) => {
      const { outlineStyle, outlineOffset } = getComputedStyle(words);
      const tick = Number.parseFloat(getComputedStyle(words, "::before").insetInlineStart);
      return outlineStyle === "solid" ? tick + Number.parseFloat(outlineOffset) : undefined;
    });
    expect(room).toBeGreaterThanOrEqual(3);
  });
});

describe("a press", () => {
  it.each(["plain", "card", "overlay"])(
    "on a gate that is %s moves nothing below it",
    async (id) => {
      const page = await open({ ...variants, draw: "<Presses />" });
      const hold = (kind: string) =>
        page.evaluate((kind) => sessionStorage.setItem("hold", kind), kind);
      const gate = page.locator(`#${id} > [data-ares-part=gate]`);
      const shows = (status: string) => page.locator(`#${id} > [data-status=${status}]`).waitFor();
      const below = page.locator(`#${id} > [data-below]`);
      const seen: Record<string, number | undefined> = {};
      const measure = async (status: string) => {
        await shows(status);
        seen[status] = (await below.boundingBox())?.y;
      };

      await hold("reads");
      await page.reload();
      await measure("loading");
      const skeleton = await gate.evaluate((gate) =>
        Number.parseFloat(getComputedStyle(gate, "::after").inlineSize),
      );
      await hold("nothing");
      await measure("locked");
      // The shape of a button, before its price is known.
      const button = await widthOf(gate.locator("[data-ares-part=unlock]"));
      expect(Math.abs(skeleton - button)).toBeLessThanOrEqual(16);
      await page.evaluate(() => {
        const shifts: number[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push(Number(Reflect.get(entry, "value")));
        }).observe({ type: "layout-shift" });
      });
      await hold("charges");
      await gate.locator("[data-ares-part=unlock]").click();
      await measure("charging");
      // The button says it to the eye.
      const heard = gate.locator("> [data-ares-part=status] > [data-ares-part=heard]").first();
      expect(await widthOf(heard)).toBeLessThanOrEqual(1);
      await hold("nothing");
      await measure("unlocked");
      await page.evaluate(
        () => new Promise((frame) => requestAnimationFrame(() => setTimeout(frame))),
      );

      const { unlocked, ...places } = seen;
      expect(new Set(Object.values(places)).size).toBe(1);
      // A card goes with its press: the paid feature stands free.
      if (id === "card") return;
      expect(unlocked).toBe(places.locked);
      expect(await page.evaluate(() => Reflect.get(window, "shifts"))).toEqual([]);
    },
  );
});

describe("a page without motion", () => {
  it("shows a ring that stands still while ARES is asked", async () => {
    const page = await open({ ...variants, draw: "<Presses />" }, { reducedMotion: "reduce" });
    await page.evaluate(() => sessionStorage.setItem("hold", "charges"));
    await page.locator("#plain [data-ares-part=unlock]").click();
    const busy = page.locator("#plain [data-ares-part=busy]");
    await busy.waitFor();
    const ring = await busy.evaluate((busy) => {
      const { animationName, borderTopStyle } = getComputedStyle(busy, "::before");
      return { animationName, borderTopStyle };
    });
    expect(ring).toEqual({ animationName: "none", borderTopStyle: "dotted" });
  });
});

describe("a press that waits long", () => {
  it.each(["plain", "card", "overlay", "own"])(
    "on a gate that is %s says so below its button, over what stands there, and moves nothing, on a phone",
    async (id) => {
      const phone = { viewport: { width: 375, height: 800 } };
      const page = await open({ ...variants, draw: "<Presses />" }, phone);
      await page.evaluate(() => sessionStorage.setItem("hold", "charges"));
      await page.clock.install();
      await page.reload();
      const below = page.locator(`#${id} > [data-below]`);
      await page.locator(`#${id} [data-ares-part=unlock]`).click();
      await page.locator(`#${id} > [data-status=charging]`).waitFor();
      const before = await below.boundingBox();

      await page.clock.fastForward(9000);
      const part =
        id === "own" ? "status] > [data-ares-part=detail" : "unlock] [data-ares-part=hint";
      const words = page.locator(`#${id} [data-ares-part=${part}]`);
      await words.getByText("You won't be charged twice.").waitFor();

      expect(await below.boundingBox()).toEqual(before);
      const seen = await words.evaluate((words) => {
        const { left, right, top, height } = words.getBoundingClientRect();
        const isWhole = left >= 0 && right <= innerWidth && height > 20;
        const hit = document.elementFromPoint((left + right) / 2, top + height / 2);
        return { isWhole, isOnTop: hit === words };
      });
      expect(seen).toEqual({ isWhole: true, isOnTop: true });
      // Screen readers have all words in the gate's live region.
      const region = page.locator(`#${id} [data-ares-part=status]`, { hasText: "Confirming" });
      expect(await region.textContent()).toContain("You won't be charged twice.");
      expect(await widthOf(region.locator("> [data-ares-part=heard]"))).toBeLessThanOrEqual(1);
      expect(await page.locator(`#${id} [data-ares-part=hint]`).count()).toBe(id === "own" ? 0 : 1);
      const button = await page.locator(`#${id} [data-ares-part=unlock]`).boundingBox();
      const place = await words.boundingBox();
      expect(place?.y).toBeGreaterThan((button?.y ?? 0) + (button?.height ?? 0));
    },
  );
});

describe("a read that takes long", () => {
  it("is said by the page's balance alone, in plain words, and moves nothing below a gate", async () => {
    const phone = { viewport: { width: 375, height: 800 } };
    const page = await open({ ...variants, draw: "<Presses />" }, phone);
    await page.evaluate(() => sessionStorage.setItem("hold", "reads"));
    await page.clock.install();
    await page.reload();
    const below = page.locator("[data-below]");
    await page.locator("#overlay > [data-status=loading]").waitFor();
    const places = () =>
      below.evaluateAll((each) => each.map((text) => text.getBoundingClientRect().top));
    const header = () => page.locator("header").evaluate(({ clientHeight }) => clientHeight);
    const before = [await header(), ...(await places())];

    await page.clock.fastForward(9000);
    const amount = page.locator("header [data-ares-part=amount]");
    await amount.getByText("You can safely reload the page.").waitFor();
    await page.locator("#overlay [data-ares-part=detail]").waitFor({ state: "attached" });
    // A chip has no room to say twice that the balance is read.
    expect(await widthOf(amount.locator("[data-ares-part=heard]"))).toBeLessThanOrEqual(1);

    const [chip = 0, ...tops] = [await header(), ...(await places())];
    expect(tops.map((top) => top - chip)).toEqual(
      before.slice(1).map((top) => top - (before[0] ?? 0)),
    );
    expect(await amount.evaluate((amount) => getComputedStyle(amount, "::before").content)).toBe(
      "none",
    );
  });
});

describe("a button's label", () => {
  it("changes to a longer or shorter one without a jump", async () => {
    const page = await open(variants);
    await page.locator("#lost [data-ares-part=unlock]").click();
    const check = page.locator("#lost [data-ares-part=check]");
    await check.waitFor();
    await page.locator("#lost").getByRole("button", { name: "Check now" }).waitFor();
    const before = await widthOf(check);
    await page.evaluate(() => Object.assign(document.documentElement.dataset, { lookMs: 2000 }));
    await check.click();
    await page.locator("#lost").getByRole("button", { name: "Checking…" }).waitFor();
    // Fonts round each letter on their own.
    expect(Math.abs((await widthOf(check)) - before)).toBeLessThanOrEqual(1);
  });

  it.each([
    ["en", "· 3 credits", 130],
    ["ar", "· 3 وحدات رصيد", 150],
  ])(
    "keeps its price on one line at any width that has room for it, in %s",
    async (language, text, least) => {
      const page = await open({ ...variants, draw: `<Variants language="${language}" />` });
      const button = page.locator("#plain [data-ares-part=unlock]");
      const price = button.locator("[data-ares-part=price]");
      const heightAt = (width: number) =>
        button.evaluate((button, width) => {
          button.setAttribute("style", `flex: none; inline-size: ${width}px`);
          return button.querySelector("[data-ares-part=price]")?.getBoundingClientRect().height;
        }, width);
      const oneLine = await heightAt(320);
      for (let width = 310; width >= least; width -= 10) {
        expect(await heightAt(width), String(width)).toBe(oneLine);
        expect((await price.textContent())?.replaceAll(/\s/g, " ")).toBe(text);
      }
    },
  );
});
