import { ares } from "@/lib/ares";

export const POST = ares.withCharge({ usage: "export-pdf" }, async (_request, { charge }) => {
  return Response.json({ pdf: "…", paidWith: charge.id });
});
