import path from "node:path";
import files from "@fastify/static";
import { getRequestListener } from "@hono/node-server";
import fastify from "fastify";
import { ares, ledger } from "./ares.js";
import { cookieOf } from "./session.js";

await ledger.setup();

const exportPdf = ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) =>
  Response.json({ pdf: "…", paidWith: charge.id }),
);

/** Answers by a function of a web Request. Fastify keeps out of the answer. */
const by = (handler) => (request, reply) => {
  reply.hijack();
  return getRequestListener(handler)(request.raw, reply.raw);
};

const app = fastify();

// The routes of ARES read their bodies themselves, so no parser of Fastify stands in this scope.
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _body, done) => done(null));
  scope.all("/api/ares", by(ares.handler));
  scope.post("/api/export", by(exportPdf));
  scope.get("/api/reports/:id", (request, reply) => {
    const { id } = request.params;
    return by(
      ares.withPaid({ usage: "report", resource: id }, async () => Response.json({ report: id })),
    )(request, reply);
  });
});

app.post("/sign-in", (request, reply) =>
  reply
    .header("Set-Cookie", cookieOf(String(request.body.user)))
    .code(204)
    .send(),
);
app.register(files, { root: path.resolve("public") });

await app.listen({ port: Number(process.env.PORT ?? 3000) });
console.log(app.listeningOrigin);
