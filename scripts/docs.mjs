/**
 * Builds the documentation as a static site in docs-site: the pages that stand in the repository, a reference made from the types,
 * llms.txt, the OpenAPI document and Storybook. Fails at a dead link, at a heading that a link misses, and at a public name without
 * its place in the reference.
 *
 * - `--no-storybook` leaves Storybook out
 * - `--base /path/` is where a host serves the site
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "vitepress";
import { deadAnchors } from "./docs/deadAnchors.mjs";
import { httpPage } from "./docs/httpPage.mjs";
import { llmsTxt } from "./docs/llmsTxt.mjs";
import { root, titleOf, tree } from "./docs/pages.mjs";
import { namesWithoutPlace, publicNames, writeReference } from "./docs/reference.mjs";

const { values } = parseArgs({
  options: { base: { type: "string", default: "/" }, "no-storybook": { type: "boolean" } },
});
const withStorybook = !values["no-storybook"];
const staged = path.join(root, ".cache/docs");
const site = path.join(root, "docs-site");

rmSync(staged, { recursive: true, force: true });
const all = tree(root);
for (const [file, text] of all) stage(file === "README.md" ? "index.md" : file, linkedInSite(text));
stage("docs/decisions/index.md", listOfDecisions());
cpSync(path.join(root, "docs/demo.webp"), path.join(staged, "docs/demo.webp"));

const names = publicNames(root);
const reference = await writeReference(path.join(staged, "reference"), names);
const homeless = namesWithoutPlace(names, reference);
if (homeless.length > 0) throw new Error(`The reference lacks ${homeless.join(", ")}.`);
const openApi = readFileSync(path.join(root, "docs/openapi.json"), "utf8");
stage("reference/http.md", httpPage(JSON.parse(openApi)));

process.env.DOCS_STORYBOOK = withStorybook ? "1" : "";
await build(path.join(root, "scripts/docs"), { base: values.base });

// The texts themselves, for whoever reads no HTML. Their links hold, because they stand as in the repository.
for (const file of all.keys()) cpSync(path.join(root, file), path.join(site, file));
cpSync(path.join(root, "docs/demo.webp"), path.join(site, "docs/demo.webp"));
cpSync(path.join(staged, "reference"), path.join(site, "reference"), { recursive: true });
writeFileSync(path.join(site, "openapi.json"), openApi);
writeFileSync(path.join(site, "llms.txt"), llmsTxt(all));
if (withStorybook) {
  execFileSync("npm", ["run", "--silent", "build-storybook", "--", "--quiet"], {
    cwd: root,
    stdio: "inherit",
  });
  cpSync(path.join(root, "storybook-static"), path.join(site, "storybook"), { recursive: true });
}

const dead = deadAnchors(site, values.base);
if (dead.length > 0) throw new Error(`These links lead nowhere:\n${dead.join("\n")}`);
console.log(`docs-site has ${all.size} pages and ${reference.size} of reference.`);

/** @param {string} file @param {string} text */
function stage(file, text) {
  const target = path.join(staged, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/**
 * README is the site's start page, and a folder is a list of its pages.
 *
 * @param {string} text
 */
function linkedInSite(text) {
  return text
    .replace(/\]\(((?:\.\.\/)*)README\.md/g, "]($1index.md")
    .replace("](docs/decisions)", "](docs/decisions/index.md)");
}

function listOfDecisions() {
  const lines = [...all]
    .filter(([file]) => file.startsWith("docs/decisions/"))
    .map(([file, text]) => `- [${titleOf(text)}](${path.basename(file)})`);
  return ["# Decisions", "Why things are as they are.", lines.join("\n")].join("\n\n");
}
