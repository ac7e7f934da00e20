import { AresGate, isAresError } from "ares-react";
import * as z from "zod/mini";
import { usePaidContent } from "./usePaidContent";

const titles: Readonly<Record<string, string>> = {
  "alder-2025": "The Alder, twelve months of water",
  "orchard-2025": "The old orchard, tree by tree",
  "moths-2025": "Moths at the lamp",
};

/** Each report is paid once and kept: the report's id is the `resource` of its charge. */
export function Reports() {
  return (
    <section className="feature" aria-labelledby="reports">
      <h3 id="reports">Yearly reports</h3>
      <p>
        Three credits each, once. A report you have paid for opens by itself, in any tab and after
        any reload.
      </p>
      <ul className="reports">
        {Object.entries(titles).map(([id, title]) => (
          <li key={id}>
            <h4>{title}</h4>
            <AresGate usage="report" resource={id} label={title}>
              <Report id={id} />
            </AresGate>
          </li>
        ))}
      </ul>
    </section>
  );
}

const ReportBody = z.object({
  paragraphs: z.array(z.string()),
  figures: z.array(z.object({ label: z.string(), value: z.number(), unit: z.string() })),
});

function Report({ id }: { id: string }) {
  const body = usePaidContent({
    usage: "report",
    resource: id,
    path: `/api/reports/${id}`,
    // Every visit of the page sends the same request. So the one use of the charge serves all visits.
    request: `page:${id}`,
    read: async (answer) => ReportBody.parse(await answer.json()),
  });

  if (body === undefined) return <p aria-busy="true">Opening the report…</p>;
  if (body instanceof Error) {
    return (
      <p className="notice" role="alert">
        {isAresError(body) && body.code === "used_up"
          ? "This report was already opened elsewhere, and one payment opens it for one reader."
          : `The report did not arrive. It is paid for: reload the page. ${body.message}`}
      </p>
    );
  }
  return (
    <div className="report">
      {body.paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <dl>
        {body.figures.map(({ label, value, unit }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {value.toLocaleString("en")} {unit}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
