import { serve } from "@hono/node-server";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { ares } from "./ares.js";

/** Prints each span, for the walk to read. */
const printed = {
  export(spans, done) {
    for (const span of spans) {
      const { name, attributes } = span;
      console.log(JSON.stringify({ span: name, trace: span.spanContext().traceId, attributes }));
    }
    done({ code: 0 });
  },
  shutdown: async () => {},
};
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(printed)] }),
);

/** What work costs here: the reader of a paid report counts one use of its charge. */
const report = ares.withCharge({ usage: "export-pdf" }, async () => Response.json({ pdf: "…" }));

async function reconcile(request) {
  const isCron = request.headers.get("Authorization") === `Bearer ${process.env.CRON_SECRET}`;
  if (!isCron) return new Response("Unauthorized", { status: 401 });
  const proposals = await ares.reconcile({ apply: true });
  const ended = proposals.filter(({ applied }) => applied).length;
  return Response.json({ ended, left: proposals.length - ended });
}

const routes = {
  "/api/ares": ares.handler,
  "/api/export": report,
  "/api/cron/reconcile": reconcile,
};

serve({
  port: Number(process.env.PORT),
  hostname: "127.0.0.1",
  fetch: (request) =>
    routes[new URL(request.url).pathname]?.(request) ?? new Response("A page.", { status: 200 }),
});
