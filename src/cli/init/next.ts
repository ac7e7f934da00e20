import { onlyTs, type Recipe, type RecipeInput, wrapped } from "./recipe";
import { pageSource, providerSource, serverSource } from "./sources";

const client = '"use client";\n';
/** Without it a page that was reloaded before would wait for its paid server components. */
const routerRefresh = {
  imports: 'import { useRouter } from "next/navigation";',
  statement: "const { refresh } = useRouter();",
};
const seeIt = (run: string) =>
  `${run} dev, then open http://localhost:3000/ares and press the button. The balance goes from 698 to 697.`;

export function nextApp({ files, project, ledger }: RecipeInput): Recipe {
  const { src, typescript } = project;
  const [ts, tsx] = typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const layout =
    Object.keys(files).find((path) => path.startsWith(`${src}app/layout.`)) ??
    `${src}app/layout.${tsx}`;
  const module = `${src}lib/ares.${ts}`;
  return {
    module,
    files: {
      [module]: serverSource(ledger),
      [`${src}app/api/ares/route.${ts}`]: `import { ares } from "../../../lib/ares";\n\nexport const { GET, POST } = ares;\n`,
      [`${src}app/ares-app.${tsx}`]: providerSource(
        typescript,
        "../lib/ares",
        client,
        routerRefresh,
      ),
      [`${src}app/ares/page.${tsx}`]: pageSource(client),
    },
    edits: { [layout]: (text) => wrapped(text, /\{children\}/, "./ares-app") },
    byHand: `In ${layout}, put <AresApp> of ./ares-app around {children}.`,
    next: seeIt(runOf(project.packageManager)),
  };
}

export function nextPages({ files, project, ledger }: RecipeInput): Recipe {
  const { src, typescript } = project;
  const [ts, tsx] = typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const app =
    Object.keys(files).find((path) => path.startsWith(`${src}pages/_app.`)) ??
    `${src}pages/_app.${tsx}`;
  const module = `${src}lib/ares.${ts}`;
  return {
    module,
    files: {
      [module]: serverSource(ledger),
      [`${src}pages/api/ares.${ts}`]: `import { getRequestListener } from "@hono/node-server";
import { ares } from "../../lib/ares";

// The handler reads the body itself.
export const config = { api: { bodyParser: false, externalResolver: true } };

export default getRequestListener(ares.handler);
`,
      [`${src}lib/ares-app.${tsx}`]: providerSource(typescript, "./ares"),
      [`${src}pages/ares.${tsx}`]: pageSource(),
    },
    edits: {
      [app]: (text) => wrapped(text, /<Component \{\.\.\.pageProps\} \/>/, "../lib/ares-app"),
    },
    byHand: `In ${app}, put <AresApp> of ../lib/ares-app around <Component {...pageProps} />.`,
    dependencies: { "@hono/node-server": "^2.1.9" },
    next: seeIt(runOf(project.packageManager)),
  };
}

export const runOf = (packageManager: string): string =>
  packageManager === "npm" ? "npm run" : packageManager;

export function reactRouter({ project, files, ledger }: RecipeInput): Recipe {
  const { typescript } = project;
  const [ts, tsx] = typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const request = onlyTs(typescript, ": { request: Request }");
  const [root = `app/root.${tsx}`, routes = `app/routes.${ts}`] = ["app/root.", "app/routes."].map(
    (start) => Object.keys(files).find((path) => path.startsWith(start)),
  );
  const module = `app/lib/ares.server.${ts}`;
  return {
    module,
    files: {
      [module]: serverSource(ledger),
      [`app/routes/api.ares.${ts}`]: `import { ares } from "../lib/ares.server";

export const loader = ({ request }${request}) => ares.handler(request);
export const action = loader;
`,
      [`app/ares-app.${tsx}`]: providerSource(typescript, "./lib/ares.server"),
      [`app/routes/ares.${tsx}`]: pageSource(),
    },
    edits: {
      [root]: (text) => wrapped(text, /<Outlet \/>/, "./ares-app"),
      [routes]: (text) => withRoutes(text, ts, tsx),
    },
    byHand: `In ${root}, put <AresApp> of ./ares-app around <Outlet />. In ${routes}, name the routes api/ares and ares.`,
    next: `${runOf(project.packageManager)} dev, then open http://localhost:5173/ares and press the button. The balance goes from 698 to 697.`,
  };
}

function withRoutes(
  text: string,
  ts: string | undefined,
  tsx: string | undefined,
): string | undefined {
  if (text.includes("routes/api.ares")) return text;
  const own = `route("api/ares", "routes/api.ares.${ts}"), route("ares", "routes/ares.${tsx}")`;
  const listed = text.replace(/export default \[/, `export default [${own}, `);
  if (listed === text) return undefined;
  return /\broute\b[^;]*from/.test(text)
    ? listed
    : listed.replace(/\bindex\b(?=[^;]*from)/, "index, route");
}
