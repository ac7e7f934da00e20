import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { root } from "./sourceFiles";

const read = (path: string) => readFileSync(`${root}${path}`, "utf8");

/** A lock that names its registry cannot be installed behind another registry. */
function registriesIn(lock: string): string[] {
  return lock.match(/"resolved"|https?:\/\/[^"]*registry[^"]*/g) ?? [];
}

/** Version ranges make two installs differ. `npm ci` must install the tested versions on every day. */
function looseVersions(manifest: { devDependencies?: Record<string, string> }): string[] {
  return Object.entries(manifest.devDependencies ?? {})
    .filter(([, version]) => !/^(npm:(@[\w-]+\/)?[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}@${version}`);
}

/** esbuild follows the `paths` of this repository's tsconfig.json to the kit's sources. The page then holds two Reacts. */
function strayBuilds(scripts: Record<string, string>): string[] {
  return Object.entries(scripts)
    .filter(([, script]) => script.includes("esbuild") && !script.includes("--tsconfig-raw={}"))
    .map(([name]) => name);
}

/** The folders whose packages are installed from a lockfile of their own. */
const locked = ["", "test/clerk/scripts/"];

describe.each(locked)("%spackage-lock.json", (folder) => {
  it("names no registry", () => {
    expect(registriesIn(read(`${folder}package-lock.json`))).toEqual([]);
    expect(registriesIn('{ "resolved": "https://registry.example/x.tgz" }')).toHaveLength(2);
  });

  it("stays that way: .npmrc says so", () => {
    expect(read(`${folder}.npmrc`).split("\n")).toContain("omit-lockfile-registry-resolved=true");
  });
});

describe("package.json", () => {
  it("pins every tool to one version", () => {
    expect(looseVersions(JSON.parse(read("package.json")))).toEqual([]);
    expect(
      looseVersions({
        devDependencies: JSON.parse(read("test/clerk/scripts/package.json")).dependencies,
      }),
    ).toEqual([]);
    expect(
      looseVersions({
        devDependencies: { a: "*", b: "^1.0.0", c: "1.2.3", d: "npm:@clerk/clerk-js@5.128.0" },
      }),
    ).toEqual(["a@*", "b@^1.0.0"]);
  });

  it("depends on zod at run time, and on jiti for the command", () => {
    expect(Object.keys(JSON.parse(read("package.json")).dependencies)).toEqual(["jiti", "zod"]);
  });
});

describe("an example without a tsconfig.json of its own", () => {
  const examples = readdirSync(`${root}examples`)
    .map((name) => `examples/${name}/`)
    .filter(
      (folder) =>
        existsSync(`${root}${folder}package.json`) && !existsSync(`${root}${folder}tsconfig.json`),
    );

  it("bundles the installed kit, also where it stands in this repository", () => {
    expect(examples).toContain("examples/fastify/");
    for (const folder of examples)
      expect(strayBuilds(JSON.parse(read(`${folder}package.json`)).scripts), folder).toEqual([]);
    expect(strayBuilds({ build: "esbuild a.js --bundle", start: "node a.js" })).toEqual(["build"]);
  });
});
