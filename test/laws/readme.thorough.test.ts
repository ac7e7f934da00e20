import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorTable } from "../../src/contract";
import { compileTogether, snippetsOf } from "./snippets";
import { root } from "./sourceFiles";

const readme = readFileSync(`${root}README.md`, "utf8");
const manifest: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(`${root}package.json`, "utf8"),
);

/** The named commands `npm start`, `npm test` and `npm run x` without a script behind them. */
function deadCommands(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:.-]+)|(start|test)\b)/g)].flatMap(
    ([, named, short]) => {
      const script = named ?? short ?? "";
      // The reader's own app has these scripts.
      return script in manifest.scripts || /^dev(:ares)?$/.test(script) ? [] : [script];
    },
  );
}

/** The codes of the error table that no row of a Markdown table names, or that have another status there. */
function unexplainedCodes(text: string): string[] {
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return Object.entries(errorTable)
    .filter(([, { status }]) => status > 0)
    .filter(
      ([code, { status }]) =>
        !rows.some((row) => row.includes(`\`${code}\``) && new RegExp(`\\b${status}\\b`).test(row)),
    )
    .map(([code, { status }]) => `${code} (${status})`);
}

/** The texts that may tell a reader what follows an error. */
const mayFollow = {
  no: /^no$/,
  new_key: /^no: a new key, /,
  same_key: /^yes(, after `Retry-After`)?$/,
  after_action: /^after the user acted$/,
  read_only: /^only to read its state; the key is never sent again$/,
} as const;

/** The codes of the error table whose row in a Markdown table tells another thing about the next step. */
function misadvised(text: string): string[] {
  return Object.entries(errorTable).flatMap(([code, { retry }]) =>
    text
      .split("\n")
      .filter((line) => /^\| \d{3} \|/.test(line) && line.includes(`\`${code}\``))
      .map((line) => line.split("|").at(-2)?.trim() ?? "")
      .filter((advice) => !mayFollow[retry].test(advice))
      .map((advice) => `${code} (${retry}): ${advice}`),
  );
}

/** The tables of options, by heading, and where the options are declared. */
const optionTables = {
  createAresServer: [["src/server/serverOptions.ts", "AresServerOptions"]],
  AresProvider: [
    ["src/react/provider/AresProvider.tsx", "AresProviderProps"],
    ["src/react/provider/outcome.ts", "OutcomeListeners"],
  ],
  AresGate: [
    ["src/react/gate/AresGate.tsx", "AresGateOwnProps"],
    ["src/react/gate/useAresGate.ts", "GateOptions"],
    ["src/react/gate/useAresGate.ts", "ChargesOnMount"],
    ["src/react/gate/parts/looks.tsx", "OwnClassNames"],
    ["src/react/gate/parts/looks.tsx", "OwnButton"],
    ["src/react/gate/parts/looks.tsx", "OwnLink"],
    ["src/react/gate/parts/More.tsx", "OwnSize"],
    ["src/react/provider/outcome.ts", "OutcomeListeners"],
  ],
} as const;

/** The options that a table leaves out, with a minus, and the ones it makes up, with a plus. */
function wrongOptions(text: string): string[] {
  return Object.entries(optionTables).flatMap(([heading, sources]) => {
    const declared = sources.flatMap(([file, name]) =>
      membersOf(readFileSync(join(root, file), "utf8"), name),
    );
    const table =
      new RegExp(`^## \`${heading}\`\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, "m").exec(text)?.[1] ??
      "";
    const told = table
      .split("\n")
      .flatMap((line) =>
        [...(line.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ""),
      );
    return [
      ...declared.filter((name) => !told.includes(name)).map((name) => `-${heading}.${name}`),
      ...told.filter((name) => !declared.includes(name)).map((name) => `+${heading}.${name}`),
    ];
  });
}

function membersOf(source: string, name: string): string[] {
  const body =
    new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(source)?.[1] ??
    "";
  return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member ?? "");
}

/** Links of the page at `path` to files that do not exist, and to headings that no page has. */
function deadLinks(text: string, path = "README.md"): string[] {
  const links = text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g);
  return [...links].flatMap(([, target = "", heading]) => {
    const file = target === "" ? path : join(dirname(path), target);
    if (!existsSync(join(root, file))) return [target];
    if (heading === undefined || !file.endsWith(".md")) return [];
    const page = target === "" ? text : read(file);
    return headingsOf(page).includes(heading) ? [] : [`${target}#${heading}`];
  });
}

/** The names by which links reach the headings of a page, as GitHub makes them. */
function headingsOf(text: string): string[] {
  return [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-"),
  );
}

/** Every page of `docs`. */
const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => join("docs", path));

const read = (path: string) => readFileSync(join(root, path), "utf8");
/** The pages that an app's developer reads. */
const guides = pages.filter((path) => !/^docs\/(decisions\/|architecture\.md$)/.test(path));
/** Each chapter of docs/sign-in.md is an app of its own: test/signIn compiles them with the libraries they show. */
const ofOneApp = guides.filter((path) => path !== "docs/sign-in.md" && path !== "docs/migrate.md");
const errors = read("docs/errors.md");
const options = read("docs/options.md");

