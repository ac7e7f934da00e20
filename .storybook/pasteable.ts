import * as kit from "../src/index";

const names = Object.keys(kit);

/** Puts the imports in front of a story's source that whoever pastes it needs. What is the app's own, such as `Report`, is theirs to bring. */
export function pasteable(code: string): string {
  if (/^import /m.test(code)) return code;
  const used = names.filter((name) => new RegExp(`(?:<|\\b)${name}\\b(?=[\\s(/>;.])`).test(code));
  return used.length > 0 ? `import { ${used.join(", ")} } from "ares-react";\n\n${code}` : code;
}
