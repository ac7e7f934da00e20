import { runOf } from "./next";
import { entryOf } from "./project";
import { type Recipe, type RecipeInput, withImport, wrapped } from "./recipe";
import { pageSource, pricesCode, providerSource, serverSource } from "./sources";

/** `pretend()` answers in development only, and a Node server is told so by no framework. */
const development = { ".env.development": "NODE_ENV=development\n" };

export function viteHono({ files, project, ledger }: RecipeInput): Recipe {
  const { typescript, packageManager } = project;
  const [ts, tsx] = typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const [main = `src/main.${tsx}`, config = `vite.config.${ts}`] = [
    "src/main.",
    "vite.config.",
  ].map((start) => Object.keys(files).find((path) => path.startsWith(start)));
  const run = runOf(packageManager);
  const module = `server/ares.${ts}`;
  return {
    module,
    files: {
      ...development,
      [`server/prices.${ts}`]: `import { definePrices } from "ares-react/server";\n\n${pricesCode}`,
      [module]: serverSource(ledger, { from: `./prices.${ts}` }),
      [`server/index.${ts}`]: `import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { ares } from "./ares.${ts}";

const app = new Hono().onError((error) => ares.toResponse(error)).all("/api/ares", ({ req }) => ares.handler(req.raw));

serve({ fetch: app.fetch, port: 8787 });
`,
      [`src/ares-app.${tsx}`]: providerSource(typescript, `../server/prices.${ts}`),
      [`src/AresPage.${tsx}`]: pageSource(),
    },
    edits: {
      [main]: (text) => withPage(text, tsx),
      [config]: (text) =>
        text.includes("/api/ares")
          ? text
          : replaced(
              text,
              /defineConfig\(\{/,
              'defineConfig({\n  server: { proxy: { "/api/ares": { target: "http://localhost:8787" } } },',
            ),
    },
    byHand: `In ${main}, put <AresApp> around your app and <AresPage /> into it. In ${config}, proxy /api/ares to http://localhost:8787.`,
    dependencies: { "@hono/node-server": "^2.1.9", hono: "^4.13.19" },
    devDependencies: { tsx: "^4.20.0" },
    scripts: { "dev:api": `tsx watch --env-file=.env.development server/index.${ts}` },
    next: `${run} dev:api and, in a second terminal, ${run} dev. Open http://localhost:5173 and press the button. The balance goes from 698 to 697.`,
  };
}

function withPage(text: string, tsx: string | undefined): string | undefined {
  const inside = wrapped(text, /<App \/>/, `./ares-app.${tsx}`);
  if (inside === undefined || inside === text) return inside;
  return withImport(
    inside.replace("<AresApp>", "<AresApp><AresPage />"),
    `import AresPage from "./AresPage.${tsx}";`,
  );
}

export function express({ files, project, ledger }: RecipeInput): Recipe {
  const { src, typescript, modules, packageManager } = project;
  const ts = typescript ? "ts" : "js";
  const entry = entryOf(files) ?? `${src}app.${ts}`;
  const end = entry.endsWith(".mjs") ? "mjs" : ts;
  const esm = typescript || modules || end === "mjs";
  const source = `${serverSource(ledger)}
/** Bodies are read by the handler, so this route stands above express.json(). */
export const aresRoute = getRequestListener(ares.handler);
`;
  const code = `import { getRequestListener } from "@hono/node-server";\n${source}`;
  const module = `${src}ares.${end}`;
  return {
    module,
    files: { ...development, [module]: esm ? code : asCommonJs(code) },
    edits: {
      [entry]: (text) => {
        if (text.includes("aresRoute")) return text;
        const route = esm ? "aresRoute" : 'require("./ares").aresRoute';
        const routed = replaced(
          text,
          /^((?:const|let|var) (\w+)[^=\n]*= express\(\);?)$/m,
          `$1\n$2.all("/api/ares", ${route});`,
        );
        return routed && esm
          ? withImport(
              routed,
              `import { aresRoute } from "./ares${end === "mjs" ? ".mjs" : modules ? ".js" : ""}";`,
            )
          : routed;
      },
    },
    byHand: `In ${entry}, write app.all("/api/ares", aresRoute) above express.json(), with aresRoute of ./ares.`,
    dependencies: { "@hono/node-server": "^2.1.9" },
    scripts: { "dev:ares": devScript(files["package.json"] ?? "", entry) },
    next: `${runOf(packageManager)} dev:ares, then give your page <AresProvider endpoint="/api/ares">. The user has 698 credits.
Without a page: the first curl commands of node_modules/ares-react/README.md, with the address of your app, charge one credit.`,
  };
}

/** The start script, in development. */
function devScript(manifest: string, entry: string): string {
  const start = /"start":\s*"node ([^"]+)"/.exec(manifest)?.[1];
  const runner = entry.endsWith(".ts")
    ? "node --env-file=.env.development --import tsx"
    : "node --env-file=.env.development";
  return `${runner} ${start && !entry.endsWith(".ts") ? start : entry}`;
}

function asCommonJs(code: string): string {
  return code
    .replace(/^import \{ (.*) \} from (.*);$/gm, "const { $1 } = require($2);")
    .replace(/^export const (\w+) = /gm, "const $1 = (exports.$1 = ")
    .replace(/^(const \w+ = \(exports\.[^;]*)(;)$/gm, "$1)$2");
}

function replaced(text: string, place: RegExp, by: string): string | undefined {
  const next = text.replace(place, by);
  return next === text ? undefined : next;
}
