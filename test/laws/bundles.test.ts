import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { root } from "./sourceFiles";

/** What an app's bundle keeps when the app imports these names of the main door: its text, and the files of `src` in it. */
async function bundleOf(names: readonly string[]): Promise<{ text: string; files: string[] }> {
  const { metafile, outputFiles } = await build({
    stdin: {
      contents: `import { ${names} } from "./src/index.ts"; console.log(${names});`,
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
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
  return { text: outputFiles.map(({ text }) => text).join(""), files };
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
    expect((await bundleOf(names)).files.filter(isOfCharges)).toEqual([]);
  });

  it.each(["AresGate", "useAresGate", "useAresFetch", "useAresUsage", "useAresAction"])(
    "would be noticed to charge with %s",
    async (hook) => {
      const { files } = await bundleOf(["AresProvider", hook]);
      expect(files.filter(isOfCharges)).toContain("src/client/charge/next.ts");
    },
  );
});

describe("a page of gates", () => {
  const filesOfCalls = async (...names: string[]) => {
    const { files } = await bundleOf(["AresProvider", ...names]);
    return files.filter((path) => /charge\/(calls|paidCall)/.test(path));
  };

  it("carries no code of paid calls, which useAresAction brings", async () => {
    expect(await filesOfCalls("AresGate", "useAresFetch")).toEqual([]);
    expect(await filesOfCalls("useAresAction")).toHaveLength(2);
  });
});

describe("English", () => {
  const texts = {
    CreditBalance: "ARES balance: {balance}",
    AresGate: "Unlock {label}",
    ChargeHistory: "Reading your charges",
    ChargeReceipt: "Balance afterwards",
    UnknownCharge: "Checked so far",
    AresErrorNotice: "Too many attempts.",
  };

  it("comes with the component that speaks it, and not with the provider", async () => {
    const { text } = await bundleOf(["AresProvider", "useAresUser", "useAresUsage"]);
    expect(Object.values(texts).filter((english) => text.includes(english))).toEqual([]);
  });

  it.each(Object.entries(texts))("of %s comes with it", async (component, english) => {
    expect((await bundleOf([component])).text).toContain(english);
  });

  it("of other components does not come with a balance", async () => {
    const { text } = await bundleOf(["AresProvider", "CreditBalance"]);
    const found = Object.values(texts).filter((english) => text.includes(english));
    expect(found).toEqual([texts.CreditBalance]);
  });
});
