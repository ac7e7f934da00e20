import { Hono } from "hono";
import { aresOf } from "./ares.js";
import { signIn } from "./session.js";

const app = new Hono()
  .use("/api/*", async (context, next) => {
    context.set("ares", await aresOf(context.env, (work) => context.executionCtx.waitUntil(work)));
    await next();
  })
  .all("/api/ares", ({ req, var: { ares } }) => ares.handler(req.raw))
  .post("/api/export", ({ req, var: { ares } }) =>
    ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) =>
      Response.json({ pdf: "…", paidWith: charge.id }),
    )(req.raw),
  )
  .get("/api/reports/:id", ({ req, var: { ares } }) =>
    ares.withPaid({ usage: "report", resource: req.param("id") }, async () =>
      Response.json({ report: req.param("id") }),
    )(req.raw),
  )
  .post("/sign-in", signIn);

export default app;
