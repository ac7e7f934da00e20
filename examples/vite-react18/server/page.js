import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";

// Any host of static files can do this.
serve({
  fetch: new Hono().use(serveStatic({ root: "dist" })).fetch,
  port: Number(process.env.PORT ?? 3000),
});
