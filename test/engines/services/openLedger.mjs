import {
  fromIoredis,
  fromLibsql,
  fromPg,
  memoryLedger,
  redisLedger,
  sqlLedger,
} from "ares-react/server";

/**
 * @typedef {{ on: "memory" | "redis" | "postgres" | "sqlite", port?: number, file?: string,
 *   wait?: { replicas: number, timeoutMs: number }, forgetsItsAge?: boolean }} Choice
 * @typedef {{ ledger: import("ares-react/server").Ledger, close(): Promise<unknown> }} Opened
 */

/**
 * Opens the ledger under test as an app would.
 *
 * @param {Choice} choice
 * @returns {Promise<Opened>}
 */
export async function openLedger(choice) {
  const { ledger, close } = await open[choice.on](choice);
  if (!choice.forgetsItsAge) return { ledger, close };
  // A negative control: without the epoch, a ledger that lost everything believes every key.
  return {
    ledger: {
      ...ledger,
      claim: (id, claim) => ledger.claim(id, { ...claim, mintedAt: Number.MAX_SAFE_INTEGER }),
    },
    close,
  };
}

/**
 * Drivers are loaded only when needed, because servers restart under load.
 *
 * @type {Record<Choice["on"], (choice: Choice) => Promise<Opened>>}
 */
const open = {
  memory: async () => ({ ledger: memoryLedger(), close: async () => {} }),

  redis: async ({ port = 0, wait }) => {
    const { Redis } = await import("ioredis");
    const redis = new Redis(port, "127.0.0.1");
    redis.on("error", () => {});
    return {
      ledger: redisLedger({ ...fromIoredis(redis), ...(wait && { wait }) }),
      close: async () => redis.disconnect(),
    };
  },

  postgres: async ({ port = 0 }) => {
    const { Pool } = await import("pg");
    const pool = new Pool({ host: "127.0.0.1", port, user: "ares", database: "postgres", max: 10 });
    // Without a listener, a broken connection ends the process. The pool hears the errors of idle connections, but not
    // of closing ones.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
    await ledger.setup();
    return { ledger, close: () => pool.end() };
  },

  sqlite: async ({ file }) => {
    const { createClient } = await import("@libsql/client");
    const client = createClient({ url: `file:${file}`, timeout: 5000 });
    await client.execute("PRAGMA journal_mode = WAL");
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
    await ledger.setup();
    return { ledger, close: async () => client.close() };
  },
};
