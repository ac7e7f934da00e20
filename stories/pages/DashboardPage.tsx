import { AresGate, type AresGateProps, CreditBalance } from "ares-react";
import { useLabel } from "../world/labels";
import { Report } from "../world/Report";
import type { Dress } from "./dress";

const figures = { Revenue: "$48,210", "Active users": "3,914", Churn: "1.8 %" };
const tiles = [
  ["Market report", "Sizing, share and growth of your segment, refreshed every Monday."],
  ["90-day forecast", "Revenue by cohort with a confidence band and its three drivers."],
  ["SEO audit", "240 checks on your site, sorted by what moves traffic."],
] as const;

interface DashboardPageProps {
  dress: Dress;
  /** The usage of the PDF export. @default "export-pdf" */
  exported?: string;
  /** When the gates ask before they charge. @default "never" */
  confirmation?: AresGateProps["confirmation"];
}

/** A dashboard: a balance in the header, gates in tiles, and a gate as a card of its own. */
export function DashboardPage({
  dress,
  exported = "export-pdf",
  confirmation,
}: DashboardPageProps) {
  const pdf = useLabel("PDF export");
  return (
    <div className="app-page">
      <header>
        <strong lang="en">Lagoon</strong>
        <CreditBalance variant="chip" />
      </header>
      <main>
        <dl className="app-tiles" lang="en" dir="ltr">
          {Object.entries(figures).map(([name, figure]) => (
            <div key={name} className={dress.tile}>
              <dt className={dress.text}>{name}</dt>
              <dd className={dress.figure}>{figure}</dd>
            </div>
          ))}
        </dl>
        <div className="app-tiles">
          {tiles.map(([title, text]) => (
            <section key={title} className={dress.tile}>
              <h3 className={dress.title} lang="en">
                <bdi>{title}</bdi>
              </h3>
              <p className={dress.text} lang="en">
                <bdi>{text}</bdi>
              </p>
              <AresGate usage="report" resource={title} confirmation={confirmation}>
                <Report title={title} />
              </AresGate>
            </section>
          ))}
          <AresGate
            usage={exported}
            label={pdf}
            variant="card"
            className="app-double"
            confirmation={confirmation}
          >
            <a href="#export" className={dress.link}>
              {pdf}
            </a>
          </AresGate>
        </div>
      </main>
    </div>
  );
}
