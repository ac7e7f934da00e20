import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { ares, ledger } from "./ares.js";
import { cookieOf } from "./session.js";

await ledger.setup();

const exportPdf = ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) =>
  Response.json({ pdf: "…", paidWith: charge.id }),
);
const report = (id) =>
  ares.withPaid({ usage: "report", resource: id }, async () => Response.json({ report: id }));

// Routes of ARES answer preflights by themselves. The sign-in is the app's own, and so is its CORS.
const app = new Hono()
  .all("/api/ares", ({ req }) => ares.handler(req.raw))
  .all("/api/export", ({ req }) => exportPdf(req.raw))
  .all("/api/reports/:id", ({ req }) => report(req.param("id"))(req.raw))
  .use(
    "/sign-in",
    cors({ origin: process.env.PAGE_ORIGIN ?? "http://localhost:3000", credentials: true }),
  )
  .post("/sign-in", async ({ req, body }) =>
    body(null, 204, { "Set-Cookie": cookieOf(String((await req.json()).user)) }),
  );

serve({ fetch: app.fetch, port: Number(process.env.API_PORT ?? 4000) });
