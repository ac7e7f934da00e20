import { fromIoredis, fromLibsql, fromPg } from "ares-react/server";

/**
 * @typedef {{ on: "redis" | "postgres" | "sqlite", port?: number, file?: string }} EngineChoice
 * @typedef {{
 *   redis?: import("ares-react/server").RedisConnection,
 *   sql?: { dialect: import("ares-react/server").SqlDialect, query: import("ares-react/server").SqlQuery },
 *   close(): Promise<unknown>,
 * }} OpenedEngine
 */

/**
 * Connects to an engine as an app would. Drivers are loaded only when needed, because servers restart under load.
 *
 * @type {Record<EngineChoice["on"], (choice: EngineChoice) => Promise<OpenedEngine>>}
 */
export const openEngine = {
  redis: async ({ port = 0 }) => {
    const { Redis } = await import("ioredis");
    const redis = new Redis(port, "127.0.0.1");
    redis.on("error", () => {});
    return { redis: fromIoredis(redis), close: async () => redis.disconnect() };
  },

  postgres: async ({ port = 0 }) => {
    const { Pool } = await import("pg");
    const pool = new Pool({ host: "127.0.0.1", port, user: "ares", database: "postgres", max: 10 });
    // Without a listener, a broken connection ends the process. The pool hears the errors of idle connections, but not
    // of closing ones.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return { sql: { dialect: "postgres", query: fromPg(pool) }, close: () => pool.end() };
  },

  sqlite: async ({ file }) => {
    const { createClient } = await import("@libsql/client");
    const client = createClient({ url: `file:${file}`, timeout: 5000 });
    await client.execute("PRAGMA journal_mode = WAL");
    return {
      sql: { dialect: "sqlite", query: fromLibsql(client) },
      close: async () => client.close(),
    };
  },
};
