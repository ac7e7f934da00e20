import { describe, expect, it } from "vitest";
import { recipeOf, recipes } from "./recipes";

describe("the recipes of docs/looks", () => {
  it("are those of the styles that apps use", () => {
    expect(recipes.map(({ name }) => name).sort()).toEqual([
      "bootstrap-5",
      "mui",
      "plain",
      "shadcn",
      "tailwind-3",
      "tailwind-4",
    ]);
  });

  it.each(recipes)(
    "$name shows one sheet and one component, and the component imports both sheets in their order",
    ({ name, files }) => {
      expect(Object.keys(files)).toEqual([`${name}.css`, `${name}.tsx`]);
      const [sheet = "", component = ""] = Object.values(files);
      expect(component).toContain(`import "./${name}.css";`);
      expect(component).toContain("export const Feature");
      const kit = [...`${sheet}${component}`.matchAll(/import "ares-react\/(styles[\w.]*)";/g)].map(
        ([, file]) => file,
      );
      expect(kit).toEqual([sheet.includes("@layer theme") ? "styles.layer.css" : "styles.css"]);
    },
  );

  it("are read from the page as they stand there", () => {
    const page =
      "# A\n\n```css\n/* app/a.css */\n:root {}\n```\n\n```tsx\n// app/a.tsx\nexport const Feature = 1;\n```\n";
    expect(recipeOf("a", page).files).toEqual({
      "a.css": ":root {}\n",
      "a.tsx": "export const Feature = 1;\n",
    });
  });
});
