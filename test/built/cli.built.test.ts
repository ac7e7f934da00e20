import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { PATIENCE_MS } from "../setup/patience";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

it.each([
  [0, true],
  [1, false],
])("the built command prints the report and exits %s, though the app's module holds a connection open", (code, ok) => {
  const module = join(mkdtempSync(join(tmpdir(), "ares-cli-")), "ares.mjs");
  writeFileSync(module, `setInterval(() => {}, 1000);\nexport const ares = { doctor: async () => ({ ok: ${ok}, report: "seen" }) };\n`);

  const { status, stdout } = spawnSync(process.execPath, [cli, "doctor", module], { encoding: "utf8", timeout: PATIENCE_MS });

  expect({ status, stdout }).toEqual({ status: code, stdout: "seen\n" });
});

it("the built command begins an app with --yes, and asks nobody in a pipe", () => {
  const folder = mkdtempSync(join(tmpdir(), "ares-cli-"));
  writeFileSync(join(folder, "package.json"), '{"dependencies":{"express":"5"}}');
  const init = (...args: string[]) =>
    spawnSync(process.execPath, [cli, "init", ...args], { encoding: "utf8", cwd: folder, timeout: PATIENCE_MS });

  expect(init().status).toBe(2);
  expect(existsSync(join(folder, "ares.js"))).toBe(false);
  expect(init("--yes").status).toBe(0);
  expect(readFileSync(join(folder, "ares.js"), "utf8")).toContain("...pretend()");
  expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('"ares-react": "^0.1.0"');
});

it("the built command carries the licence of each package that is built in", () => {
  const licences = readFileSync(join(cli, "../cli.licences.txt"), "utf8");
  const { packages }: { packages: Record<string, { dependencies?: Record<string, string> }> } = JSON.parse(
    readFileSync("package-lock.json", "utf8"),
  );
  const below = (name: string): string[] => [name, ...Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}).flatMap(below)];

  expect(below("@clack/prompts").length).toBeGreaterThan(4);
  for (const name of below("@clack/prompts")) expect(licences).toContain(`${name}\n`);
});
