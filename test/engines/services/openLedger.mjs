import { memoryLedger, redisLedger, sqlLedger } from "ares-react/server";
import { openEngine } from "./openEngine.mjs";

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
  const { ledger, close } = await open(choice);
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

/** @param {Choice} choice @returns {Promise<Opened>} */
async function open({ on, wait, ...place }) {
  if (on === "memory") return { ledger: memoryLedger(), close: async () => {} };
  const { redis, sql, close } = await openEngine[on]({ on, ...place });
  if (redis) return { ledger: redisLedger({ ...redis, ...(wait && { wait }) }), close };
  if (!sql) throw new Error(`There is no ledger on ${on}.`);
  const ledger = sqlLedger(sql);
  await ledger.setup();
  return { ledger, close };
}
