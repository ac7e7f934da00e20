import { getRequestListener } from "@hono/node-server";
import type { NextApiRequest, NextApiResponse } from "next";
import { ares } from "@/lib/ares";

export const config = { api: { bodyParser: false, externalResolver: true } };

export default function report(request: NextApiRequest, response: NextApiResponse) {
  const id = String(request.query.id);
  const paid = ares.withPaid({ usage: "report", resource: id }, async () =>
    Response.json({ report: id }),
  );
  return getRequestListener(paid)(request, response);
}
