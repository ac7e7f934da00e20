import { keepsTheRules } from "./keepsTheRules";
import { embedded } from "./openLedgers";

keepsTheRules("PGlite", embedded.PGlite, { modelRuns: 15, durable: false });
