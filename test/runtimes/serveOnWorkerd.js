/** `serveOnWorkerd.js <bundle> <port>`: the bundle on workerd, with a D1 database, and without Node's modules. */
import { Miniflare } from "miniflare";

const [, , bundle = "", port = "0"] = process.argv;
const workerd = new Miniflare({
  modules: true,
  scriptPath: bundle,
  compatibilityDate: "2026-07-01",
  d1Databases: ["DB"],
  host: "127.0.0.1",
  port: Number(port),
});
await workerd.ready;
