import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { againstOrder, circleIn, rooms, unlisted } from "./house";
import { importsOf, readSources, roomOf, type SourceFile } from "./sourceFiles";

/** The command is started, not imported, so it is no door. */
const command = "cli.ts";

const behindDoor: Record<string, string[]> = {
  "index.ts": ["contract", "client", "react"],
  "clerk.ts": ["contract", "clerk"],
  "server.ts": ["contract", "server"],
  "connect.ts": ["contract", "connect"],
  "otel.ts": ["otel"],
  "receipt.ts": ["contract", "receipt"],
  "rsc.ts": ["rsc"],
  "testing.ts": ["contract", "testing"],
};

/** Names the imports of a file that break the rules of the house. */
function brokenImports(file: SourceFile): string[] {
  return importsOf(file).flatMap((specifier) => {
    const fault = roomOf(file) === "door" ? doorFault(file, specifier) : roomFault(file, specifier);
    return fault === null ? [] : [`${file.path}: "${specifier}" ${fault}`];
  });
}

function doorFault(file: SourceFile, specifier: string): string | null {
  if (file.path === command)
    return specifier.startsWith("./cli/") ? null : "is not the command's room";
  const behind = behindDoor[file.path];
  if (behind === undefined) return "is imported by a file that is no known door";
  return behind.some((room) => specifier === `./${room}` || specifier === `./${room}/index`)
    ? null
    : "is not a room behind this door, or not its index";
}

function roomFault(file: SourceFile, specifier: string): string | null {
  const rules = rooms[roomOf(file)];
  if (rules === undefined) return "is imported by a room nobody knows";
  if (/\.(m|c)?[jt]sx?$/.test(specifier)) return "has a file extension";
  if (rules.doors.includes(specifier)) return null;
  if (!specifier.startsWith("."))
    return rules.packages.test(specifier) ? null : "is no package this room may import";
  const target = posix.join(posix.dirname(file.path), specifier);
  if (target.startsWith(`${roomOf(file)}/`))
    return /\/index$/.test(target) ? "is this room's own index" : null;
  return rules.rooms.includes(target) ? null : "is no room this one may import, or not its index";
}

const sample = (path: string, text: string): SourceFile => ({ path, text });

