import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cachedHost } from "../laws/cachedHost";

const root = fileURLToPath(new URL("../../", import.meta.url));
let app = "";

// An installed app: its node_modules holds this package and its peers.
beforeAll(() => {
  app = mkdtempSync(path.join(tmpdir(), "ares-react-types-"));
  mkdirSync(path.join(app, "node_modules"));
  writeFileSync(path.join(app, "package.json"), '{ "type": "module" }');
  symlinkSync(root, path.join(app, "node_modules", "ares-react"), "junction");
  for (const name of ["react", "@types", "@tanstack", "csstype", "zod", "msw", "@clerk"]) {
    symlinkSync(
      path.join(root, "node_modules", name),
      path.join(app, "node_modules", name),
      "junction",
    );
  }
});

afterAll(() => {
  rmSync(app, { recursive: true, force: true });
});

const systems = [
  {
    system: "ESM under nodenext",
    file: "app.mts",
    module: ts.ModuleKind.NodeNext,
    resolution: ts.ModuleResolutionKind.NodeNext,
  },
  {
    system: "CommonJS under nodenext",
    file: "app.cts",
    module: ts.ModuleKind.NodeNext,
    resolution: ts.ModuleResolutionKind.NodeNext,
  },
  {
    system: "CommonJS under node20",
    file: "app.cts",
    module: ts.ModuleKind.Node20,
    resolution: ts.ModuleResolutionKind.Node16,
  },
  {
    system: "a bundler",
    file: "app.ts",
    module: ts.ModuleKind.ESNext,
    resolution: ts.ModuleResolutionKind.Bundler,
  },
];

function compile({ file, module, resolution }: (typeof systems)[number], codes: readonly string[]) {
  const entries = codes.map((code, n) => {
    const entry = path.join(app, `${n}-${file}`);
    writeFileSync(entry, code);
    return entry;
  });
  const options: ts.CompilerOptions = {
    module,
    moduleResolution: resolution,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    jsx: ts.JsxEmit.ReactJSX,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedSideEffectImports: true,
    noEmit: true,
    preserveSymlinks: true,
  };
  return { entries, program: ts.createProgram(entries, options, cachedHost(options)) };
}

/** The compiler's complaints about each code, and about our declarations. Other packages' own complaints are left out. */
function complaints(
  system: (typeof systems)[number],
  codes: readonly string[],
): { of: string[][]; declarations: string[] } {
  const { entries, program } = compile(system, codes);
  const about = (source: ts.SourceFile) =>
    [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
  const declared = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes("ares-react/dist/"));
  if (declared.length < 4)
    throw new Error("The app did not find the declarations of all four doors.");
  const of = entries.map((entry) =>
    about(program.getSourceFile(entry) ?? expect.fail(`There is no ${entry}.`)),
  );
  return { of, declarations: declared.flatMap(about) };
}

const head = `
  import { AresGate, useAresFetch, useAresGate, useAresPrice, useAresUsage, type AresProviderProps } from "ares-react";
  import { definePrices, quoted } from "ares-react/server";
  import * as z from "zod";
  import * as clerk from "ares-react/clerk";
  import * as testing from "ares-react/testing";
  export const prices = definePrices({
    "export-pdf": 1,
    report: { credits: 3 },
    render: quoted({ input: z.object({ pages: z.number() }), credits: ({ pages }) => pages * 0.1 }),
  });
  export const doors = [clerk, testing, AresGate, useAresPrice];
`;
const register = `declare module "ares-react" { interface Register { prices: typeof prices } }`;
const use = (usage: string) =>
  `useAresGate({ usage: "${usage}" }); useAresUsage({ usage: "${usage}" });`;
const label = (usage: string) =>
  `export const labels: AresProviderProps["labels"] = { "${usage}": "PDF export" };`;

/** A code, and the words of the complaints that it must meet: none, or one for each. */
type Case = readonly [title: string, code: string, ...words: string[]];

const withoutPrices: Case[] = [
  ["accepts any usage as long as no prices are registered", use("anything")],
  [
    "takes a gate that charges on mount with a resource",
    `useAresGate({ usage: "report", trigger: "mount", resource: "r-1" });`,
  ],
  [
    "refuses a gate that charges on mount without one",
    `useAresGate({ usage: "report", trigger: "mount" });`,
    "'resource' is missing",
  ],
  ["imports the stylesheet", `import "ares-react/styles.css";`],
  [
    "imports no stylesheet that is not there",
    `import "ares-react/style.css";`,
    "ares-react/style.css",
  ],
];

const withPrices: Case[] = [
  ["accepts the registered usages", use("export-pdf") + use("report")],
  [
    "refuses a usage without a price, in every hook",
    use("exprot-pdf"),
    `'"exprot-pdf"' is not assignable`,
    `'"exprot-pdf"' is not assignable`,
  ],
  ["knows the registered usages in the labels of the provider", label("export-pdf")],
  ["refuses another usage in the labels of the provider", label("exprot-pdf"), `'"exprot-pdf"'`],
  [
    "takes the input of a quoted usage as its schema does",
    `
      useAresGate({ usage: "render", input: { pages: 2 } });
      useAresGate({ usage: "render", input: { pages: 2 }, trigger: "mount", resource: "film-1" });
      useAresPrice({ usage: "render", input: { pages: 2 } });
      useAresPrice({ usage: "report" });
      useAresUsage({ usage: "render", input: { pages: 2 } });
      void useAresUsage({ usage: "render" }).charge({ input: { pages: 3 } });
      AresGate({ usage: "render", input: { pages: 2 } });`,
  ],
  ["refuses no input for a gate", `useAresGate({ usage: "render" });`, "input"],
  ["refuses no input for the gate of a call", `useAresFetch({ usage: "render" });`, "input"],
  ["refuses no input for a price", `useAresPrice({ usage: "render" });`, "input"],
  ["refuses another input", `useAresGate({ usage: "render", input: { page: 2 } });`, "page"],
  [
    "refuses an input of another type",
    `useAresUsage({ usage: "render" }).charge({ input: { pages: "2" } });`,
    "string",
  ],
  [
    "refuses an input for a constant price",
    `useAresGate({ usage: "report", input: { pages: 2 } });`,
    "undefined",
  ],
  [
    "refuses an input for a constant price at the call",
    `useAresUsage({ usage: "report" }).charge({ input: { pages: 2 } });`,
    "undefined",
  ],
];

