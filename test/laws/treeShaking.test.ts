import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { readSources, root } from "./sourceFiles";

/** The names of a door that exist at run time. */
function valuesOf(door: string): string[] {
  const text = readSources().find(({ path }) => path === door)?.text ?? "";
  return [...text.matchAll(/export \{([^}]*)\}/g)]
    .flatMap(([, list = ""]) => list.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}

/** The files of `src` that are left in an app's bundle which imports this one name of the door. */
async function keptBy(door: string, name: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: `export { ${name} } from "./src/${door}";`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    packages: "external",
    define: { "process.env.NODE_ENV": '"production"' },
    outdir: "unwritten",
    write: false,
    metafile: true,
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
}

/** A heavy part of a door, and the names that may bring it: what the part is for. Every other name comes without it. */
const parts = [
  {
    door: "index.ts",
    part: "the charge machine",
    file: /^src\/client\/charge\//,
    bringers: /^(AresGate|useAresGate|useAresFetch|useAresUsage|useAresAction)$/,
  },
  {
    door: "index.ts",
    part: "the gate's words",
    file: /^src\/react\/gate\/words\/gateWords/,
    bringers: /^(AresGate(Status|Actions)?|UnlockButton|AresErrorNotice)$/,
  },
  {
    door: "server.ts",
    part: "the ledger on Redis",
    file: /^src\/server\/ledger\/redis\//,
    bringers: /^(redisLedger|from(Ioredis|NodeRedis|Iovalkey|Upstash))$/,
  },
  {
    door: "server.ts",
    part: "the ledger on SQL",
    file: /^src\/server\/ledger\/sql\//,
    bringers:
      /^(sqlLedger|ledgerSchema|from(Pg|PostgresJs|Neon|Pglite|Libsql|BetterSqlite3|NodeSqlite|D1))$/,
  },
  {
    door: "server.ts",
    part: "the server itself",
    file: /^src\/server\/createAresServer/,
    bringers: /^createAresServer$/,
  },
];

describe.each(parts)("$part of $door", ({ door, file, bringers }) => {
  it("comes with the names that need it, and with no other name of the door", async () => {
    const kept = await Promise.all(
      valuesOf(door).map(async (name) => ({ name, files: await keptBy(door, name) })),
    );
    const bring = kept.filter(({ files }) => files.some((path) => file.test(path)));

    expect(kept.length).toBeGreaterThan(10);
    expect(bring.length).toBeGreaterThan(0);
    expect(bring.map(({ name }) => name).filter((name) => !bringers.test(name))).toEqual([]);
  });
});
