import { posix } from "node:path";
import type { Files, Framework } from "./project";
import type { LedgerChoice, RecipeInput } from "./recipe";
import { forSignIn } from "./signIn";

/** The packages of a ledger, with their types. */
export const ledgerPackages: Readonly<
  Record<LedgerChoice, { dependencies: Record<string, string>; types: Record<string, string> }>
> = {
  memory: { dependencies: {}, types: {} },
  postgres: { dependencies: { pg: "^8.23.1" }, types: { "@types/pg": "^8.23.1" } },
  sqlite: { dependencies: { "@libsql/client": "^0.18.0" }, types: {} },
  redis: { dependencies: { ioredis: "^6.0.0" }, types: {} },
};

/** Where the modules that the examples import as `./ares` and `./prices` stand in an app. */
interface Places {
  ares: string;
  prices?: string;
}

/** The file of the prices and the server. `pretend()` brings a ledger in memory. */
export const serverFile = (ledger: LedgerChoice): string =>
  ledger === "memory" ? "ares.ts" : `ares.${ledger}.ts`;

/**
 * Makes the functions that take a file of the examples to its path in an app, in the app's language and for its sign-in.
 * `connect` takes none where the app connects nobody by itself.
 *
 * @param imported the ending that the app's imports carry
 */
export function copier(
  { sources, project, signIn }: RecipeInput,
  { ares, prices = ares }: Places,
  imported = "",
): { copy: Copy; connect: Copy } {
  const copy: Copy = (name, path, change = (text) => text) => {
    const source = sources[project.typescript ? name : name.replace(/\.ts(x?)$/, ".js$1")];
    if (source === undefined) throw new Error(`There is no ${name} among the examples.`);
    const wayTo = (place: string) => {
      const way = posix.relative(posix.dirname(path), place);
      return `"${way.startsWith(".") ? "" : "./"}${way}${imported}"`;
    };
    const text = forSignIn(change(source), signIn)
      .replace('"./ares"', wayTo(ares))
      .replace('"./prices"', wayTo(prices));
    return { [path]: text };
  };
  return { copy, connect: signIn === "clerk" ? () => ({}) : copy };
}

type Copy = (name: string, path: string, change?: (text: string) => string) => Files;

/** Takes the prices out of a server's file: a page that is built by itself imports them without the server. */
export function withoutPrices(text: string): string {
  return text
    .replace(", definePrices", "")
    .replace(/export const prices = [^;]*;\n\n/, "")
    .replace("\n\n", '\nimport { prices } from "./prices";\n\n');
}

const pages = {
  "next-app": { publicName: "NEXT_PUBLIC_", origin: "http://localhost:3000" },
  "next-pages": { publicName: "NEXT_PUBLIC_", origin: "http://localhost:3000" },
  "react-router": { publicName: "VITE_", origin: "http://localhost:5173" },
  "vite-hono": { publicName: "VITE_", origin: "http://localhost:5173" },
  express: { publicName: "", origin: "http://localhost:3000" },
} satisfies Record<Framework, { publicName: string; origin: string }>;

const stores: Readonly<Record<LedgerChoice, string | undefined>> = {
  memory: undefined,
  postgres: undefined,
  sqlite: "DATABASE_URL=file:ares.sqlite",
  redis: "REDIS_URL=redis://localhost:6379",
};

/** Names every variable of a live server. */
export function envOf({ sources, project, ledger, signIn }: RecipeInput): string {
  const { publicName, origin } = pages[project.framework];
  const kind = signIn === "clerk" ? "clerk" : "connect";
  const own = (sources[`.env.${kind}`] ?? "")
    .replace("NEXT_PUBLIC_", publicName)
    .replace(/^APP_ORIGIN=.*$/m, `APP_ORIGIN=${origin}`)
    .replace(/^DATABASE_URL=.*$/m, (line) => stores[ledger] ?? line);
  return `# ares-react needs none of these while pretend() makes the server. docs/${kind}.md says where they come from.\n\n${own}`;
}
