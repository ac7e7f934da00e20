import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { order, rooms } from "./house";
import { root } from "./sourceFiles";

const page = readFileSync(`${root}docs/architecture.md`, "utf8");

/** The map of `src` in words, made from the lists that the laws check. */
function mapOf(lists: typeof order): string {
  const nested = (folder: string) => Object.keys(lists[folder] ?? {});
  return Object.entries(lists)
    .map(([folder, entries]) => {
      const { rooms: neighbours = [], doors = [] } = rooms[folder] ?? {};
      const uses = [...neighbours, ...doors]
        .map((name) => `\`${name.replace(/\/index$/, "")}\``)
        .join(", ");
      const head = `**${folder}/**${uses ? ` may import ${uses}` : ""}`;
      const lines = Object.entries(entries).map(([entry, about], index) => {
        const inside = nested(`${folder}/${entry}`).length > 0 ? " (own list below)" : "";
        return `${index + 1}. \`${entry}\`: ${about}${inside}`;
      });
      return [head, "", ...lines].join("\n");
    })
    .join("\n\n");
}

function between(mark: string, text: string): string {
  return new RegExp(`<!-- ${mark} -->\\n([\\s\\S]*?)\\n?<!-- /${mark} -->`).exec(text)?.[1] ?? "";
}

// `UPDATE_DOCS=1 npx vitest run test/laws/architecture` writes the map again.
if (process.env.UPDATE_DOCS) {
  const map = `<!-- map -->\n${mapOf(order)}\n<!-- /map -->`;
  writeFileSync(
    `${root}docs/architecture.md`,
    page.replace(/<!-- map -->[\s\S]*<!-- \/map -->/, () => map),
  );
}

describe("docs/architecture.md", () => {
  it("shows the map that the laws check", () => {
    expect(between("map", page)).toBe(mapOf(order));
  });

  it("would differ from the map of another house", () => {
    expect(between("map", page)).not.toBe(
      mapOf({ ...order, server: { ...order.server, attic: "old things" } }),
    );
  });

  it("names only folders and files that exist", () => {
    const named = [
      ...page.matchAll(
        /`((?:contract|client|react|clerk|server|connect|otel|receipt|rsc|testing)\/[\w/]+)`/g,
      ),
    ].map(([, path = ""]) => path);
    const places = Object.entries(order).flatMap(([folder, entries]) =>
      Object.keys(entries).map((entry) => `${folder}/${entry}`),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(
      named.filter(
        (path) => !places.some((place) => path === place || path.startsWith(`${place}/`)),
      ),
    ).toEqual([]);
  });
});
