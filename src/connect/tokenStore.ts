import type { TokenRow } from "./tokenRow";

/**
 * Keeps the links between users and ARES: one row a user. `sqlTokens`, `redisTokens` and `memoryTokens` make one.
 *
 * A repeated write gives the same answer, because drivers re-send after a lost reply. Reads must come from the primary.
 *
 * @throws any error when the store can't be reached. The user then sees `auth_unavailable`, and no link is lost.
 */
export interface TokenStore {
  /** The row of an id, and the store's own clock in milliseconds since 1970. */
  read(id: string): Promise<{ row: TokenRow | null; now: number }>;
  /**
   * Writes a row whole, only while the stored revision is `was`; null: only while there is no row.
   *
   * - `written`, also where the stored row already is this one
   * - `stale`: another writer was quicker
   * - `taken`: another row `holds` the same
   */
  write(id: string, row: TokenRow, was: string | null): Promise<TokenWrite>;
  /** Removes a row, if there is one. */
  remove(id: string): Promise<void>;
  /** Creates what the store lacks, such as its table. */
  setup?(): Promise<void>;
}

/** The answer of a token store to a write. */
export type TokenWrite = "written" | "stale" | "taken";
