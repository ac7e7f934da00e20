import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Names the lines of the quick start that the app lacks, or has in another order. The app may have more lines.
 * Files of other pages count where the app has them.
 *
 * @param {string} quickStart
 * @param {string[]} pages
 * @param {string} app
 */
export function missingLines(quickStart, pages, app) {
  const required = snippetsOf(quickStart);
  if (required.length === 0) return ["the page has no quick start"];
  const others = pages.flatMap(snippetsOf).filter(({ name }) => existsSync(path.join(app, name)));

  return [...required, ...others].flatMap(({ name, code }) => {
    const file = path.join(app, name);
    if (!existsSync(file)) return [`${name} is not there`];
    const lines = readFileSync(file, "utf8").split("\n");
    let from = 0;
    return code.split("\n").flatMap((line) => {
      const found = lines.indexOf(line, from);
      if (found >= 0) from = found + 1;
      return found >= 0 || line.trim() === "" ? [] : [`${name}: ${line}`];
    });
  });
}

/** @param {string} markdown */
export function snippetsOf(markdown) {
  return [...markdown.matchAll(/^```tsx?\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(
    ([, name = "", code = ""]) => ({ name, code }),
  );
}
