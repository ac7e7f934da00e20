import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checklistOf, lines, type Seen } from "../../../src/cli/doctor/checklist";
import { found } from "../../../src/cli/doctor/findings";
import { runDoctor } from "../../../src/cli/doctor/runDoctor";

const page = readFileSync(new URL("../../../docs/operate/launch.md", import.meta.url), "utf8");

/** The numbers of the lines that are ticked. */
const ticked = (seen: Partial<Seen>) =>
  [...checklistOf({ spends: false, findings: [], ...seen }).matchAll(/^\[x\] +(\d+) /gm)].map(
    ([, at]) => Number(at),
  );

const ledger = found("ledger", "ok", "durable");
const charge = found("charge", "ok", "1 for export-pdf: charged");
const address = "https://app.example";

describe("the launch list of the doctor", () => {
  it("is the list of docs/operate/launch.md", () => {
    const cells = [...page.matchAll(/^\| \d+ \| (.*?) \| /gm)].map(([, cell = ""]) =>
      cell
        .replaceAll(/: \[[^\]]*\]\([^)]*\)/g, "")
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replaceAll(/\*\*|`/g, ""),
    );
    expect(lines.map(({ todo }) => todo)).toEqual(cells);
  });

  it.each<[string, Partial<Seen>, number[]]>([
    ["a sound module", { findings: [ledger] }, [1, 2]],
    [
      "a module with an error beside its ledger",
      { findings: [ledger, found("prices", "error", "")] },
      [1],
    ],
    ["a module whose ledger is missing", { findings: [found("ledger", "error", "")] }, []],
    ["a sound app", { address, findings: [ledger] }, [3]],
    ["a sound app that was charged", { address, spends: true, findings: [ledger, charge] }, [3, 4]],
    [
      "an app whose charge was left out",
      { address, spends: true, findings: [found("charge", "skipped", "")] },
      [3],
    ],
    [
      "an app with an error",
      { address, spends: true, findings: [charge, found("cache", "error", "")] },
      [],
    ],
    [
      "an app that pretends",
      { address, spends: true, findings: [charge, found("ARES", "warning", "")] },
      [],
    ],
    [
      "an app on this machine",
      { address: "http://localhost:3000", spends: true, findings: [charge] },
      [],
    ],
  ])("ticks of %s what was seen", (_, seen, done) => {
    expect(ticked(seen)).toEqual(done);
  });

  it("leaves to a person what only a person can see", () => {
    const all = { address, spends: true, findings: [ledger, charge] };
    expect(checklistOf(all)).toContain("[ ]  5  look for that charge in ARES's own books");
  });

  it("stands at the end of a run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ares-checklist-"));
    const file = join(folder, "ares.mjs");
    writeFileSync(
      file,
      `export const ares = { doctor: async () => ({ ok: true, report: "", findings: [{ name: "ledger", status: "ok", message: "durable" }] }) }`,
    );
    const printed: string[] = [];
    try {
      expect(await runDoctor(["doctor", file], (line) => printed.push(line))).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(printed.at(-1)).toMatch(/\[x\] {2}1 [\s\S]*\[ \] 13 /);
  });
});
