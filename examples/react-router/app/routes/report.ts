import { ares } from "../lib/ares.server";
import type { Route } from "./+types/report";

const paid = ares.withPaid(
  { usage: "report", resource: (_request, { id }: { id: string }) => id },
  async (_request, _paid, { id }) => Response.json({ report: id }),
);

export const loader = ({ request, params }: Route.LoaderArgs) => paid(request, params);
