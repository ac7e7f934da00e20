import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Application, Converter, ReflectionGroup, ReflectionKind } from "typedoc";
import { root } from "./pages.mjs";

/** The doors in the order of a reader, by the file in `src` that is each of them. */
export const doors = {
  index: "ares-react",
  clerk: "ares-react/clerk",
  server: "ares-react/server",
  connect: "ares-react/connect",
  otel: "ares-react/otel",
  receipt: "ares-react/receipt",
  rsc: "ares-react/rsc",
  testing: "ares-react/testing",
  messages: "ares-react/messages",
};

/**
 * Writes the reference of all doors, a page each, and returns the pages by door.
 *
 * @param {string} out
 * @param {Map<string, Set<string>>} names the public names by door
 * @returns {Promise<Map<string, string>>}
 */
export async function writeReference(out, names) {
  const work = path.join(root, ".cache/reference");
  const languages = languagesOf(root);
  mkdirSync(work, { recursive: true });
  // Each language is a door of its own, and all of them are one page.
  writeFileSync(
    path.join(work, "messages.ts"),
    languages.map((tag) => `export * from "../../src/react/messages/${tag}";\n`).join(""),
  );
  const entryPoints = Object.keys(doors).map((door) =>
    door === "messages" ? path.join(work, "messages.ts") : path.join(root, "src", `${door}.ts`),
  );
  const tsconfig = path.join(work, "tsconfig.json");
  writeFileSync(
    tsconfig,
    JSON.stringify({ extends: "../../tsconfig.json", include: [], files: entryPoints }),
  );

  const app = await Application.bootstrapWithPlugins({
    ...options,
    entryPoints,
    tsconfig,
    basePath: root,
    out,
  });
  /** @type {import("typedoc").DeclarationReflection[]} */
  let uncommented = [];
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    uncommented = project
      .getReflectionsByKind(ReflectionKind.Interface)
      .filter((type) => !type.hasComment());
  });
  // After TypeDoc has made its groups, and has given an interface without a comment that of the first one it extends.
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      for (const type of uncommented) delete type.comment;
      for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
        // TypeDoc names src/index.ts after its folder.
        const file = module.name === "src" ? "index" : path.basename(module.name);
        module.name = pageOf(file);
        putLast(module, names.get(doors[file]) ?? new Set());
      }
      for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter))
        nameParameter(parameter);
    },
    Number.MIN_SAFE_INTEGER,
  );
  const project = await app.convert();
  if (!project) throw new Error("TypeDoc could not read the sources.");
  app.validate(project);
  await app.generateOutputs(project);
  for (const file of Object.keys(doors)) nameHeadings(path.join(out, `${pageOf(file)}.md`));
  writeFileSync(path.join(out, "index.md"), indexPage());
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error("TypeDoc has complaints: they are printed above.");
  return new Map(
    Object.entries(doors).map(([file, door]) => [
      door,
      readFileSync(path.join(out, `${pageOf(file)}.md`), "utf8"),
    ]),
  );
}

/** @param {string} file the file in `src` that is the door */
export function pageOf(file) {
  return file === "index" ? doors.index : file;
}

/**
 * Puts the types that a signature names and no door exports below what can be imported.
 *
 * @param {import("typedoc").DeclarationReflection} module
 * @param {Set<string>} exported
 */
function putLast(module, exported) {
  const isExported = ({ name }) => exported.has(name);
  const last = new ReflectionGroup(NOT_EXPORTED, module);
  last.children = module.children?.filter((child) => !isExported(child)) ?? [];
  for (const group of module.groups ?? []) group.children = group.children.filter(isExported);
  module.groups = [...(module.groups ?? []), last].filter(({ children }) => children.length > 0);
}

/**
 * Names a parameter that the source takes apart.
 *
 * @param {import("typedoc").Reflection} parameter
 */
function nameParameter(parameter) {
  if (parameter.name !== "__namedParameters") return;
  parameter.name = /^[A-Z]/.test(parameter.parent?.name ?? "") ? "props" : "options";
}

