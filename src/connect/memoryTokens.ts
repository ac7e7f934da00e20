import type { TokenRow } from "./tokenRow";
import type { TokenStore } from "./tokenStore";

/** The options of `memoryTokens`. */
export interface MemoryTokensOptions {
  /**
   * Shares the rows of this name within the process. A framework may load a module twice, and a hot reload loads it again.
   * Without a name each call makes a store of its own.
   */
  name?: string;
  /** @default Date.now */
  now?: () => number;
}

/**
 * Keeps the links between users and ARES in this process's memory, for development and tests. When the process ends, every
 * user has to connect again. Its code is the reference for the other stores.
 *
 * @example
 * const tokens = memoryTokens({ name: "my-app" })
 */
export function memoryTokens({ name, now = Date.now }: MemoryTokensOptions = {}): TokenStore {
  const rows = name === undefined ? new Map<string, TokenRow>() : sharedRows(name);

  function isTaken(id: string, holds: string | null): boolean {
    return holds !== null && [...rows].some(([other, row]) => other !== id && row.holds === holds);
  }

  return {
    async read(id) {
      const row = rows.get(id);
      return { row: row ? { ...row } : null, now: now() };
    },
    async write(id, row, was) {
      const revision = rows.get(id)?.revision ?? null;
      if (revision === row.revision) return "written";
      if (revision !== was) return "stale";
      if (isTaken(id, row.holds)) return "taken";
      rows.set(id, { ...row });
      return "written";
    },
    async remove(id) {
      rows.delete(id);
    },
  };
}

/** The rows of a name in this process. Each copy of this module finds them here. */
function sharedRows(name: string): Map<string, TokenRow> {
  const shared: { [ROWS]?: Map<string, Map<string, TokenRow>>; crypto?: unknown } = globalThis;
  const named = shared[ROWS] ?? new Map<string, Map<string, TokenRow>>();
  shared[ROWS] = named;
  const rows = named.get(name) ?? new Map<string, TokenRow>();
  named.set(name, rows);
  return rows;
}

const ROWS = /* @__PURE__ */ Symbol.for("ares-react.memoryTokens");
