/**
 * Checks the package as a stranger receives it: publint, are-the-types-wrong, and a real `npm pack`. The packed package
 * is installed into an empty folder, and every door is imported, required and compiled there. Run after `npm run build`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { doorsOf } from "./doors.mjs";
import { complaintsOfDoors } from "./typesOfDoors.mjs";

const root = path.resolve(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const { name } = manifest;
const MOST_BYTES = 400_000;
/** What an app is sent: the build, the pages for its developers, and nothing about the work on the kit. */
const BELONGS =
  /^(dist\/(?!.*\.map$)|docs\/(?!architecture\.md$|decisions\/).*\.(md|webp)$|src\/styles\.css\.d\.cts$|package\.json$|(README|CHANGELOG|AGENTS)\.md$|LICENSE$)/;

const stage = mkdtempSync(path.join(tmpdir(), "ares-react-package-"));
let failed = 0;
try {
  check("npm pack builds first", packsItsBuild);
  check("publint", () => run("npx", ["--no-install", "publint", "--strict"]));

  const tarball = check("npm pack", () => {
    const [packed] = JSON.parse(
      run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", stage]),
    );
    const strange = filesOf(packed).filter((file) => !BELONGS.test(file));
    if (strange.length > 0)
      throw new Error(`these files do not belong into the package: ${strange.join(", ")}`);
    console.log(`        ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
    if (packed.size > MOST_BYTES)
      throw new Error(`${packed.size} bytes are more than ${MOST_BYTES}`);
    return path.join(stage, packed.filename);
  });
  check("the package's pages link to nothing that the package lacks", () => {
    const [packed] = JSON.parse(run("npm", ["pack", "--json", "--dry-run", "--ignore-scripts"]));
    const dead = deadLinks(filesOf(packed));
    if (dead.length > 0) throw new Error(`these links lead nowhere: ${dead.join(", ")}`);
  });

  if (tarball !== undefined) {
    check("are the types wrong", () =>
      run("npx", [
        "--no-install",
        "attw",
        tarball,
        "--profile",
        "esm-only",
        "--exclude-entrypoints",
        "styles.css",
        "styles.layer.css",
        "--format",
        "table-flipped",
      ]),
    );
    checkInstalled(tarball);
  }
} finally {
  rmSync(stage, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

/**
 * The links of the packed pages to files that are not packed.
 *
 * @param {string[]} files
 */
function deadLinks(files) {
  const folders = new Set(files.map((file) => path.posix.dirname(file)));
  return files
    .filter((file) => file.endsWith(".md"))
    .flatMap((page) =>
      [
        ...readFileSync(path.join(root, page), "utf8").matchAll(
          /\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g,
        ),
      ]
        .map(([, link = ""]) => path.posix.join(path.posix.dirname(page), link))
        .filter((target) => !files.includes(target) && !folders.has(target.replace(/\/$/, "")))
        .map((target) => `${page} -> ${target}`),
    );
}

/** A fresh clone has no `dist`. Its `npm pack` must run the build: here one that writes a single file, which must be shipped. */
function packsItsBuild() {
  const clone = path.join(stage, "clone");
  mkdirSync(clone);
  writeFileSync(
    path.join(clone, "build.mjs"),
    'import fs from "node:fs"; fs.mkdirSync("dist"); fs.writeFileSync("dist/index.js", "");',
  );
  const scripts = { ...manifest.scripts, build: "node build.mjs" };
  writeFileSync(path.join(clone, "package.json"), JSON.stringify({ ...manifest, scripts }));
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--dry-run"], clone));
  if (!filesOf(packed).includes("dist/index.js"))
    throw new Error(`it ships ${filesOf(packed).join(", ")}`);
}

/** @param {{ files: { path: string }[] }} packed */
function filesOf({ files }) {
  return files.map((file) => file.path);
}

/** @param {string} tarball */
function checkInstalled(tarball) {
  const consumer = path.join(stage, "consumer");
  const modules = path.join(consumer, "node_modules");
  mkdirSync(consumer);
  writeFileSync(
    path.join(consumer, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const installed = check("install the tarball into an empty folder", () =>
    run(
      "npm",
      [
        "install",
        tarball,
        "--legacy-peer-deps",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
      ],
      consumer,
    ),
  );
  if (installed === undefined) return;

  const server = `${name}/server`;
  check(`import ${server} with no peer installed`, () =>
    evaluate(consumer, `await import(${JSON.stringify(server)})`),
  );

  for (const peer of ["react", "react-dom", "scheduler", "@tanstack/react-query"])
    link(peer, modules);
  check(`import ${name}/testing without msw: all but its handlers works`, () =>
    evaluate(consumer, chargesWithoutMsw("await import")),
  );
  check(`require ${name}/testing without msw: all but its handlers works`, () =>
    evaluate(consumer, chargesWithoutMsw("require")),
  );

  for (const peer of ["msw", "jose", "oauth4webapi", "@opentelemetry/api"]) link(peer, modules);
  check("the command starts", () => {
    const { status, stdout } = spawnSync(path.join(modules, ".bin", name), {
      cwd: consumer,
      encoding: "utf8",
      timeout: 120_000,
    });
    if (status !== 2 || !stdout.startsWith("Usage:"))
      throw new Error(`it ended with ${status} and said: ${stdout}`);
  });
  check("each door's types compile with its own peers alone, and skipLibCheck: false", () => {
    const complaints = complaintsOfDoors(
      root,
      path.join(stage, "types"),
      path.join(modules, name),
      doorsOf(root),
    );
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
  });
  for (const door of doorsOf(root)) {
    const specifier = door.replace(/^\./, name);
    check(`import and require ${specifier}: the same names`, () =>
      evaluate(consumer, sameNames(specifier)),
    );
  }
}

/** @param {"await import" | "require"} load */
function chargesWithoutMsw(load) {
  return `
    import assert from "node:assert/strict";
    import { createRequire } from "node:module";
    const require = createRequire(process.cwd() + "/x.js");
    const { aresHandlers, createAresSimulator, createTestServer, simulatedAuth } = ${load}("${name}/testing");
    const simulator = createAresSimulator({ users: { ada: 10 } });
    const { fetch } = createTestServer({ simulator });
    const body = JSON.stringify({ usage: "export-pdf" });
    const headers = { "Content-Type": "application/json", "Idempotency-Key": Date.now() + "-" + crypto.randomUUID() };
    assert.equal((await fetch("https://app.example/api/ares", { method: "POST", headers, body })).status, 200);
    assert.equal(simulator.charges.length, 1);
    assert.equal(typeof simulatedAuth({ simulator }), "function");
    assert.throws(() => aresHandlers({ simulator }), /npm install -D msw/);
  `;
}

/** @param {string} specifier */
function sameNames(specifier) {
  return `
    import { createRequire } from "node:module";
    const imported = Object.keys(await import(${JSON.stringify(specifier)})).filter((name) => name !== "default").sort();
    const required = Object.keys(createRequire(process.cwd() + "/x.js")(${JSON.stringify(specifier)})).sort();
    if (String(imported) !== String(required)) throw new Error("import: " + imported + "; require: " + required);
  `;
}

/**
 * @param {string} peer
 * @param {string} modules
 */
function link(peer, modules) {
  const target = path.join(modules, peer);
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true });
  symlinkSync(path.join(root, "node_modules", peer), target, "junction");
}

/**
 * @param {string} cwd
 * @param {string} code
 */
function evaluate(cwd, code) {
  return run(process.execPath, ["--input-type=module", "--eval", code], cwd);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args, cwd = root) {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 180_000,
  });
}

/**
 * @template T
 * @param {string} title
 * @param {() => T} body
 * @returns {T | undefined}
 */
function check(title, body) {
  try {
    const value = body();
    console.log(`ok      ${title}`);
    return value;
  } catch (error) {
    failed += 1;
    const output =
      error instanceof Error && "stdout" in error
        ? `${error.stdout}\n${"stderr" in error ? error.stderr : ""}`
        : String(error);
    console.log(`not ok  ${title}\n${output.trim().replaceAll(/^/gm, "        ")}`);
    return undefined;
  }
}
