/** `serveOnNode.js <port>` */
import { serve } from "@hono/node-server";
import program from "./program.js";

serve({ fetch: program.fetch, hostname: "127.0.0.1", port: Number(process.argv[2]) });
