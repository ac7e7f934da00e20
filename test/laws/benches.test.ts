import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { drawPage } from "../../scripts/bench/drawing.mjs";
import { root } from "./sourceFiles";

const page = readFileSync(`${root}docs/scale.md`, "utf8");
const runs = JSON.parse(readFileSync(`${root}scripts/bench/lastRun.json`, "utf8"));

describe("docs/scale.md", () => {
  it("shows each part of the last run", () => {
    const parts = [...page.matchAll(/<!-- bench: (\w+) -->/g)].map(([, name]) => name);

    expect(parts.sort()).toEqual(Object.keys(runs).sort());
    expect(page).toBe(drawPage(page, runs));
  });

  it("would differ from the page of another run", () => {
    const [weight] = runs.size.data.weights;
    const weights = [{ ...weight, all: weight.all + 1000 }];
    const other = { ...runs, size: { ...runs.size, data: { weights, missing: [] } } };

    expect(page).not.toBe(drawPage(page, other));
  });
});
