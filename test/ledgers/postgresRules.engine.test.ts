import { Pool } from "pg";
import postgres from "postgres";
import { fromPg, fromPostgresJs, sqlLedger } from "../../src/server";
import { postgresServer, startPostgres } from "./engines";
import { type Drivers, everyDriverKeepsTheRules } from "./keepsTheRules";

const onPostgres: Drivers = {
  pg: async ({ port }) => {
    const pool = new Pool({ host: "127.0.0.1", port, user: "ares", database: "postgres", max: 10 });
    pool.on("error", () => {});
    const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
    await ledger.setup();
    return { ledger, close: () => pool.end() };
  },
  "postgres.js": async ({ port }) => {
    const sql = postgres({
      host: "127.0.0.1",
      port,
      user: "ares",
      database: "postgres",
      max: 10,
      onnotice: () => {},
    });
    const ledger = sqlLedger({
      dialect: "postgres",
      query: fromPostgresJs(sql),
      table: "public.ares_by_postgres_js",
    });
    await ledger.setup();
    return { ledger, close: () => sql.end() };
  },
};

everyDriverKeepsTheRules("PostgreSQL", postgresServer, startPostgres, onPostgres);
