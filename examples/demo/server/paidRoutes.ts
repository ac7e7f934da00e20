import { Hono } from "hono";
import type { DemoAres } from "./ares";
import { drawIllustration } from "./illustration";
import { notesPdf } from "./notesPdf";
import { reports } from "./reports";

/** Only users who have paid get what costs the app money. The gate in the page is a curtain; these lines are the lock. */
export function paidRoutes(ares: DemoAres): Hono {
  const routes = new Hono();

  routes.onError((error) => ares.toResponse(error));

  /** Paid per use. The request names its charge by the key in the header `Ares-Charge`. One charge serves one request. */
  routes.get("/export-pdf", async ({ req, body }) => {
    await ares.requirePaid(req.raw, { usage: "export-pdf" });
    return body(notesPdf(), 200, {
      "Content-Type": "application/pdf",
      "Content-Disposition": 'attachment; filename="field-notes.pdf"',
      "Cache-Control": "private, no-store",
    });
  });

  /** Paid once and kept. The id is the `resource` of the charge, and the user may read it for ever. */
  routes.get("/illustrations/:id", async ({ req, body }) => {
    const resource = req.param("id");
    const { charge } = await ares.requirePaid(req.raw, { usage: "illustration", resource });
    return body(drawIllustration(resource, charge.id), 200, {
      "Content-Type": "image/svg+xml",
      "Cache-Control": "private, no-store",
    });
  });

  /** Paid once per id, for one reader. The page asks with one key of its own, and every other request is refused. */
  routes.get("/reports/:id", async ({ req, json, notFound }) => {
    const report = reports.find(({ id }) => id === req.param("id"));
    if (!report) return notFound();
    await ares.requirePaid(req.raw, { usage: "report", resource: report.id, uses: 1, repeats: 5 });
    return json(report, 200, { "Cache-Control": "private, no-store" });
  });

  return routes;
}
