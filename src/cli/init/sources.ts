import { type LedgerChoice, onlyTs } from "./recipe";

/** Imports and the ledger itself, by choice. `pretend()` brings a ledger in memory. */
const ledgerCode: Readonly<Record<LedgerChoice, { names: string; imports: string; code: string }>> =
  {
    memory: { names: "", imports: "", code: "" },
    postgres: {
      names: ", fromPg, sqlLedger",
      imports: 'import { Pool } from "pg";\n',
      code: `const pool = new Pool({ connectionString: process.env.DATABASE_URL });
// Without a listener a restart of PostgreSQL ends this process.
pool.on("error", (error) => console.error(error.message));
// Its tables come by themselves in development. Elsewhere "start" in package.json runs ares-react setup.
export const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });

`,
    },
    sqlite: {
      names: ", fromLibsql, sqlLedger",
      imports: 'import { createClient } from "@libsql/client";\n',
      code: `const client = createClient({ url: process.env.DATABASE_URL ?? "file:ares.sqlite" });
// Its tables come by themselves in development. Elsewhere "start" in package.json runs ares-react setup.
export const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });

`,
    },
    redis: {
      names: ", fromIoredis, redisLedger",
      imports: 'import { Redis } from "ioredis";\n',
      code: `export const ledger = redisLedger(fromIoredis(new Redis(process.env.REDIS_URL ?? "redis://localhost:6379")));

`,
    },
  };

/** The packages of a ledger, with their types. */
export const ledgerPackages: Readonly<
  Record<LedgerChoice, { dependencies: Record<string, string>; types: Record<string, string> }>
> = {
  memory: { dependencies: {}, types: {} },
  postgres: { dependencies: { pg: "^8.23.1" }, types: { "@types/pg": "^8.23.1" } },
  sqlite: { dependencies: { "@libsql/client": "^0.18.0" }, types: {} },
  redis: { dependencies: { ioredis: "^6.0.0" }, types: {} },
};

/** What a real server needs to know. */
export function envOf(ledger: LedgerChoice): string {
  const store = {
    memory: "",
    postgres: "DATABASE_URL=\n",
    sqlite: "DATABASE_URL=file:ares.sqlite\n",
    redis: "REDIS_URL=\n",
  }[ledger];
  return `# ares-react: nothing is needed while pretend() makes the server. docs/clerk.md says where the keys come from.\nARES_CLIENT_ID=\nCLERK_SECRET_KEY=\n${store}`;
}

export const pricesCode = `export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});
`;

/** The module of prices and server. */
export function serverSource(ledger: LedgerChoice, prices?: { from: string }): string {
  const { names, imports, code } = ledgerCode[ledger];
  return `import { createAresServer${prices ? "" : ", definePrices"}${names} } from "ares-react/server";
import { pretend } from "ares-react/testing";
${imports}${prices ? `import { prices } from "${prices.from}";\n` : ""}
${prices ? "" : `${pricesCode}\n`}${code}export const ares = createAresServer({
  prices,
  // No keys yet, and no real credits. Going live replaces this line with clientId, auth and ledger.
  ...pretend(),
${ledger === "memory" ? "" : "  ledger,\n"}});
`;
}

/** How a framework renders a route again: an import, and the statement that makes `refresh`. */
export interface Refresh {
  imports: string;
  statement: string;
}

/** The module of the provider, with the stylesheet. `prices` is where the types of the usages come from. */
export function providerSource(
  typescript: boolean,
  prices: string,
  directive = "",
  refresh?: Refresh,
): string {
  return `${directive}import { AresProvider } from "ares-react";
import "ares-react/styles.css";
${refresh ? `${refresh.imports}\n` : ""}${onlyTs(typescript, `import type { ReactNode } from "react";\nimport type { prices } from "${prices}";\n\ndeclare module "ares-react" {\n  interface Register {\n    prices: typeof prices;\n  }\n}\n`)}
export function AresApp({ children }${onlyTs(typescript, ": { children: ReactNode }")}) {
${refresh ? `  ${refresh.statement}\n` : ""}  return <AresProvider endpoint="/api/ares"${refresh ? " refresh={refresh}" : ""}>{children}</AresProvider>;
}
`;
}

/** A page with a balance and a gate, to press. */
export function pageSource(directive = ""): string {
  return `${directive}import { AresGate, CreditBalance } from "ares-react";

export default function AresPage() {
  return (
    <main>
      <CreditBalance />
      <AresGate usage="export-pdf" label="PDF export">
        <p>It works. You have 1 credit less.</p>
      </AresGate>
    </main>
  );
}
`;
}
