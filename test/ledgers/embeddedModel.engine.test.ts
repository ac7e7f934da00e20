import { keepsTheRules } from "./keepsTheRules";
import { modelRuns } from "./ledgerModel";
import { embedded } from "./openLedgers";

// `npm run test:thorough` already checks these ledgers against the rules, and against the model for a shorter time. Each has one adapter.
for (const name of ["a file of SQLite", "PGlite"])
  keepsTheRules(name, embedded[name], { modelRuns, rules: [] });
