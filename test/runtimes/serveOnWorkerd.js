/** `serveOnWorkerd.js <bundle> <port> <compatibility date>`: the bundle on workerd, with a D1 database, and without Node's modules. */
import { Miniflare } from "miniflare";

const [, , bundle = "", port = "0", compatibilityDate = ""] = process.argv;
const workerd = new Miniflare({
  modules: true,
  scriptPath: bundle,
  compatibilityDate,
  d1Databases: ["DB"],
  host: "127.0.0.1",
  port: Number(port),
});
await workerd.ready;
