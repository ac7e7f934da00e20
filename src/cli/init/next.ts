import { type Recipe, type RecipeInput, wrapped } from "./recipe";
import type { SignIn } from "./signIn";
import { copier, serverFile } from "./sources";

const seeIt = (run: string, signIn: SignIn) =>
  `${run} dev, then open http://localhost:3000/ares${pressIt(signIn)}`;

/** What a user does on the first page, after its address. */
export const pressIt = (signIn: SignIn): string =>
  signIn === "clerk"
    ? " and press the button. The balance goes from 698 to 697."
    : ". Press the button, allow the connection, and press again. The balance goes from 698 to 697.";

export function nextApp(input: RecipeInput): Recipe {
  const { files, project, ledger, signIn } = input;
  const { src, typescript } = project;
  const [ts, tsx] = typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const layout =
    Object.keys(files).find((path) => path.startsWith(`${src}app/layout.`)) ??
    `${src}app/layout.${tsx}`;
  const module = `${src}lib/ares.${ts}`;
  const { copy, connect } = copier(input, { ares: `${src}lib/ares` });
  return {
    module,
    files: {
      ...copy(serverFile(ledger), module),
      ...copy("route.next-app.ts", `${src}app/api/ares/route.${ts}`),
      ...connect("connect.next-app.ts", `${src}app/api/ares/connect/[[...step]]/route.${ts}`),
      ...copy("ares-app.next.tsx", `${src}app/ares-app.${tsx}`),
      ...copy("ares-page.tsx", `${src}app/ares/page.${tsx}`),
    },
    edits: { [layout]: (text) => wrapped(text, /\{children\}/, "./ares-app") },
    byHand: `In ${layout}, put <AresApp> of ./ares-app around {children}.`,
    next: seeIt(runOf(project.packageManager), signIn),
  };
}

export function nextPages(input: RecipeInput): Recipe {
  const { files, project, ledger, signIn } = input;
  const { src, typescript } = project;
  const [ts, tsx] = typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const app =
    Object.keys(files).find((path) => path.startsWith(`${src}pages/_app.`)) ??
    `${src}pages/_app.${tsx}`;
  const module = `${src}lib/ares.${ts}`;
  const { copy, connect } = copier(input, { ares: `${src}lib/ares` });
  return {
    module,
    files: {
      ...copy(serverFile(ledger), module),
      ...copy("route.next-pages.ts", `${src}pages/api/ares.${ts}`),
      ...connect("connect.next-pages.ts", `${src}pages/api/ares/connect/[[...step]].${ts}`),
      ...copy("ares-app.tsx", `${src}lib/ares-app.${tsx}`),
      ...copy("ares-page.tsx", `${src}pages/ares.${tsx}`),
    },
    edits: {
      [app]: (text) => wrapped(text, /<Component \{\.\.\.pageProps\} \/>/, "../lib/ares-app"),
    },
    byHand: `In ${app}, put <AresApp> of ../lib/ares-app around <Component {...pageProps} />.`,
    dependencies: { "@hono/node-server": "^2.1.9" },
    next: seeIt(runOf(project.packageManager), signIn),
  };
}

export const runOf = (packageManager: string): string =>
  packageManager === "npm" ? "npm run" : packageManager;

export function reactRouter(input: RecipeInput): Recipe {
  const { project, files, ledger, signIn } = input;
  const [ts, tsx] = project.typescript ? ["ts", "tsx"] : ["js", "jsx"];
  const [root = `app/root.${tsx}`, routes = `app/routes.${ts}`] = ["app/root.", "app/routes."].map(
    (start) => Object.keys(files).find((path) => path.startsWith(start)),
  );
  const own = [
    `route("api/ares", "routes/api.ares.${ts}")`,
    ...(signIn === "clerk" ? [] : [`route("api/ares/connect/*", "routes/api.ares.connect.${ts}")`]),
    `route("ares", "routes/ares.${tsx}")`,
  ].join(", ");
  const module = `app/lib/ares.server.${ts}`;
  const { copy, connect } = copier(input, { ares: "app/lib/ares.server" });
  return {
    module,
    files: {
      ...copy(serverFile(ledger), module),
      ...copy("route.react-router.ts", `app/routes/api.ares.${ts}`),
      ...connect("connect.react-router.ts", `app/routes/api.ares.connect.${ts}`),
      ...copy("ares-app.tsx", `app/ares-app.${tsx}`),
      ...copy("ares-page.tsx", `app/routes/ares.${tsx}`),
    },
    edits: {
      [root]: (text) => wrapped(text, /<Outlet \/>/, "./ares-app"),
      [routes]: (text) => withRoutes(text, own),
    },
    byHand: `In ${root}, put <AresApp> of ./ares-app around <Outlet />. In ${routes}, write ${own}.`,
    next: `${runOf(project.packageManager)} dev, then open http://localhost:5173/ares${pressIt(signIn)}`,
  };
}

function withRoutes(text: string, own: string): string | undefined {
  if (text.includes("routes/api.ares")) return text;
  const listed = text.replace(/export default \[/, `export default [${own}, `);
  if (listed === text) return undefined;
  return /\broute\b[^;]*from/.test(text)
    ? listed
    : listed.replace(/\bindex\b(?=[^;]*from)/, "index, route");
}