const NOT_EXPORTED = "Named above, and not exported";

/** @type {Partial<import("typedoc").TypeDocOptions> & Record<string, unknown>} */
const options = {
  plugin: ["typedoc-plugin-markdown", "typedoc-plugin-missing-exports"],
  placeInternalsInOwningModule: true,
  name: "Reference",
  readme: "none",
  router: "module",
  entryFileName: "index",
  disableSources: true,
  excludeInternal: true,
  excludeExternals: true,
  sort: ["alphabetical"],
  groupOrder: ["Functions", "Classes", "Variables", "Interfaces", "*"],
  blockTags: ["@default", "@example", "@param", "@returns", "@source", "@throws"],
  pageTitleTemplates: {
    module: ({ name }) => (name === doors.index ? name : `${doors.index}/${name}`),
  },
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  useHTMLAnchors: true,
  parametersFormat: "table",
  expandObjects: true,
  logLevel: "Warn",
};

/**
 * Gives each heading its name: the one that TypeDoc's links know it by, or one that no link has. VitePress counts headings of one
 * name in another way.
 *
 * @param {string} page
 */
function nameHeadings(page) {
  const given = new Set();
  const named = readFileSync(page, "utf8").replace(
    /^(?:<a id="([^"]+)"><\/a>\n\n)?(#{2,} (.*))$/gm,
    (_, linked, heading, text) => {
      const id =
        linked && !given.has(linked) ? linked : `${text.replace(/\W+/g, "-")}--${given.size}`;
      given.add(id);
      return `${heading} {#${id}}`;
    },
  );
  writeFileSync(page, named);
}

function indexPage() {
  const lines = Object.entries(doors).map(([file, door]) => `- [${door}](${pageOf(file)}.md)`);
  return [
    "# Reference",
    "Every public name, by the door that you import it from. Each language of `ares-react/messages` is a door of its own, such as `ares-react/messages/de`.",
    lines.join("\n"),
    "What the endpoint answers over HTTP stands on [a page of its own](http.md).",
    "",
  ].join("\n\n");
}

/** @param {string} from */
function languagesOf(from) {
  return readdirSync(path.join(from, "src/react/messages"))
    .filter((file) => /^(?!en)[a-z]{2}(-\w+)?\.ts$/.test(file))
    .map((file) => path.basename(file, ".ts"));
}

/**
 * The public names of each door, as test/laws/exports writes them down. Each language's door has one name.
 *
 * @param {string} from
 * @returns {Map<string, Set<string>>}
 */
export function publicNames(from) {
  const snapshot = readFileSync(
    path.join(from, "test/laws/__snapshots__/exports.test.ts.snap"),
    "utf8",
  );
  const lists = [...snapshot.matchAll(/of '(\w+)\.ts' are[^`]*`\] = `\n\[\n([^\]]*)\]/g)];
  const byDoor = lists.map(([, file = "", list = ""]) => [
    doors[file] ?? file,
    namesIn(list, /"(?:type )?(\w+)"/g),
  ]);
  const texts = languagesOf(from)
    .map((tag) => readFileSync(path.join(from, `src/react/messages/${tag}.ts`), "utf8"))
    .join("\n");
  return new Map([...byDoor, [doors.messages, namesIn(texts, /^export const (\w+)/gm)]]);
}

/**
 * The public names that have no heading on their door's page.
 *
 * @param {Map<string, Set<string>>} names
 * @param {Map<string, string>} pages
 */
export function namesWithoutPlace(names, pages) {
  return [...names].flatMap(([door, all]) => {
    const headings = namesIn(pages.get(door) ?? "", /^### (\w+)/gm);
    return [...all].filter((name) => !headings.has(name)).map((name) => `${name} of ${door}`);
  });
}

/** @param {string} text @param {RegExp} pattern */
function namesIn(text, pattern) {
  return new Set([...text.matchAll(pattern)].map(([, name = ""]) => name));
}
