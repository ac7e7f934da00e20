import axe from "axe-core";
import { lookAs, type View } from "../stories/world/view";

/** How every story is checked besides the way it is shown, which the a11y addon checks. */
const views: { name: string; view: Partial<View>; forcedColors?: boolean }[] = [
  { name: "dark", view: { theme: "dark" } },
  { name: "right to left", view: { locale: "ar" } },
  { name: "forced colours", view: {}, forcedColors: true },
];

/** Runs axe over a story in dark, right to left and forced colours. Only in tests: a designer looks at one view at a time. */
export async function checkInOtherViews({ parameters, canvasElement }: { parameters: { a11y?: unknown }; canvasElement: HTMLElement }) {
  if (!import.meta.env.VITEST) return;
  const faults: string[] = [];
  for (const { name, view, forcedColors = false } of views) {
    lookAs(view);
    if (forcedColors) await forceColors(true);
    await settled();
    const { violations } = await axe.run(canvasElement, axeOptions(parameters.a11y));
    for (const { id, help, nodes } of violations)
      faults.push(`${name}: ${id}: ${help}\n${nodes.map(({ html }) => `  ${html}`).join("\n")}`);
    if (forcedColors) await forceColors(false);
  }
  lookAs({});
  if (faults.length > 0) throw new Error(`axe found faults that only another view shows.\n${faults.join("\n")}`);
}

/** Page-wide rules are the app's to keep. */
function axeOptions(_parameters: unknown): axe.RunOptions {
  return { resultTypes: ["violations"], rules: { region: { enabled: false } } };
}

/** Colours fade from one theme to the other; half-way there is no contrast to measure. */
async function settled(): Promise<void> {
  await new Promise(requestAnimationFrame);
  await Promise.all(
    document
      .getAnimations()
      .filter(ends)
      .map(({ finished }) => finished.catch(() => {})),
  );
}

function ends(animation: Animation): boolean {
  return animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
}

async function forceColors(active: boolean): Promise<void> {
  const { cdp } = await import("vitest/browser");
  await cdp().send("Emulation.setEmulatedMedia", { features: active ? [{ name: "forced-colors", value: "active" }] : [] });
}
