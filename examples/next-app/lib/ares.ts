import { createClient } from "@libsql/client";
import type { AresServerOptions } from "ares-react/server";
import { createAresServer, definePrices, fromLibsql, sqlLedger } from "ares-react/server";
import { auth } from "./session";

export const prices = definePrices({ report: 3, "export-pdf": 1 });

export const ledger = sqlLedger({
  dialect: "sqlite",
  query: fromLibsql(createClient({ url: process.env.DATABASE_URL ?? "file:ares.sqlite" })),
});

export const aresOptions = {
  clientId: process.env.ARES_CLIENT_ID ?? "next-app-example",
  prices,
  ledger,
  auth,
  onError: (error) => console.error("ares", error instanceof Error ? error.name : typeof error),
  ares: {
    timeoutMs: Number(process.env.ARES_TIMEOUT_MS ?? 10_000),
    // Without this variable, the real ARES is used.
    ...(process.env.ARES_BASE_URL && { baseUrl: process.env.ARES_BASE_URL }),
  },
} satisfies AresServerOptions;

export const ares = createAresServer(aresOptions);
