import { pressIt, runOf } from "./next";
import { entryOf, type Files } from "./project";
import { type Recipe, type RecipeInput, replaced, withImport, wrapped } from "./recipe";
import { forSignIn, type SignIn } from "./signIn";
import { copier, serverFile, withoutPrices } from "./sources";

/** `pretend()` answers in development only, and a Node server is told so by no framework. */
const development = { ".env.development": "NODE_ENV=development\n" };

export function viteHono(input: RecipeInput): Recipe {
  const { files, project, ledger, signIn } = input;
  const { typescript, packageManager } = project;
  const [ts, tsx] = typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const [main = `src/main.${tsx}`, config = `vite.config.${ts}`] = [
    "src/main.",
    "vite.config.",
  ].map((start) => Object.keys(files).find((path) => path.startsWith(start)));
  const run = runOf(packageManager);
  const module = `server/ares.${ts}`;
  const { copy } = copier(input, { ares: "server/ares", prices: "server/prices" }, `.${ts}`);
  return {
    module,
    files: {
      ...development,
      ...copy("prices.ts", `server/prices.${ts}`),
      ...copy(serverFile(ledger), module, withoutPrices),
      ...copy("server.vite.ts", `server/index.${ts}`),
      ...copy("ares-app.tsx", `src/ares-app.${tsx}`),
      ...copy("ares-page.tsx", `src/AresPage.${tsx}`),
    },
    edits: {
      [main]: (text) => withPage(text, tsx),
      [config]: withProxy,
      ...("tsconfig.node.json" in files ? { "tsconfig.node.json": withServer } : {}),
    },
    byHand: `In ${main}, put <AresApp> around your app and <AresPage /> into it. In ${config}, proxy /api/ares to http://localhost:8787. Let a tsconfig with the types of Node include server/.`,
    dependencies: { "@hono/node-server": "^2.1.9", hono: "^4.13.19" },
    devDependencies: { tsx: "^4.20.0" },
    scripts: { "dev:api": `tsx watch --env-file=.env.development server/index.${ts}` },
    next: `${run} dev:api and, in a second terminal, ${run} dev. Open http://localhost:5173${pressIt(signIn)}`,
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

/** The short form of a proxy would give the API's own host to the API. */
function withProxy(text: string): string | undefined {
  if (text.includes("/api/ares")) return text;
  return replaced(
    text,
    /defineConfig\(\{/,
    'defineConfig({\n  server: { proxy: { "/api/ares": { target: "http://localhost:8787" } } },',
  );
}

/** The compiler's project of Vite's own config has the types of Node, so the server is checked there. */
function withServer(text: string): string | undefined {
  if (/"include": \[[^\]]*"server"/.test(text)) return text;
  return replaced(text, /("include": \[[^\]]*)\]/, '$1, "server"]');
}

const aresRoute = { mount: 'all("/api/ares"', name: "aresRoute", file: "./ares-route" };
const connectRoute = {
  mount: 'use("/api/ares/connect"',
  name: "connectRoute",
  file: "./ares-connect",
};

export function express(input: RecipeInput): Recipe {
  const { files, project, ledger, signIn } = input;
  const { src, typescript, modules, packageManager } = project;
  const ts = typescript ? "ts" : "js";
  const entry = entryOf(files) ?? `${src}app.${ts}`;
  const end = entry.endsWith(".mjs") ? "mjs" : ts;
  const esm = typescript || modules || end === "mjs";
  const module = `${src}ares.${end}`;
  const imported = importedEnding(end, modules);
  const { copy, connect } = copier(input, { ares: `${src}ares` }, imported);
  const copied = {
    ...copy(serverFile(ledger), module),
    ...copy("route.express.ts", `${src}ares-route.${end}`),
    ...connect("connect.express.ts", `${src}ares-connect.${end}`),
  };
  const routes = signIn === "clerk" ? [aresRoute] : [aresRoute, connectRoute];
  return {
    module,
    files: { ...development, ...(esm ? copied : asCommonJs(copied)) },
    edits: {
      [entry]: (text) => {
        if (text.includes("aresRoute")) return text;
        const lines = routes.map(({ mount, name, file }) =>
          esm ? `$2.${mount}, ${name});` : `$2.${mount}, require("${file}").${name});`,
        );
        const routed = replaced(
          text,
          /^((?:const|let|var) (\w+)[^=\n]*= express\(\);?)$/m,
          ["$1", ...lines].join("\n"),
        );
        if (!routed || !esm) return routed;
        return routes
          .map(({ name, file }) => `import { ${name} } from "${file}${imported}";`)
          .reduce(withImport, routed);
      },
    },
    byHand: `In ${entry}, write above express.json(): ${routes
      .map(({ mount, name, file }) => `app.${mount}, ${name}), with ${name} of ${file}`)
      .join("; ")}.`,
    dependencies: { "@hono/node-server": "^2.1.9" },
    scripts: { "dev:ares": devScript(files["package.json"] ?? "", entry) },
    next: firstCharge(`${runOf(packageManager)} dev:ares`, signIn),
  };
}

/** `init` writes no page for Express: how to see the user, and to charge, without one. */
function firstCharge(run: string, signIn: SignIn): string {
  if (signIn === "clerk") {
    return `${run}, then give your page <AresProvider endpoint="/api/ares">. The user has 698 credits.
Without a page: the first curl commands of node_modules/ares-react/README.md, with the address of your app, charge one credit.`;
  }
  const provider = forSignIn(
    '<AresProvider endpoint="/api/ares" connect="/api/ares/connect" signInWith="ares">',
    signIn,
  );
  return `${run}, then open http://localhost:3000/api/ares/connect?return=/api/ares (with the port of your app) and press Allow: the user has 698 credits.
The first charge, with a React page or none: node_modules/ares-react/docs/frameworks.md, "Express: the first charge". The page needs ${provider}.`;
}

/** The ending in an app's own imports: Node wants one in ES modules. */
function importedEnding(end: string, modules: boolean): string {
  if (end === "mjs") return ".mjs";
  return modules ? ".js" : "";
}

/** The start script, in development. */
function devScript(manifest: string, entry: string): string {
  const start = /"start":\s*"node ([^"]+)"/.exec(manifest)?.[1];
  const runner = entry.endsWith(".ts")
    ? "node --env-file=.env.development --import tsx"
    : "node --env-file=.env.development";
  return `${runner} ${start && !entry.endsWith(".ts") ? start : entry}`;
}

function asCommonJs(files: Files): Files {
  const required = (text: string) =>
    text
      .replace(/^import \{ (.*) \} from (.*);$/gm, "const { $1 } = require($2);")
      .replace(/^export \{ (\w+) \};$/gm, "exports.$1 = $1;")
      .replace(/^export const (\w+) = /gm, "const $1 = (exports.$1 = ")
      .replace(/^(const \w+ = \(exports\.[^;]*)(;)$/gm, "$1)$2");
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, required(text)]));
}
