import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Hono } from "hono";
import { vi } from "vitest";
import { createAresSimulator } from "../../src/testing";
import { newSecret } from "../connect/tokenRules";
import type { Snippet } from "../laws/snippets";
import { listen } from "./listen";
import { appOf } from "./page";
import type { SignIn } from "./signIns";
import { createVisitor, type Visitor } from "./visitor";

export interface App {
  origin: string;
  simulator: ReturnType<typeof createAresSimulator>;
  newVisitor(): Visitor;
  close(): Promise<void>;
}

const realFetch = globalThis.fetch;

/** Within the libraries' folder, so that the files find them as an app does. */
const apps = path.join(import.meta.dirname, "packages", ".cache");

/** The files of docs/sign-in.md, and those that the app had before. */
export function filesOfApp({ title, given }: SignIn): Snippet[] {
  return [
    ...(given ? filesIn(path.join(import.meta.dirname, "given", given)) : []),
    ...appOf(title),
  ];
}

function filesIn(folder: string): Snippet[] {
  return readdirSync(folder).map((file) => ({
    file,
    code: readFileSync(path.join(folder, file), "utf8"),
  }));
}

function writeApp(signIn: SignIn): string {
  mkdirSync(apps, { recursive: true });
  const folder = mkdtempSync(path.join(apps, "app-"));
  for (const { file, code } of filesOfApp(signIn)) writeFileSync(path.join(folder, file), code);
  return folder;
}

/** Builds the app of a chapter, and serves it over HTTP with a pretend ARES in the place of joinares.com. */
export async function openApp(signIn: SignIn): Promise<App> {
  const simulator = createAresSimulator({
    users: { ada: 698, eve: 5 },
    clients: [signIn.title],
    clientSecret: "client-secret",
  });
  const ares = await listen("127.0.0.1");
  ares.use(simulator.serve);
  const site = await listen();

  const beside = await signIn.beside?.(site.origin);
  const hosts: Record<string, string> = {
    ...beside?.hosts,
    "joinares.com": ares.origin,
    "oauth.joinares.com": ares.origin,
  };
  const elsewhere = (address: URL) => {
    const origin = hosts[address.hostname];
    return origin ? new URL(`${address.pathname}${address.search}`, origin) : address;
  };
  vi.stubGlobal("fetch", (input: string | URL | Request, init?: RequestInit) => {
    if (input instanceof Request) return realFetch(input, init);
    return realFetch(elsewhere(new URL(input)), init);
  });
  const env = {
    APP_ORIGIN: site.origin,
    ARES_CLIENT_ID: signIn.title,
    ARES_CLIENT_SECRET: "client-secret",
    ARES_SECRET: newSecret(),
    ...signIn.env,
    ...beside?.env,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);

  const folder = writeApp(signIn);
  const { app }: { app: Hono } = await import(path.join(folder, "app.ts"));
  const whole = new Hono();
  if (signIn.given) {
    const { routes }: { routes: Hono } = await import(path.join(folder, "routes.ts"));
    whole.route("/", routes);
  }
  whole.route("/", app);
  site.use((request) => whole.fetch(request));

  return {
    origin: site.origin,
    simulator,
    newVisitor: () => createVisitor(site.origin, realFetch, elsewhere),
    async close() {
      await Promise.all([site.close(), ares.close(), beside?.close?.()]);
      rmSync(folder, { recursive: true, force: true });
      vi.unstubAllGlobals();
      vi.unstubAllEnvs();
    },
  };
}
