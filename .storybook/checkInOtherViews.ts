import axe from "axe-core";
import { lookAs, type View } from "../stories/world/view";

/** The views in which each story is checked. The a11y addon's own look may come before the story has read its account. */
const views: { name: string; view: Partial<View>; forcedColors?: boolean }[] = [
  { name: "as shown", view: {} },
  { name: "dark", view: { theme: "dark" } },
  { name: "right to left", view: { locale: "ar" } },
  // Chromium forces its light ones.
  { name: "forced colours", view: { theme: "light" }, forcedColors: true },
];

/** A narrow phone, and the largest text: no part may run out of the page sideways. */
const sizes = [
  { name: "320 px", width: 320, text: "" },
  { name: "200 % text at 640 px", width: 640, text: "200%" },
  { name: "200 % text at 320 px", width: 320, text: "200%" },
];

let checked = 0;

/** How many views of stories have been checked so far. */
export const viewsChecked = (): number => checked;

/**
 * Runs axe over a story as it is shown, in dark, right to left and forced colours. Also checks that the story fits each size. Runs only
 * in tests: a designer sees one view at a time.
 */
export async function checkInOtherViews({ canvasElement }: { canvasElement: HTMLElement }) {
  if (!import.meta.env.VITEST) return;
  const faults: string[] = [];
  await quiet(canvasElement);
  const usual = { width: window.innerWidth, height: window.innerHeight };
  for (const { name, view, forcedColors = false } of views) {
    lookAs(view);
    if (forcedColors) await forceColors(true);
    await settled();
    const { violations } = await axe.run(canvasElement, rules);
    checked += 1;
    for (const { id, help, nodes } of violations)
      faults.push(`${name}: ${id}: ${help}\n${nodes.map(({ html }) => `  ${html}`).join("\n")}`);
    if (forcedColors) await forceColors(false);
  }
  lookAs({});
  for (const { name, width, text } of sizes) {
    const root = document.documentElement;
    await resize(width);
    root.style.fontSize = text;
    await new Promise(requestAnimationFrame);
    if (root.scrollWidth > root.clientWidth) {
      const wide = [...canvasElement.querySelectorAll("*")].filter(
        (part) => part.getBoundingClientRect().right > root.clientWidth + 1,
      );
      faults.push(
        `${name}: ${root.scrollWidth} px wide\n${wide.map((part) => `  ${part.outerHTML.slice(0, 120)}`).join("\n")}`,
      );
    }
    root.style.fontSize = "";
  }
  await resize(usual.width, usual.height);
  if (faults.length > 0)
    throw new Error(`There are faults that only another view shows.\n${faults.join("\n")}`);
}

/** Page-wide rules are the app's own, and a story may show one page twice. */
const rules: axe.RunOptions = {
  resultTypes: ["violations"],
  rules: {
    region: { enabled: false },
    "landmark-unique": { enabled: false },
    "target-size": { enabled: true },
  },
};

/** A story without a `play` may still read its account. Waits until the story has not changed for a moment, at most three seconds. */
function quiet(element: HTMLElement): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      observer.disconnect();
      clearTimeout(timer);
      clearTimeout(limit);
      resolve();
    };
    const limit = setTimeout(end, 3000);
    let timer = setTimeout(end, 120);
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(end, 120);
    });
    observer.observe(element, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });
}

/** Colours fade between themes, and half-way their contrast can't be measured. Ends every running animation first. */
async function settled(): Promise<void> {
  await new Promise(requestAnimationFrame);
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
      animation.finish();
  }
}

async function resize(width: number, height = 900): Promise<void> {
  const { page } = await import("vitest/browser");
  await page.viewport(width, height);
}

async function forceColors(active: boolean): Promise<void> {
  const { cdp } = await import("vitest/browser");
  await cdp().send("Emulation.setEmulatedMedia", {
    features: active ? [{ name: "forced-colors", value: "active" }] : [],
  });
}
