/** The program as a Worker, with a D1 database bound as `DB`. `/rules` checks a ledger on this database against every rule. */
import { fromD1, sqlLedger } from "ares-react/server";
import { keepRules } from "./keepRules.js";
import program from "./program.js";

// biome-ignore lint/style/noDefaultExport: Bun, Deno and Workers serve what a module exports by default.
export default {
  /** @param {Request} request @param {{ DB: import("ares-react/server").D1Client }} env */
  async fetch(request, env) {
    if (new URL(request.url).pathname !== "/rules") return program.fetch(request);
    const ledger = sqlLedger({ dialect: "sqlite", query: fromD1(env.DB) });
    await ledger.setup();
    return Response.json(await keepRules(ledger));
  },
};
