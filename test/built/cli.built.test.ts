import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
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
