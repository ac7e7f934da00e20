import { ares } from "@/lib/ares";

type Context = { params: Promise<{ id: string }> };

export const GET = ares.withPaid(
  { usage: "report", resource: async (_request, { params }: Context) => (await params).id },
  (_request, { charge }) => Response.json({ report: charge.resource }),
);
