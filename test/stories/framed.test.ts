import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const folder = path.resolve(import.meta.dirname, "..", "..", "stories", "components");

it("a story that changes its window has a frame of its own in the docs, where all stories share one page", () => {
  const stories = readdirSync(folder)
    .filter((file) => file.endsWith(".stories.tsx"))
    .flatMap((file) =>
      readFileSync(path.join(folder, file), "utf8")
        .split(/^export const /m)
        .slice(1),
    );
  const changing = stories.filter((story) => /^ {2}beforeEach\b/m.test(story));
  expect(changing.length).toBeGreaterThan(4);
  expect(
    changing
      .filter((story) => !/\bframed\b|\binFrame\b/.test(story))
      .map((story) => story.split(":")[0]),
  ).toEqual([]);
});
