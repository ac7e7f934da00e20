import { AresGate, CreditBalance } from "ares-react";
import { useLabel } from "../world/labels";
import type { Dress } from "./dress";

const invoices = [
  ["INV-2041", "Fjord & Sons", "12 Nov 2026", "€ 4,210.00"],
  ["INV-2040", "Hotel Meridian", "11 Nov 2026", "€ 980.00"],
  ["INV-2039", "Kite Labs GmbH", "9 Nov 2026", "€ 12,400.00"],
] as const;

/** A table with a small gate in each row. */
export function TablePage({ dress }: { dress: Dress }) {
  const pdf = useLabel("PDF export");
  return (
    <div className="app-page">
      <header>
        <strong lang="en">All invoices</strong>
        <CreditBalance />
      </header>
      <main>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it. */}
        <div className="app-scroll" tabIndex={0}>
          <table className={dress.table}>
            <tbody>
              {invoices.map(([number, customer, date, amount]) => (
                <tr key={number}>
                  <th scope="row">
                    <bdi lang="en">{number}</bdi>
                  </th>
                  <td>
                    <bdi lang="en">{customer}</bdi>
                  </td>
                  <td>
                    <bdi lang="en">{date}</bdi>
                  </td>
                  <td>
                    <bdi lang="en">{amount}</bdi>
                  </td>
                  <td>
                    <AresGate usage="export-pdf" resource={number} aria-label={pdf} size="small">
                      <a href="#pdf" className={dress.link}>
                        PDF
                      </a>
                    </AresGate>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </main>
    </div>
  );
}
