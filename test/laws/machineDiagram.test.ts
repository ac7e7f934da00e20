import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawMachine } from "../client/charge/diagram";
import { root } from "./sourceFiles";

const page = `${root}docs/architecture.md`;

test("the page on architecture shows the charge machine as it is", async () => {
  const text = readFileSync(page, "utf8");
  const drawn = text.replace(
    /(<!-- machine -->\n)[\s\S]*(<!-- \/machine -->)/,
    (_, begin, end) => `${begin}${drawMachine()}\n${end}`,
  );

  expect(drawn).toContain("stateDiagram");
  await expect(drawn).toMatchFileSnapshot(page);
});