describe("the house", () => {
  it("keeps every import inside the arrows", () => {
    expect(readSources().flatMap(brokenImports)).toEqual([]);
  });

  it.each([
    ["react must not know server", sample("react/a.ts", 'import { x } from "../server";')],
    [
      "server must not know react, not even its types",
      sample("server/a.ts", 'import type { X } from "../react";'),
    ],
    ["contract imports no room", sample("contract/a.ts", 'export { x } from "../client";')],
    [
      "clerk has a copy of react",
      sample("clerk/a.tsx", 'import { AresProvider } from "../react";'),
    ],
    [
      "clerk opens the server's door",
      sample("clerk/a.tsx", 'import { memoryLedger } from "ares-react/server";'),
    ],
    [
      "testing has a copy of the server",
      sample("testing/server/a.ts", 'import { memoryLedger } from "../../server";'),
    ],
    ["react opens its own door", sample("react/a.ts", 'import { AresGate } from "ares-react";')],
    [
      "nobody opens the door of testing",
      sample("clerk/a.ts", 'import { guideRoute } from "ares-react/testing";'),
    ],
    ["nobody imports testing", sample("react/a.ts", 'import { x } from "../testing";')],
    [
      "a room is entered through its index",
      sample("react/a.ts", 'import { x } from "../contract/errors";'),
    ],
    [
      "not even with the index spelled out",
      sample("react/a.ts", 'import { x } from "../contract/index";'),
    ],
    [
      "a file does not import its own room's index",
      sample("react/a.ts", 'import { x } from "./index";'),
    ],
    ["the root of zod is not used", sample("contract/a.ts", 'import { z } from "zod";')],
    [
      "server has no node imports",
      sample("server/a.ts", 'import { randomUUID } from "node:crypto";'),
    ],
    ["nor lazy ones", sample("server/a.ts", 'const fs = await import("node:fs");')],
    ["no room imports a driver", sample("server/a.ts", 'import { Pool } from "pg";')],
    [
      "clerk has no Clerk package",
      sample("clerk/a.tsx", 'import { useAuth } from "@clerk/react";'),
    ],
    ["imports carry no extension", sample("server/a.ts", 'import { x } from "./b.js";')],
    ["a door opens only its rooms", sample("index.ts", 'export { x } from "./server";')],
    ["a new door must be declared here", sample("vue.ts", 'export { x } from "./react";')],
  ])("notices when %s", (_law, file) => {
    expect(brokenImports(file)).toHaveLength(1);
  });

  it("keeps every import inside the order of its folder", () => {
    expect(readSources().flatMap(againstOrder)).toEqual([]);
  });

  it.each([
    ["a later file is imported", sample("contract/errors.ts", 'import { x } from "./prices";')],
    [
      "a later file is imported for its types",
      sample("client/answer.ts", 'import type { X } from "./connection";'),
    ],
    [
      "a later folder is imported",
      sample("server/auth/session.ts", 'import { x } from "../ares/aresApi";'),
    ],
    [
      "a file imports a later folder",
      sample("server/refusals.ts", 'import { x } from "./http/answers";'),
    ],
    [
      "a folder within a folder is imported too early",
      sample("server/ledger/rows.ts", 'import { x } from "./sql/row";'),
    ],
    [
      "two engines know each other",
      sample("server/ledger/sql/row.ts", 'import { x } from "../redis/row";'),
    ],
    ["a file stands in no list", sample("server/stray.ts", 'import { x } from "./refusals";')],
    ["a file in no list is imported", sample("server/refusals.ts", 'import { x } from "./stray";')],
  ])("notices when %s", (_law, file) => {
    expect(againstOrder(file)).toHaveLength(1);
  });

  it("lists every file, and no file that is gone", () => {
    expect(unlisted(readSources())).toEqual([]);
    expect(unlisted([...readSources(), sample("server/ledger/stray.ts", "")])).toEqual([
      "server/ledger/stray",
    ]);
    expect(
      unlisted(readSources().filter(({ path }) => !path.startsWith("server/ledger/redis/"))),
    ).toEqual(["server/ledger/redis"]);
  });

  it("has no circle, types included", () => {
    expect(circleIn(readSources())).toEqual([]);
    const [a, b] = [
      sample("server/http/a.ts", 'import type { B } from "./b";'),
      sample("server/http/b.ts", 'export { a } from "./a";'),
    ];
    expect(circleIn([a, b])).toEqual(["server/http/a", "server/http/b", "server/http/a"]);
    const door = sample("index.ts", 'export { a } from "./react/a";');
    expect(circleIn([door, sample("react/a.ts", 'import type { B } from "ares-react";')])).toEqual([
      "index",
      "react/a",
      "index",
    ]);
  });

  it("has no drawer for leftovers", () => {
    const drawers = (files: SourceFile[]) =>
      files.filter(({ path }) =>
        /(^|\/)(utils?|helpers?|common|types|misc|shared)(\/|\.tsx?$)/i.test(path),
      );

    expect(drawers(readSources())).toEqual([]);
    expect(
      drawers([
        sample("react/helpers.ts", ""),
        sample("utils/money.ts", ""),
        sample("server/types.ts", ""),
      ]),
    ).toHaveLength(3);
  });

  it("has doors that are named re-exports and nothing else", () => {
    const impure = (files: SourceFile[]) =>
      files.filter(
        (file) =>
          roomOf(file) === "door" &&
          file.path !== command &&
          !/^(\s*export (type )?\{[^}]*\} from "\.\/[\w/]+";\s*|\s*export \{\};\s*|\s*\/\*\*[\s\S]*?\*\/)*$/.test(
            file.text,
          ),
      );

    expect(impure(readSources()).map(({ path }) => path)).toEqual([]);
    expect(
      impure([
        sample("index.ts", 'export * from "./react";'),
        sample("server.ts", "export const x = 1;"),
      ]),
    ).toHaveLength(2);
  });
});
