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
    symlinkSync(path.join(root, "node_modules", name), path.join(app, "node_modules", name), "junction");
  }
});

afterAll(() => {
  rmSync(app, { recursive: true, force: true });
});

const systems = [
  { system: "ESM under nodenext", file: "app.mts", module: ts.ModuleKind.NodeNext, resolution: ts.ModuleResolutionKind.NodeNext },
  { system: "CommonJS under nodenext", file: "app.cts", module: ts.ModuleKind.NodeNext, resolution: ts.ModuleResolutionKind.NodeNext },
  { system: "CommonJS under node16", file: "app.cts", module: ts.ModuleKind.Node16, resolution: ts.ModuleResolutionKind.Node16 },
  { system: "a bundler", file: "app.ts", module: ts.ModuleKind.ESNext, resolution: ts.ModuleResolutionKind.Bundler },
];

function compile({ file, module, resolution }: (typeof systems)[number], code: string) {
  const entry = path.join(app, file);
  writeFileSync(entry, code);
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
  return { entry, program: ts.createProgram([entry], options, cachedHost(options)) };
}

/** The compiler's complaints about the app and about our declarations. Other packages' own complaints are left out. */
function complaints(system: (typeof systems)[number], code: string): string[] {
  const { entry, program } = compile(system, code);
  const ours = program.getSourceFiles().filter(({ fileName }) => fileName === entry || fileName.includes("ares-react/dist/"));
  if (ours.length < 5) throw new Error("The app did not find the declarations of all four doors.");
  return ours
    .flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)])
    .map(({ file: where, messageText }) => `${where?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

const head = `
  import { AresGate, useAresFetch, useAresGate, useAresPrice, useAresUsage } from "ares-react";
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
const use = (usage: string) => `useAresGate({ usage: "${usage}" }); useAresUsage({ usage: "${usage}" });`;

it("an editor shows what the hooks give by its name, not member by member", () => {
  const [system] = systems;
  if (!system) throw new Error("There is no system to compile in.");
  const { entry, program } = compile(
    system,
    `import { useAresGate, useAresUsage, useAresUser } from "ares-react";
     export const user = useAresUser(), usage = useAresUsage({ usage: "report" }), gate = useAresGate({ usage: "report" });`,
  );
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const exported = source && checker.getSymbolAtLocation(source);
  const shown = exported && checker.getExportsOfModule(exported).map((name) => checker.typeToString(checker.getTypeOfSymbol(name)));

  expect(shown).toEqual(["UseAresUserResult", 'UseAresUsageResult<"report">', "AresGateState"]);
});

describe.each(systems)("in an app built with $system", (system) => {
  it("accepts any usage as long as no prices are registered", () => {
    expect(complaints(system, `${head}${use("anything")}`)).toEqual([]);
  });

  it("reads at most 110 files for a gate, and no zod", () => {
    const { program } = compile(
      system,
      `import { AresGate, AresProvider } from "ares-react"; export const app = [AresGate, AresProvider];`,
    );
    const read = program.getSourceFiles().map(({ fileName }) => fileName);

    expect(read.some((file) => file.includes("ares-react/dist/index.d"))).toBe(true);
    expect(read.filter((file) => file.includes("/zod/"))).toEqual([]);
    expect(read.length).toBeLessThanOrEqual(110);
  });

  it("accepts the registered usages", () => {
    expect(complaints(system, `${head}${register}${use("export-pdf")}${use("report")}`)).toEqual([]);
  });

  it("takes the input of a quoted usage as its schema does", () => {
    const right = `
      useAresGate({ usage: "render", input: { pages: 2 } });
      useAresGate({ usage: "render", input: { pages: 2 }, trigger: "mount", resource: "film-1" });
      useAresPrice({ usage: "render", input: { pages: 2 } });
      useAresPrice({ usage: "report" });
      useAresUsage({ usage: "render", input: { pages: 2 } });
      void useAresUsage({ usage: "render" }).charge({ input: { pages: 3 } });
      AresGate({ usage: "render", input: { pages: 2 } });`;
    expect(complaints(system, `${head}${register}${right}`)).toEqual([]);
  });

  it.each([
    ["no input for a gate", `useAresGate({ usage: "render" });`],
    ["no input for the gate of a call", `useAresFetch({ usage: "render" });`],
    ["no input for a price", `useAresPrice({ usage: "render" });`],
    ["another input", `useAresGate({ usage: "render", input: { page: 2 } });`],
    ["an input of another type", `useAresUsage({ usage: "render" }).charge({ input: { pages: "2" } });`],
    ["an input for a constant price", `useAresGate({ usage: "report", input: { pages: 2 } });`],
    ["an input for a constant price at the call", `useAresUsage({ usage: "report" }).charge({ input: { pages: 2 } });`],
  ])("refuses %s", (_, wrong) => {
    expect(complaints(system, `${head}${register}${wrong}`)).toHaveLength(1);
  });

  it("knows the registered usages in the labels of the provider", () => {
    const labels = (usage: string) => `import type { AresProviderProps } from "ares-react";
      export const labels: AresProviderProps["labels"] = { "${usage}": "PDF export" };`;
    expect(complaints(system, `${head}${register}${labels("export-pdf")}`)).toEqual([]);
    expect(complaints(system, `${head}${register}${labels("exprot-pdf")}`)).toEqual([expect.stringContaining("'\"exprot-pdf\"'")]);
  });

  it("needs a resource for a gate that charges on mount", () => {
    const gate = (rest: string) => `${head} export const gate = () => useAresGate({ usage: "report", trigger: "mount"${rest} });`;
    expect(complaints(system, gate(', resource: "r-1"'))).toEqual([]);
    expect(complaints(system, gate(""))).toEqual([expect.stringContaining("'resource' is missing")]);
  });

  it("imports the stylesheet, and no stylesheet that is not there", () => {
    expect(complaints(system, `${head}import "ares-react/styles.css";`)).toEqual([]);
    expect(complaints(system, `${head}import "ares-react/style.css";`)).toEqual([expect.stringContaining("ares-react/style.css")]);
  });

  it("refuses a usage without a price, in every hook", () => {
    const refusals = complaints(system, `${head}${register}${use("exprot-pdf")}`).filter((text) =>
      text.includes(`'"exprot-pdf"' is not assignable`),
    );

    expect(refusals).toHaveLength(2);
  });
});
