import { getRequestListener } from "@hono/node-server";
import express from "express";
import { ares, ledger } from "./ares.js";
import { cookieOf } from "./session.js";

await ledger.setup();

const app = express();

// The routes of ARES read their bodies themselves, so they stand above express.json().
app.all("/api/ares", getRequestListener(ares.handler));

const exportPdf = ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) =>
  Response.json({ pdf: "…", paidWith: charge.id }),
);
app.post("/api/export", getRequestListener(exportPdf));

// A function of the request names the resource, so the listener is made for each path.
app.get("/api/reports/:id", (request, response) =>
  getRequestListener(
    ares.withPaid({ usage: "report", resource: request.params.id }, async () =>
      Response.json({ report: request.params.id }),
    ),
  )(request, response),
);

app.use(express.json());
app.post("/sign-in", (request, response) => {
  response
    .set("Set-Cookie", cookieOf(String(request.body.user)))
    .status(204)
    .end();
});
app.use(express.static("public"));

const server = app.listen(Number(process.env.PORT ?? 3000), () =>
  console.log(`http://localhost:${server.address().port}`),
);
