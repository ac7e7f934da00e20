const told = /* @__PURE__ */ new Set<string>();

/**
 * Tells the app's developer something once, in the browser's console. Each caller asks `process.env.NODE_ENV` itself, as
 * React does: bundlers then drop the call and its text from production builds.
 */
export function hint(text: string): void {
  if (told.has(text)) return;
  told.add(text);
  console.warn(`ARES: ${text}`);
}
