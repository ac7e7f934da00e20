import path from "node:path";
import { createClient } from "@libsql/client";
import {
  type Authenticate,
  createAresServer,
  fromLibsql,
  type SqlLedger,
  sqlLedger,
} from "ares-react/server";
import { prices } from "./prices";

/** Opens the demo's ledger. After a restart, or a kill during a charge, the ledger still has the charges. */
export async function openLedger(folder: string): Promise<SqlLedger> {
  const client = createClient({ url: `file:${path.join(folder, "ledger.sqlite")}`, timeout: 5000 });
  // Browser, server and database share one clock, so a key can't be older than its mint time.
  const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client), skewMs: 0 });
  await ledger.setup();
  await nextSecond(ledger);
  return ledger;
}

/** `date +%s` rounds down. In the ledger's first second, such a key would be older than the ledger and refused. */
async function nextSecond(ledger: SqlLedger): Promise<void> {
  const { epoch, now } = await ledger.health();
  const ms = Math.ceil(epoch / 1000) * 1000 - now;
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

/** The ARES endpoint of the demo, over the pretend ARES. */
export function pretendAres(ledger: SqlLedger, auth: Authenticate, simulatorUrl: string) {
  return createAresServer({
    clientId: "demo",
    prices,
    auth,
    ledger,
    // A short limit: a visitor who breaks ARES soon sees an unanswered charge. A test on a busy machine needs more.
    ares: { baseUrl: simulatorUrl, timeoutMs: Number(process.env.DEMO_ARES_MS ?? 4000) },
  });
}

/** This app's ARES server. Its usages are the names in `prices`. */
export type DemoAres = ReturnType<typeof pretendAres>;
