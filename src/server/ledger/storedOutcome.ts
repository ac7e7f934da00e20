import * as z from "zod/mini";
/** An outcome as a ledger stores it. */
export const StoredOutcome = /* @__PURE__ */ (() =>
  z.object({
    code: z.exactOptional(z.string()),
    aresStatus: z.exactOptional(z.number()),
    balanceBefore: z.exactOptional(z.number()),
    wallet: z.exactOptional(z.string()),
    balanceAfter: z.exactOptional(z.number()),
    note: z.exactOptional(z.string()),
    repeats: z.exactOptional(z.number()),
  }))();
