import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { AcceptedPlugin } from "postcss";

const docs = path.resolve(import.meta.dirname, "..", "..", "docs", "looks");
const packages = path.join(import.meta.dirname, "packages");
const load = createRequire(path.join(packages, "package.json"));

/** A recipe of `docs/looks`: the files that its page shows, as an app has them. */
export interface Recipe {
  name: string;
  files: Readonly<Record<string, string>>;
}

/** Reads a recipe out of its page. The run code is the page's own, so page and test can't differ. */
export function recipeOf(name: string, page: string): Recipe {
  const blocks = [
    ...page.matchAll(/^```(?:css|tsx)\n(?:\/\*|\/\/) app\/(\S+)(?: \*\/)?\n([\s\S]*?)^```/gm),
  ];
  return {
    name,
    files: Object.fromEntries(blocks.map(([, file = "", code = ""]) => [file, code])),
  };
}

export const recipes: readonly Recipe[] = readdirSync(docs).map((file) =>
  recipeOf(path.basename(file, ".md"), readFileSync(path.join(docs, file), "utf8")),
);

/** What an app's own build has beside the kit: Tailwind's plugin, where the recipe's sheet needs one. */
export function pluginsOf({ files }: Recipe, app: string): AcceptedPlugin[] {
  const sheet = Object.entries(files).find(([file]) => file.endsWith(".css"))?.[1] ?? "";
  if (sheet.includes("@tailwind base")) {
    const tailwind3: (config: object) => AcceptedPlugin = load("tailwind3");
    return [tailwind3({ content: [`${app}/*.tsx`] })];
  }
  if (!sheet.includes('@import "tailwindcss"')) return [];
  const tailwind4: { default?: (options: object) => AcceptedPlugin } & ((
    options: object,
  ) => AcceptedPlugin) = load("@tailwindcss/postcss");
  return [(tailwind4.default ?? tailwind4)({ base: app })];
}
