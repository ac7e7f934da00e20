import { expect, it } from "vitest";
import { signIns } from "../../../src/cli/init/signIn";
import { compileTogether } from "../../laws/snippets";
import { names, planned, starters } from "./starters";

it.each(signIns)(
  "init copies files that compile where they stand, in every framework, for the sign-in %s",
  (signIn) => {
    const copied = names.flatMap((name) => {
      const { "app.js": entry = "", ...files } = starters[name];
      const inTypeScript = { ...files, "tsconfig.json": "{}", "app.ts": entry };
      return planned(inTypeScript, "sqlite", signIn)
        .writes.filter(({ path, kind }) => kind === "new" && /\.tsx?$/.test(path))
        .map(({ path, text }) => ({ file: `${name}/${path}`, code: text }));
    });

    expect(copied.length).toBeGreaterThan(15);
    expect(compileTogether(copied)).toEqual([]);
  },
);
