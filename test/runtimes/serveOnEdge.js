/** `serveOnEdge.js <bundle> <port>`: the program in a realm that has the edge's globals and no others. */
import { readFileSync } from "node:fs";
import { EdgeRuntime, runServer } from "edge-runtime";

const [, , bundle = "", port = "0"] = process.argv;
await runServer({
  runtime: new EdgeRuntime({ initialCode: readFileSync(bundle, "utf8") }),
  host: "127.0.0.1",
  port: Number(port),
});
