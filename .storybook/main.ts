import type { StorybookConfig } from "@storybook/react-vite";
import tailwind from "@tailwindcss/vite";
import { strongStyles } from "../scripts/sheets.mjs";

/** Storybook for designers. Every story is a test too: `npm run test:stories`. */
export default {
  framework: "@storybook/react-vite",
  stories: ["../stories/**/*.mdx", "../stories/**/*.stories.tsx"],
  addons: ["@storybook/addon-docs", "@storybook/addon-a11y", "@storybook/addon-vitest"],
  staticDirs: ["./public"],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: { sidebarOnboardingChecklist: false },
  typescript: { reactDocgen: "react-docgen-typescript" },
  viteFinal: (config) => ({
    ...config,
    plugins: [...(config.plugins ?? []), strongStyles(), tailwind()],
    // Stories import the package by its public name, so that a reader can copy their source.
    build: {
      ...config.build,
      rolldownOptions: {
        ...config.build?.rolldownOptions,
        // A story's shown source contains the names of components.
        output: { ...config.build?.rolldownOptions?.output, keepNames: true },
        onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
      },
    },
    resolve: { ...config.resolve, tsconfigPaths: true },
    optimizeDeps: {
      ...config.optimizeDeps,
      // Vite must find these packages early. Otherwise Vite reloads the page in the middle of a test run.
      include: [
        ...(config.optimizeDeps?.include ?? []),
        "zod/mini",
        "msw",
        "msw/browser",
        "@tanstack/react-query",
        "axe-core",
      ],
    },
  }),
} satisfies StorybookConfig;
