import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { ares, ledger } from "./ares";
import { signIn } from "./session";

await ledger.setup();

const exportPdf = ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) =>
  Response.json({ pdf: "…", paidWith: charge.id }),
);

const app = new Hono()
  .onError((error) => ares.toResponse(error))
  .all("/api/ares", ({ req }) => ares.handler(req.raw))
  .post("/api/export", ({ req }) => exportPdf(req.raw))
  .get("/api/reports/:id", async ({ req, json }) => {
    await ares.requirePaid(req.raw, { usage: "report", resource: req.param("id") });
    return json({ report: req.param("id") });
  })
  .route("/", signIn)
  .use(serveStatic({ root: "dist/page" }));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
