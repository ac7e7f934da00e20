import { ares } from "../lib/ares.server";
import type { Route } from "./+types/export";

const exportPdf = ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) =>
  Response.json({ pdf: "…", paidWith: charge.id }),
);

export const action = ({ request }: Route.ActionArgs) => exportPdf(request);
