import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { ares, connection } from "./ares";

const app = new Hono()
  .onError((error) => ares.toResponse(error))
  .all("/api/ares", ({ req }) => ares.handler(req.raw))
  .all("/api/ares/connect/*", ({ req }) => connection.handler(req.raw));

serve({ fetch: app.fetch, port: 8787 }, ({ port }) => {
  console.log(`The API listens on http://localhost:${port}`);
});
