import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { readSources, roomOf, root } from "./sourceFiles";

/** The names of a door that exist at run time. */
function valuesOf(door: string): string[] {
  const text = readSources().find(({ path }) => path === door)?.text ?? "";
  const constants = [...text.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name);
  return [...text.matchAll(/export \{([^}]*)\}/g)]
    .flatMap(([, list = ""]) => list.split(","))
    .concat(constants)
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}

/** What is left in an app's bundle that imports this one name of the door: files of `src`, and packages by their names. */
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
  return Object.values(metafile.outputs).flatMap(({ inputs, imports }) => [
    ...Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
    ...imports.map(({ path }) => path),
  ]);
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
  {
    door: "connect.ts",
    part: "oauth4webapi",
    file: /^oauth4webapi$/,
    bringers: /^aresConnect$/,
  },
  {
    door: "connect.ts",
    part: "the table of tokens",
    file: /^src\/connect\/sqlTokens/,
    bringers: /^sqlTokens$/,
  },
  {
    door: "connect.ts",
    part: "the tokens on Redis",
    file: /^src\/connect\/redisTokens/,
    bringers: /^redisTokens$/,
  },
  {
    door: "receipt.ts",
    part: "jose",
    file: /^jose$/,
    bringers: /^(sign|verify)Receipt$/,
  },
  {
    door: "clerk.ts",
    part: "React",
    file: /^react$/,
    bringers: /^AresProviderWithClerk$/,
  },
  {
    door: "testing.ts",
    part: "React",
    file: /^react$/,
    bringers: /^AresTestProvider$/,
  },
  {
    door: "testing.ts",
    part: "msw",
    file: /^msw$/,
    bringers: /^aresHandlers$/,
  },
  {
    door: "testing.ts",
    part: "the server itself",
    file: /^src\/server\/createAresServer/,
    bringers: /^(AresTestProvider|aresHandlers|createTestServer)$/,
  },
  {
    door: "testing.ts",
    part: "the simulator",
    file: /^src\/testing\/simulator\/createAresSimulator/,
    bringers: /^(AresTestProvider|aresHandlers|createAresSimulator|createTestServer|pretend)$/,
  },
  {
    door: "testing.ts",
    part: "the rules of a ledger",
    file: /^src\/testing\/ledgerRules\//,
    bringers: /^ledger(Use)?Rules$/,
  },
];

describe.each(parts)("$part of $door", ({ door, file, bringers }) => {
  it("comes with the names that need it, and with no other name of the door", async () => {
    const kept = await Promise.all(
      valuesOf(door).map(async (name) => ({ name, files: await keptBy(door, name) })),
    );
    const bring = kept.filter(({ files }) => files.some((path) => file.test(path)));

    expect(kept.length).toBeGreaterThan(bring.length);
    expect(bring.length).toBeGreaterThan(0);
    expect(bring.map(({ name }) => name).filter((name) => !bringers.test(name))).toEqual([]);
  });
});

/** A door with one name, and all that the name may bring. */
const oneName = [
  { door: "otel.ts", brings: /^(src\/(otel|contract)\/.*|@opentelemetry\/api)$/ },
  {
    door: "rsc.ts",
    brings:
      /^(src\/(rsc|react|client|contract)\/.*|react|react\/jsx-runtime|@tanstack\/react-query)$/,
  },
  ...readSources()
    .filter(({ path }) => /^react\/messages\/(?!en)[a-z]{2}(-\w+)?\.ts$/.test(path))
    .map(({ path }) => ({ door: path, brings: new RegExp(`^src/${path}$`) })),
];

describe.each(oneName)("the name of $door", ({ door, brings }) => {
  it("brings no other room and no other package", async () => {
    const names = valuesOf(door);
    const files = (await Promise.all(names.map((name) => keptBy(door, name)))).flat();

    expect(names).toHaveLength(1);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((path) => !brings.test(path))).toEqual([]);
  });
});

it("is held for every door", () => {
  const held = [...parts, ...oneName].map(({ door }) => door);
  const doors = readSources().filter((file) => roomOf(file) === "door" && file.path !== "cli.ts");

  expect(doors.map(({ path }) => path).filter((path) => !held.includes(path))).toEqual([]);
});
