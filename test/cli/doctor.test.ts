import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runDoctor } from "../../src/cli/doctor";
import { createAresServer, memoryLedger } from "../../src/server";
import { json, prices } from "../server/world";

const durable = () => {
  const ledger = memoryLedger();
  return { ...ledger, health: async () => ({ durable: true, epoch: 0, warnings: [] }) };
};
const reachable = async () => json(401, { error: "Invalid token" });
const base = { clientId: "client-1", prices, auth: async () => null, origins: ["https://app.example"] };

describe("doctor", () => {
  it("finds nothing to correct in a sound set-up", async () => {
    const { ok, findings, report } = await createAresServer({ ...base, ledger: durable(), ares: { fetch: reachable } }).doctor();

    expect(ok).toBe(true);
    expect(findings.every(({ status }) => status === "ok")).toBe(true);
    expect(report).toContain("No errors.");
  });

  it.each([
    ["a ledger in memory", { ledger: memoryLedger() }, "ledger"],
    ["a ledger that can't be reached", { ledger: { ...memoryLedger(), health: () => Promise.reject(new Error("down")) } }, "ledger"],
    [
      "a ledger whose clock is ahead",
      { ledger: { ...durable(), health: async () => ({ durable: true, epoch: Date.now() + 3_600_000, warnings: [] }) } },
      "clock",
    ],
    ["no prices", { prices: {} }, "prices"],
    ["an origin without https", { origins: ["http://app.example"] }, "origins"],
    ["ARES out of reach", { ares: { fetch: () => Promise.reject(new TypeError("fetch failed")) } }, "ARES"],
  ])("calls %s an error", async (_, options, name) => {
    const { ok, findings } = await createAresServer({ ...base, ledger: durable(), ares: { fetch: reachable }, ...options }).doctor();

    expect(ok).toBe(false);
    expect(findings.filter(({ status }) => status === "error").map((finding) => finding.name)).toEqual([name]);
  });
});

describe("ares-react doctor", () => {
  function file(text: string): string {
    const path = join(mkdtempSync(join(tmpdir(), "ares-doctor-")), "ares.mjs");
    writeFileSync(path, text);
    return path;
  }
  async function run(...args: string[]) {
    const lines: string[] = [];
    return { code: await runDoctor(args, (line) => lines.push(line)), text: lines.join("\n") };
  }

  it("prints the report of a module's `ares` and exits 0, or 1 with errors", async () => {
    expect(await run("doctor", file(`export const ares = { doctor: async () => ({ ok: true, report: "fine" }) }`))).toEqual({
      code: 0,
      text: "fine",
    });
    expect(await run("doctor", file(`export default { ares: { doctor: async () => ({ ok: false, report: "ill" }) } }`))).toEqual({
      code: 1,
      text: "ill",
    });
  });

  it("exits 2 when it can't look, and says why", async () => {
    expect((await run()).text).toContain("Usage");
    expect(await run("doctor", "./missing.mjs")).toMatchObject({ code: 2 });
    expect(await run("doctor", file("export const other = 1"))).toMatchObject({
      code: 2,
      text: expect.stringContaining("exports no `ares`"),
    });
  });
});
