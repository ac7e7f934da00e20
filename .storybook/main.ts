import type { StorybookConfig } from "@storybook/react-vite";

/** Storybook of the designers' room. Every story is a test too: `npm run test:stories`. */
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
    // Stories import the package by its public name, as a reader who copies their source does.
    build: {
      ...config.build,
      rolldownOptions: {
        ...config.build?.rolldownOptions,
        // The source that a story shows has the names of components in it.
        output: { ...config.build?.rolldownOptions?.output, keepNames: true },
        onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
      },
    },
    resolve: { ...config.resolve, tsconfigPaths: true },
    optimizeDeps: {
      ...config.optimizeDeps,
      // Found late, these would make Vite reload the page in the middle of a test run.
      include: [...(config.optimizeDeps?.include ?? []), "zod/mini", "msw", "msw/browser", "@tanstack/react-query", "axe-core"],
    },
  }),
} satisfies StorybookConfig;
