import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { root } from "./sourceFiles";

/** The files of `src` of which an app's bundle keeps code, when the app imports these names of the main door. */
async function filesBehind(names: readonly string[], entry = "./src/index.ts"): Promise<string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `import { ${names} } from "${entry}"; console.log(${names});`,
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    minify: true,
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

/** What only a page that charges needs: the machine, its keys, its look-ups. */
const isOfCharges = (path: string) => /^src\/client\/(charge|pendingKeys|lookups)\b/.test(path);

describe("a page that charges nothing", () => {
  it.each([
    [["AresProvider"]],
    [["AresProvider", "useAresUser"]],
    [["AresProvider", "useAresCharges"]],
    [["AresProvider", "CreditBalance", "LowBalance", "ConnectAres"]],
    [["AresProvider", "ChargeHistory", "ChargeReceipt", "UnknownCharge"]],
  ])("carries no code of charges: %s", async (names) => {
    expect((await filesBehind(names)).filter(isOfCharges)).toEqual([]);
  });

  it.each(["AresGate", "useAresGate", "useAresFetch", "useAresUsage", "useAresAction"])(
    "would be noticed to charge with %s",
    async (hook) => {
      const files = await filesBehind(["AresProvider", hook]);
      expect(files.filter(isOfCharges)).toContain("src/client/charge/next.ts");
    },
  );
});

describe("a page of gates", () => {
  const ofCalls = (files: string[]) =>
    files.filter((path) => /charge\/(calls|paidCall)/.test(path));

  it("carries no code of paid calls, which useAresAction brings", async () => {
    expect(ofCalls(await filesBehind(["AresProvider", "AresGate", "useAresFetch"]))).toEqual([]);
    expect(ofCalls(await filesBehind(["AresProvider", "useAresAction"]))).toHaveLength(2);
  });
});
