import "@fontsource-variable/ibm-plex-sans/standard.css";
import "@fontsource/ibm-plex-sans-arabic/400.css";
import "@fontsource/ibm-plex-sans-arabic/600.css";
import "@fontsource/ibm-plex-mono/400.css";
import "@fontsource/ibm-plex-serif/400.css";
import "@fontsource/ibm-plex-serif/500.css";
import "@fontsource/sawarabi-gothic/400.css";
import "../src/styles.css";
import "./page.css";
import type { Preview } from "@storybook/react-vite";
import { configure } from "storybook/test";
import { networkReady } from "../stories/world/worker";
import { PATIENCE_MS } from "../test/setup/patience";
import { checkInOtherViews } from "./checkInOtherViews";
import { dressPage } from "./frameworks/dressPage";
import { inWorld } from "./inWorld";
import { pasteable } from "./pasteable";
import { ThemedDocs } from "./ThemedDocs";
import { toolbar } from "./toolbar";

// A closed Storybook leaves keys behind. Their worlds no longer exist.
for (const key of Object.keys(localStorage))
  if (key.startsWith("ares:")) localStorage.removeItem(key);

configure({ asyncUtilTimeout: PATIENCE_MS });

export default {
  ...toolbar,
  tags: ["autodocs"],
  decorators: [inWorld],
  loaders: [() => networkReady, ({ globals }) => dressPage(globals.framework)],
  afterEach: checkInOtherViews,
  parameters: {
    a11y: { test: "error", config: { rules: [{ id: "target-size", enabled: true }] } },
    layout: "padded",
    controls: { expanded: true, sort: "requiredFirst" },
    // A docs page shows the end of a played story.
    docs: {
      story: { autoplay: true },
      codePanel: true,
      source: { type: "dynamic", transform: pasteable },
      container: ThemedDocs,
    },
    options: {
      storySort: {
        method: "alphabetical",
        order: [
          "Introduction",
          "Overview",
          "Foundations",
          "Components",
          [
            "AresGate",
            ["Docs", "Default", "Playground", "States", "Between states", "Features", "Examples"],
            "*",
          ],
          "*",
        ],
      },
    },
  },
} satisfies Preview;
