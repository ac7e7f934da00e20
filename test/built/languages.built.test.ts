import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

beforeAll(() => {
  if (!existsSync(dist))
    throw new Error("There is no dist. Run npm run build first, or npm test, which does.");
});

/** One sentence of each language that no other language has. */
const sentences = {
  ar: "رصيدك غير كافٍ.",
  de: "Zu wenig Credits.",
  en: "Not enough credits.",
  es: "Faltan créditos.",
  fr: "Solde trop bas.",
  ja: "クレジットが足りません。",
};

/** The languages in an app's bundle. */
async function languagesIn(app: string): Promise<string[]> {
  const { outputFiles } = await build({
    stdin: { contents: app, resolveDir: dist },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    charset: "utf8",
    external: ["react", "react/jsx-runtime", "@tanstack/react-query"],
  });
  const text = outputFiles[0]?.text ?? "";
  return Object.entries(sentences).flatMap(([tag, sentence]) =>
    text.includes(sentence) ? [tag] : [],
  );
}

describe("a bundle", () => {
  it("with a gate and one language has that one and English, and no third", async () => {
    const app = `
      import { AresGate, AresProvider } from "./index.js";
      import { germanMessages } from "./messages/de.js";
      console.log(AresGate, AresProvider, germanMessages);
    `;

    expect(await languagesIn(app)).toEqual(["de", "en"]);
  });

  it("with a gate alone has English", async () => {
    expect(
      await languagesIn('import { AresGate } from "./index.js"; console.log(AresGate);'),
    ).toEqual(["en"]);
  });

  it("with no component has no texts at all", async () => {
    const app =
      'import { AresProvider, useAresGate } from "./index.js"; console.log(AresProvider, useAresGate);';

    expect(await languagesIn(app)).toEqual([]);
  });

  it("of all languages would be noticed", async () => {
    const all = Object.keys(sentences).filter((tag) => tag !== "en");
    const app = all.map((tag) => `export * from "./messages/${tag}.js";`).join("\n");

    expect(await languagesIn(app)).toEqual(all);
  });
});
