import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * What an app can import from the package, such as `./server`; a pattern, such as `./messages/*`, counts once for each
 * file that was built for it. The stylesheet and the manifest are no doors.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function doorsOf(root) {
  /** @type {{ exports: Record<string, string | { default: string }> }} */
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  return Object.entries(manifest.exports).flatMap(([door, target]) => {
    if (typeof target === "string" || target.default.endsWith(".css")) return [];
    const [folder, ending] = target.default.split("*");
    if (folder === undefined || ending === undefined) return [door];
    const files = readdirSync(path.join(root, folder)).filter((file) => file.endsWith(ending));
    return files.map((file) => door.replace("*", file.slice(0, -ending.length)));
  });
}
