/**
 * `npm run look` photographs every story in Chromium, in light, dark, right to left and forced colours, at two widths.
 * Lays the pictures out on contact sheets under artefacts/look, and those that changed in pairs under artefacts/look/changed.
 *
 * - `--approve` keeps these pictures for the comparison of the next run
 * - `--only <text>` photographs only stories whose id contains the text
 * - `--no-build` photographs storybook-static as it is
 *
 * Also names stories without an approved picture, and approved pictures without a story. Ends with 1 when a picture
 * differs by more than the tolerance, or when a story fails.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";
import { differs } from "./look/compare.mjs";
import { layOutSheets } from "./look/contactSheet.mjs";
import { photograph } from "./look/photograph.mjs";
import { serveStatic } from "./look/serveStatic.mjs";

const flag = (/** @type {string} */ name) => process.argv.includes(name);
const only = flag("--only") ? (process.argv[process.argv.indexOf("--only") + 1] ?? "") : "";

const out = path.resolve("artefacts/look");
const taken = path.join(out, "taken");
const approved = path.join(out, "approved");

if (!flag("--no-build"))
  execFileSync("npm", ["run", "--silent", "build-storybook", "--", "--quiet"], {
    stdio: "inherit",
  });
if (!only) rmSync(taken, { recursive: true, force: true });
mkdirSync(taken, { recursive: true });
mkdirSync(path.join(out, "only"), { recursive: true });

// The site lies under a path, so this run also checks that the site works there.
const site = await serveStatic("storybook-static", "/some/base/");
const { executablePath, env } = await resolveChromium();
// Without subpixel positions and hinting, text looks the same on every machine.
const browser = await chromium.launch({
  executablePath,
  env,
  args: [
    ...chromiumArgs,
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
  ],
});

try {
  const { entries } = await (await fetch(`${site.url}index.json`)).json();
  const stories = Object.values(entries).filter(
    ({ type, id }) => type === "story" && id.includes(only),
  );
  /** @type {string[]} */
  const faults = [];
  /** @type {{ story: { id: string, title: string, name: string }, files: string[] }[]} */
  const pictures = [];

  const queue = [...stories];
  const work = async () => {
    for (let story = queue.shift(); story; story = queue.shift()) {
      const files = await photograph(browser, site.url, story, taken).catch((error) => {
        faults.push(`${story.id}: ${String(error.message ?? error).split("\n")[0]}`);
        return [];
      });
      pictures.push({ story, files });
    }
  };
  await Promise.all([work(), work()]);

  // Names stories without an approved picture, and approved pictures whose story is gone.
  const known = existsSync(approved)
    ? readdirSync(approved).filter((name) => name.includes(only))
    : [];
  const now = new Set(pictures.flatMap(({ files }) => files.map((file) => path.basename(file))));
  const fresh = known.length > 0 ? [...now].filter((name) => !known.includes(name)) : [];
  const gone = known.filter((name) => !stories.some(({ id }) => name.startsWith(`${id}.`)));

  const page = await browser.newPage();
  /** @type {{ story: { title: string, name: string }, files: string[] }[]} */
  const changed = [];
  for (const { story, file } of pictures.flatMap(({ story, files }) =>
    files.map((file) => ({ story, file })),
  )) {
    const before = path.join(approved, path.basename(file));
    if (!existsSync(before)) continue;
    const share = await differs(page, readFileSync(before), readFileSync(file));
    if (share === 0) continue;
    faults.push(`${path.basename(file)}: ${(share * 100).toFixed(2)} % of it looks different`);
    changed.push({
      story: { title: story.title, name: path.basename(file) },
      files: [before, file],
    });
  }
  rmSync(path.join(out, "changed"), { recursive: true, force: true });
  mkdirSync(path.join(out, "changed"));
  const pairs = await layOutSheets(page, changed, path.join(out, "changed"));
  pictures.sort((a, b) => stories.indexOf(a.story) - stories.indexOf(b.story));
  // A run over a part of the stories leaves the sheets of all stories alone.
  const sheets = await layOutSheets(page, pictures, only ? path.join(out, "only") : out);

  if (flag("--approve")) {
    for (const name of gone) rmSync(path.join(approved, name));
    cpSync(taken, approved, { recursive: true });
  }
  writeFileSync(path.join(out, "faults.txt"), faults.join("\n"));
  console.log(
    `${pictures.flatMap(({ files }) => files).length} pictures of ${stories.length} stories, on ${sheets.length} sheets:`,
  );
  for (const sheet of sheets) console.log(`  ${path.relative(process.cwd(), sheet)}`);
  for (const pair of pairs)
    console.log(`  ${path.relative(process.cwd(), pair)}: before and after`);
  for (const fault of faults) console.log(`! ${fault}`);
  if (known.length === 0)
    console.log(
      "There are no approved pictures yet. Look at the sheets, then run it again with --approve.",
    );
  for (const name of fresh) console.log(`+ ${name} has no approved picture`);
  for (const name of gone) console.log(`- ${name} is approved, and there is no such story`);
  if (faults.length > 0 && !flag("--approve")) process.exitCode = 1;
} finally {
  await browser.close();
  site.close();
}
