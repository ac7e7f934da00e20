import * as kit from "../src/index";

const names = Object.keys(kit);

/**
 * Puts the needed imports in front of a story's source, so that a reader can paste the source. The reader brings the
 * app's own parts, such as `Report`.
 */
export function pasteable(code: string): string {
  if (/^import /m.test(code)) return code;
  const used = names.filter((name) => new RegExp(`(?:<|\\b)${name}\\b(?=[\\s(/>;.])`).test(code));
  return used.length > 0 ? `import { ${used.join(", ")} } from "ares-react";\n\n${code}` : code;
}
