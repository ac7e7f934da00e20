/**
 * Installs the packed package with the oldest versions of its peer ranges, and of its dependency's range. Then runs one
 * walk for each need of each peer (`test/peers`). All other tests run on the newest versions. Run after `npm run
 * build`.
 *
 * Prints a line for each walk, and exits with 1 when one failed. `node scripts/peers.mjs react=18.3.1` tests another
 * version.
 */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildClerkFake } from "../test/clerk/fake/build.mjs";
import { complaintsOfTypes } from "../test/peers/complaintsOfTypes.mjs";
import { run } from "../test/runtimes/processes.mjs";
import { doorsOf } from "./doors.mjs";
import { openStage, packInto } from "./stage.mjs";

const root = path.resolve(import.meta.dirname, "..");
const walks = path.join(root, "test", "peers");
const manifest = readManifest(root);

/** What the walks need besides, and what no range of ours speaks of. The repository has them already. */
const lent = ["jsdom", "@hono/node-server"];

const versions = Object.fromEntries(
  Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }).map(
    ([name, range]) => [name, oldest(range)],
  ),
);
for (const wish of process.argv.slice(2)) {
  const [, name = "", version = ""] = /^(.+)=(.+)$/.exec(wish) ?? [];
  assert.ok(name in versions, `${wish} is no peer and its version, such as react=18.3.1.`);
  versions[name] = version;
}
versions["react-dom"] = versions.react;

const { stage, leave } = openStage("peers");

let failed = 0;
try {
  const app = await install();
  await judge(["react", "@tanstack/react-query", "zod"], walk(app, "gate"));
  await judge(["msw"], walk(app, "msw"));
  await judge(["jose"], walk(app, "receipt"));
  await judge(["oauth4webapi"], walk(app, "connect"));
  await judge(["@opentelemetry/api"], walk(app, "otel"));
  await judge(["@clerk/backend"], walk(app, "clerk"));
  await judge(Object.keys(versions), async () => {
    assert.deepEqual(complaintsOfTypes(app, doorsOf(root)), []);
    return "the types of every door compile";
  });
} catch (error) {
  failed += 1;
  console.log(`not ok  ${indented(error)}`);
} finally {
  leave();
}
process.exitCode = failed === 0 ? 0 : 1;

/** Makes an app that has the package as its users get it, beside old peers. npm itself judges whether the ranges go together. */
async function install() {
  const app = path.join(stage, "app");
  mkdirSync(app);
  for (const file of readdirSync(walks)) cpSync(path.join(walks, file), path.join(app, file));
  await buildClerkFake(app);
  const types = { "@types/react": `~${versions.react}` };
  const dependencies = {
    ...versions,
    ...types,
    [manifest.name]: `file:${await packInto(stage)}`,
  };
  writeFileSync(
    path.join(app, "package.json"),
    JSON.stringify({ name: "app", private: true, type: "module", dependencies }),
  );
  const quiet = [
    "--no-package-lock",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
  ];
  await run("npm", ["install", ...quiet], { cwd: app, limitMs: 180_000 });
  for (const [name, version] of Object.entries(versions)) {
    assert.equal(
      readManifest(path.join(app, "node_modules", name)).version,
      version,
      `${name} is installed in its oldest version`,
    );
  }
  for (const name of lent) {
    mkdirSync(path.dirname(path.join(app, "node_modules", name)), { recursive: true });
    symlinkSync(
      path.join(root, "node_modules", name),
      path.join(app, "node_modules", name),
      "junction",
    );
  }
  return app;
}

/** @param {string} app @param {string} name */
function walk(app, name) {
  return () => run(process.execPath, [`${name}.mjs`], { cwd: app, limitMs: 60_000 });
}

/** @param {string[]} peers @param {() => Promise<string>} shown */
async function judge(peers, shown) {
  const title = peers.map((name) => `${name} ${versions[name]}`).join(", ");
  try {
    console.log(`ok      ${title}: ${(await shown()).trim()}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok  ${title}\n${indented(error)}`);
  }
}

/** The lowest version of a range such as `^2.4.1 || ^3`. @param {string} range */
function oldest(range) {
  const floors = range.split("||").map((each) => {
    const [, major, minor = 0, patch = 0] =
      /^\s*\^(\d+)(?:\.(\d+))?(?:\.(\d+))?\s*$/.exec(each) ?? [];
    assert.ok(
      major !== undefined,
      `The range ${range} has no lowest version that this script could tell.`,
    );
    return [Number(major), Number(minor), Number(patch)];
  });
  const [lowest] = floors.sort(
    ([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => a - x || b - y || c - z,
  );
  return lowest?.join(".") ?? "";
}

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
}

/** @param {unknown} error */
function indented(error) {
  return (error instanceof Error ? error.message : String(error))
    .trim()
    .replaceAll(/^/gm, "        ");
}
