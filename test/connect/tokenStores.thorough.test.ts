import { PGlite } from "@electric-sql/pglite";
import { sqlTokens } from "../../src/connect/sqlTokens";
import { fromPglite } from "../../src/server";
import { keepsTheTokenRules } from "./tokenRules";

keepsTheTokenRules("PGlite", async () => {
  const db = await PGlite.create();
  const tokens = sqlTokens({ dialect: "postgres", query: fromPglite(db) });
  await tokens.setup();
  return { tokens, close: () => db.close() };
});
