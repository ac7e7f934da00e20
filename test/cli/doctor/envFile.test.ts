import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runDoctor } from "../../../src/cli/doctor/runDoctor";

/** A folder with the variables of a developer and of a deployment, and a server that says which of them it got. */
function appOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "ares-doctor-"));
  writeFileSync(
    join(folder, "ares.mjs"),
    "export const ares = { doctor: async () => ({ ok: true, report: process.env.ARES_TEST_BOOK }) };\n",
  );
  writeFileSync(join(folder, ".env.local"), "ARES_TEST_BOOK=dev\n");
  writeFileSync(join(folder, ".env.production"), "ARES_TEST_BOOK=production\n");
  return folder;
}

async function run(folder: string, ...more: string[]) {
  const lines: string[] = [];
  try {
    const code = await runDoctor(
      ["doctor", "ares.mjs", ...more],
      (line) => lines.push(line),
      folder,
    );
    return { code, text: lines.join("\n") };
  } finally {
    delete process.env.ARES_TEST_BOOK;
  }
}

it("looks at the developer's set-up, or at that of the file that is named, and at no mixture", async () => {
  const folder = appOf();

  expect(await run(folder)).toEqual({ code: 0, text: "dev" });
  expect(await run(folder, "--env-file", join(folder, ".env.production"))).toEqual({
    code: 0,
    text: "production",
  });
  expect(await run(folder, "--env-file", join(folder, ".env.nowhere"))).toMatchObject({
    code: 2,
    text: expect.stringContaining("can't be read"),
  });
});
