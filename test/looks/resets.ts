import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import postcss, { type AcceptedPlugin } from "postcss";

const packages = path.join(import.meta.dirname, "packages");
const load = createRequire(path.join(packages, "package.json"));

/** The classes of the test page that are an app's own. */
const utilities = "mt-4";

/** The styles of an app before it writes a line of its own, by the name of what it uses. */
export const resets: Readonly<Record<string, () => string | Promise<string>>> = {
  plain: () => "",
  "the reset that the web pastes": () => `
    * { margin: 0; padding: 0; box-sizing: border-box; }
    button { font: inherit; background: none; border: 0; color: inherit; }
    a { color: inherit; text-decoration: none; }
    ol, ul { list-style: none; }`,
  "Tailwind 3": async () => {
    const tailwind: (config: object) => AcceptedPlugin = load("tailwind3");
    const plugin = tailwind({ content: [{ raw: utilities }] });
    return (
      await postcss([plugin]).process(
        "@tailwind base; @tailwind components; @tailwind utilities;",
        { from: undefined },
      )
    ).css;
  },
  "Tailwind 4": () => tailwind4(""),
  shadcn: () =>
    tailwind4(`
    :root { --border: oklch(0.92 0 0); --background: oklch(1 0 0); --foreground: oklch(0.15 0 0); }
    @layer base {
      * { border-color: var(--border); outline-color: color-mix(in oklab, var(--foreground) 50%, transparent); }
      body { background-color: var(--background); color: var(--foreground); }
    }`),
  "Bootstrap 5": () => readFileSync(load.resolve("bootstrap/dist/css/bootstrap.css"), "utf8"),
};

async function tailwind4(more: string): Promise<string> {
  const plugin: { default?: () => AcceptedPlugin } & (() => AcceptedPlugin) =
    load("@tailwindcss/postcss");
  const sheet = `@layer theme, base, ares, components, utilities; @import "tailwindcss" source(none); @source inline("${utilities}"); ${more}`;
  return (
    await postcss([(plugin.default ?? plugin)()]).process(sheet, {
      from: path.join(packages, "app.css"),
    })
  ).css;
}
