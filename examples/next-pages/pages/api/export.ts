import { getRequestListener } from "@hono/node-server";
import { ares } from "@/lib/ares";

export const config = { api: { bodyParser: false, externalResolver: true } };

const exportPdf = ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) =>
  Response.json({ pdf: "…", paidWith: charge.id }),
);

export default getRequestListener(exportPdf);