describe("README.md", () => {
  it("names only commands that exist", () => {
    expect(deadCommands(readme)).toEqual([]);
  });

  it("links to files that exist", () => {
    expect(deadLinks(readme)).toEqual([]);
  });

  it("has snippets that compile, with what the first page about Next.js adds", () => {
    const own = snippetsOf(readme, "README");
    const added = snippetsOf(read("docs/clerk.md")).filter(({ file }) =>
      /^app\/(providers|layout)/.test(file),
    );
    expect(own.length).toBeGreaterThan(2);
    expect(compileTogether([...own, ...added])).toEqual([]);
  });

  it("has at most 250 lines, and leads to every page for an app's developer", () => {
    expect(readme.trimEnd().split("\n").length).toBeLessThanOrEqual(250);
    expect(guides.filter((path) => !readme.includes(`](${path})`))).toEqual([]);
  });
});

describe("the pages in docs", () => {
  it("explain every code of the error table, with its status", () => {
    expect(unexplainedCodes(errors)).toEqual([]);
  });

  it("have a heading for every code, which says what to do and what happened to the money", () => {
    const chapters = errors.split(/^## /m).slice(1);
    const codes = Object.keys(errorTable);
    expect(chapters.map((chapter) => /^`(\w+)`\n/.exec(chapter)?.[1])).toEqual(codes);
    expect(
      chapters.filter(
        (chapter) => !/\*\*The money:\*\* .*\S[\s\S]*\*\*What to do:\*\* .*\S/.test(chapter),
      ),
    ).toEqual([]);
  });

  it("say of every code what may follow", () => {
    expect(misadvised(errors)).toEqual([]);
  });

  it("name every option, and none that does not exist", () => {
    expect(wrongOptions(options)).toEqual([]);
  });

  it("have snippets that compile, all together, as one app", () => {
    const snippets = ofOneApp.flatMap((path) => snippetsOf(read(path), path));
    expect(snippets.length).toBeGreaterThan(20);
    expect(compileTogether(snippets)).toEqual([]);
  });

  it("have snippets that compile as the app that left the guide's route", () => {
    const snippets = snippetsOf(read("docs/migrate.md"), "docs/migrate.md");
    expect(snippets.length).toBeGreaterThan(5);
    expect(compileTogether(snippets)).toEqual([]);
  });

  it("name no file in two ways", () => {
    const files = ofOneApp.flatMap((path) => snippetsOf(read(path), path)).map(({ file }) => file);
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });

  it.each(pages)("link to files that exist: %s", (page) => {
    expect(deadLinks(readFileSync(join(root, page), "utf8"), page)).toEqual([]);
  });

  it("are found, in folders too", () => {
    expect(pages).toEqual(
      expect.arrayContaining(["docs/guarantees.md", "docs/decisions/003-rows-of-a-resource.md"]),
    );
  });
});

describe("a README that lies", () => {
  it("is caught at a command, a code, a status and a link", () => {
    expect(deadCommands("`npm run nope`, `npm test`")).toEqual(["nope"]);
    expect(unexplainedCodes("")).toHaveLength(
      Object.values(errorTable).filter(({ status }) => status > 0).length,
    );
    expect(unexplainedCodes("| 500 | `not_signed_in` |")).toContain("not_signed_in (401)");
    expect(unexplainedCodes("| 401 | `not_signed_in` |")).not.toContain("not_signed_in (401)");
    expect(deadLinks("[a](docs/nowhere.md) [b](https://example.com) [c](package.json)")).toEqual([
      "docs/nowhere.md",
    ]);
    expect(
      deadLinks("[a](guarantees.md) [b](../README.md) [c](README.md#x)", "docs/page.md"),
    ).toEqual(["README.md"]);
    expect(
      deadLinks(
        "# One & `two`\n[a](#one--two) [b](#three) [c](docs/errors.md#errors) [d](docs/errors.md#nothing)",
      ),
    ).toEqual(["#three", "docs/errors.md#nothing"]);
  });

  it("is caught at what may follow an error, and at its options", () => {
    expect(misadvised("| 401 | `not_signed_in` | no |")).toEqual([
      "not_signed_in (after_action): no",
    ]);
    expect(misadvised("| 401 | `not_signed_in` | after the user acted |")).toEqual([]);
    const told = options
      .replace("| `spendCap` |", "| `spendLimit` |")
      .replace("`entitled` | opens", "`label` | opens");
    expect(wrongOptions(told)).toEqual([
      "-createAresServer.spendCap",
      "+createAresServer.spendLimit",
      "-AresGate.entitled",
    ]);
  });

  it("is caught at a snippet that does not compile", () => {
    const text = [
      "```ts",
      "// lib/ares.ts",
      'import { definePrices } from "ares-react/server";',
      'export const prices = definePrices({ report: "three" });',
      "```",
      "```tsx",
      "// app/page.tsx",
      'import { prices } from "@/lib/ares";',
      "export const credits: number = prices.report;",
      "```",
      "```sh",
      "npm test",
      "```",
    ].join("\n");

    expect(snippetsOf(text).map(({ file }) => file)).toEqual(["lib/ares.ts", "app/page.tsx"]);
    expect(compileTogether(snippetsOf(text))).toHaveLength(2);
    expect(compileTogether(snippetsOf(text.replace('"three"', "3")))).toEqual([]);
  });
});
