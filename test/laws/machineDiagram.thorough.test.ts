import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawMachine, drawn } from "../client/charge/diagram";
import { root } from "./sourceFiles";

const page = `${root}docs/architecture.md`;

test("the page on architecture shows the charge machine as it is", async () => {
  let text = readFileSync(page, "utf8");
  for (const [name, targets] of Object.entries(drawn)) {
    const place = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(<!-- /${name} -->)`);
    expect(text).toMatch(place);
    text = text.replace(place, (_, begin, end) => `${begin}${drawMachine(targets)}\n${end}`);
  }

  await expect(text).toMatchFileSnapshot(page);
});
