import { AresGate } from "ares-react";
import { useEffect, useState } from "react";
import * as z from "zod/mini";
import { paidFetch, Refused } from "./paidFetch";

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
      <p>Three credits each, once. A report you have paid for opens by itself, in any tab and after any reload.</p>
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
type ReportBody = z.infer<typeof ReportBody>;

function Report({ id }: { id: string }) {
  const [body, setBody] = useState<ReportBody | Error>();

  useEffect(() => {
    let over = false;
    // Every visit of the page sends the same request. So the one use of the charge serves all visits.
    paidFetch(`/api/reports/${id}`, { request: `page:${id}` })
      .then(async (answer) => ReportBody.parse(await answer.json()))
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      .then((next) => !over && setBody(next));
    return () => {
      over = true;
    };
  }, [id]);

  if (body === undefined) return <p aria-busy="true">Opening the report…</p>;
  if (body instanceof Error) {
    return (
      <p className="notice" role="alert">
        {body instanceof Refused && body.status === 402
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