it("an editor shows each of the ten most used names by a name, not member by member", () => {
  const [system] = systems;
  if (!system) throw new Error("There is no system to compile in.");
  const { entries, program } = compile(system, [
    `import { AresGate, AresProvider, CreditBalance, useAresFetch, useAresGate, useAresPrice, useAresUsage, useAresUser } from "ares-react";
     import { createAresServer, definePrices, memoryLedger } from "ares-react/server";
     export const user = useAresUser(), usage = useAresUsage({ usage: "report" }), gate = useAresGate({ usage: "report" });
     export const price = useAresPrice({ usage: "report" }), call = useAresFetch({ usage: "report" });
     export { AresGate, AresProvider, CreditBalance };
     export const prices = definePrices({ report: 3 });
     export const ares = createAresServer({ clientId: "id", prices, auth: async () => null, ledger: memoryLedger() });`,
  ]);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entries[0] ?? "");
  const exported = source && checker.getSymbolAtLocation(source);
  const names = exported ? checker.getExportsOfModule(exported) : [];
  const real = (name: ts.Symbol) =>
    name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
  const shown = names.map((name) => [
    name.name,
    checker.typeToString(checker.getTypeOfSymbol(real(name))),
  ]);

  expect(Object.fromEntries(shown)).toEqual({
    user: "UseAresUserResult",
    usage: 'UseAresUsageResult<"report">',
    gate: "AresGateState",
    price: "UseAresPriceResult",
    call: "UseAresFetchResult",
    AresGate: "ForwardRefExoticComponent<AresGateProps & RefAttributes<HTMLDivElement>>",
    AresProvider: "(props: AresProviderProps) => Element",
    CreditBalance: "ForwardRefExoticComponent<CreditBalanceProps & RefAttributes<HTMLSpanElement>>",
    prices: "{ readonly report: 3; }",
    ares: "AresServer<{ readonly report: 3; }>",
  });
});

describe.each(systems)("in an app built with $system", (system) => {
  // One program for all codes: the compiler reads and checks the declarations once.
  describe.each([
    ["without registered prices", withoutPrices, ""],
    ["with registered prices", withPrices, register],
  ])("%s", (_, cases, registered) => {
    let found: ReturnType<typeof complaints>;
    beforeAll(() => {
      found = complaints(
        system,
        cases.map(([, code]) => `${head}${registered}${code}`),
      );
    });

    it("complains of none of the declarations", () => {
      expect(found.declarations).toEqual([]);
    });

    it.each(cases.map(([title, , ...words], n) => ({ title, words, n })))(
      "$title",
      ({ words, n }) => {
        expect(found.of[n]).toEqual(words.map((word) => expect.stringContaining(word)));
      },
    );
  });

  it("reads at most 110 files for a gate, and no zod", () => {
    const { program } = compile(system, [
      `import { AresGate, AresProvider } from "ares-react"; export const app = [AresGate, AresProvider];`,
    ]);
    const read = program.getSourceFiles().map(({ fileName }) => fileName);

    expect(read.some((file) => file.includes("ares-react/dist/index.d"))).toBe(true);
    expect(read.filter((file) => file.includes("/zod/"))).toEqual([]);
    expect(read.length).toBeLessThanOrEqual(110);
  });
});

it("TypeScript refuses to require the package under node16, which does not know that Node can", () => {
  const node16 = {
    system: "CommonJS under node16",
    file: "app.cts",
    module: ts.ModuleKind.Node16,
    resolution: ts.ModuleResolutionKind.Node16,
  };
  const [found] = complaints(node16, [
    `import { memoryLedger } from "ares-react/server"; import "ares-react/testing"; import "ares-react/clerk"; export const ledger = memoryLedger();`,
  ]).of;

  expect(found?.[0]).toContain("ECMAScript module");
});

it("an app without msw compiles ares-react/testing, its declarations and those it needs included", () => {
  const bare = mkdtempSync(path.join(tmpdir(), "ares-react-bare-"));
  const modules = path.join(bare, "node_modules");
  mkdirSync(path.join(modules, "ares-react"), { recursive: true });
  for (const part of ["dist", "package.json"])
    symlinkSync(path.join(root, part), path.join(modules, "ares-react", part), "junction");
  for (const name of ["react", "@types", "@tanstack", "csstype", "zod"])
    symlinkSync(path.join(root, "node_modules", name), path.join(modules, name), "junction");
  const file = path.join(bare, "app.ts");
  writeFileSync(
    file,
    `import { aresHandlers, createAresSimulator, createTestServer } from "ares-react/testing";
     export const simulator = createAresSimulator(), server = createTestServer({ simulator }), handlers = aresHandlers({ simulator });`,
  );
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    jsx: ts.JsxEmit.ReactJSX,
    types: [],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    preserveSymlinks: true,
  };
  const program = ts.createProgram([file], options, cachedHost(options));
  const words = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  rmSync(bare, { recursive: true, force: true });

  expect(words).toEqual([]);
});
