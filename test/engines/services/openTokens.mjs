import { redisTokens, sqlTokens } from "ares-react/connect";
import { openEngine } from "./openEngine.mjs";

/**
 * Opens the store of tokens under test as an app would.
 *
 * @typedef {import("./openEngine.mjs").EngineChoice} EngineChoice
 * @param {EngineChoice} choice
 */
export async function openTokens(choice) {
  const { redis, sql, close } = await openEngine[choice.on](choice);
  if (redis) return { tokens: redisTokens(redis), close };
  if (!sql) throw new Error(`There are no tokens on ${choice.on}.`);
  const tokens = sqlTokens(sql);
  await tokens.setup();
  return { tokens, close };
}

/**
 * A negative control: a store that says yes to each claim and each "sent", and keeps none. Every server then believes that it
 * alone renews.
 *
 * @param {import("ares-react/connect").TokenStore} tokens
 * @returns {import("ares-react/connect").TokenStore}
 */
export function forgetClaims(tokens) {
  return {
    ...tokens,
    async write(id, row) {
      if (row.step !== "stored") return "written";
      const { row: stored } = await tokens.read(id);
      return tokens.write(id, row, stored?.revision ?? null);
    },
  };
}
