import { inDevelopment } from "../../development";
import type { SqlQuery } from "./dialect";

/** Creates what a schema lacks. */
export interface SqlSetup {
  /** May run at every start. */
  setup(): Promise<void>;
  /** Runs before each statement. On a developer's machine the first one sets up. */
  inDevelopment(): Promise<void>;
}

export function sqlSetup(query: SqlQuery, schema: readonly string[]): SqlSetup {
  let ready: Promise<void> | undefined;

  async function setup(): Promise<void> {
    for (const statement of schema) {
      // When two servers create the same table at once, one fails. Its second try finds the table.
      await query(statement, []).catch(() => query(statement, []));
    }
  }

  /** The database may be there at the next statement. */
  function forget(error: unknown): never {
    ready = undefined;
    throw error;
  }

  return {
    setup,
    async inDevelopment() {
      // Only there: elsewhere a new ledger that nobody asked for would sell everything again.
      if (!inDevelopment()) return;
      ready ??= setup().catch(forget);
      await ready;
    },
  };
}
