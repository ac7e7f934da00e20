/** What one charge costs a user with many rows of this hour: with few rows and with many, by turns. */
import { createServer } from "vite";

const LEDGERS = ["SQLite", "PostgreSQL", "Redis"];

/** @param {{ rows: number[] }} options */
export async function measure({ rows }) {
  // Vite only reads the TypeScript here, and serves nothing.
  const vite = await createServer({
    configFile: false,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, ws: false },
  });
  const { grown, engines } = await vite.ssrLoadModule("/test/engines/growth.ts");
  /** @type {import("../../test/engines/growth").Grown[]} */
  const ledgers = [];
  for (const name of LEDGERS.filter((name) => name in engines))
    ledgers.push(...(await grown(name, rows)));
  await vite.close();
  return { ledgers, missing: LEDGERS.filter((name) => !(name in engines)) };
}
