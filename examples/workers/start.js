import { Miniflare } from "miniflare";

// workerd with a D1 database, as `wrangler dev` runs it. A deployment takes wrangler.jsonc.
const {
  PORT = "3000",
  ARES_CLIENT_ID,
  ARES_BASE_URL,
  ARES_TIMEOUT_MS,
  ARES_TOKENS,
  SESSION_SECRET,
} = process.env;
const bindings = { ARES_CLIENT_ID, ARES_BASE_URL, ARES_TIMEOUT_MS, ARES_TOKENS, SESSION_SECRET };

const workerd = new Miniflare({
  name: "ares-react-workers",
  modules: true,
  scriptPath: "dist/worker.js",
  compatibilityDate: "2026-07-01",
  d1Databases: ["DB"],
  d1Persist: "dist/d1",
  bindings: Object.fromEntries(Object.entries(bindings).filter(([, value]) => value !== undefined)),
  assets: { directory: "public", binding: "ASSETS", routerConfig: { has_user_worker: true } },
  host: "127.0.0.1",
  port: Number(PORT),
});
console.log(String(await workerd.ready));
