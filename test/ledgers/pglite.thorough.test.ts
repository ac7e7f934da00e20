import { PGlite } from "@electric-sql/pglite";
import { fromPglite } from "../../src/server";
import { keepsTheRules } from "./keepsTheRules";
import { keepsWindows, timedSql } from "./keepsWindows";
import { embedded } from "./openLedgers";

keepsTheRules("PGlite", embedded.PGlite, { modelRuns: 15, durable: false });

keepsWindows("PGlite", async () => {
  const db = await PGlite.create();
  return { ...(await timedSql("postgres", fromPglite(db))), close: () => db.close() };
});
