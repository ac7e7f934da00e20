import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { snippetsOf } from "./snippets";
import { root } from "./sourceFiles";

const read = (path: string) => readFileSync(`${root}${path}`, "utf8");

/** `npm run test:examples` drives these files in Next. */
test.each(["app/export/actions.ts", "app/export/page.tsx"])(
  "docs/paid-endpoints shows %s as the example app runs it",
  (file) => {
    const shown = snippetsOf(read("docs/paid-endpoints.md")).find((each) => each.file === file);

    expect(shown?.code).toBe(`// ${file}\n${read(`examples/next-app/${file}`)}`);
  },
);
