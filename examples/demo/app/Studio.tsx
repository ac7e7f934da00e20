import { CreditBalance } from "ares-react";
import "ares-react/styles.css";
import type { ReactNode } from "react";
import { ExportPdf } from "./ExportPdf";
import { Illustrations } from "./Illustrations";
import { Reports } from "./Reports";

/** The app itself: a small document studio with three features that are paid per use. */
export function Studio({ who, account }: { who: ReactNode; account: string | null | undefined }) {
  return (
    <div className="studio">
      <header className="studio-bar">
        <h1>Folio</h1>
        <CreditBalance />
        {who}
      </header>
      <main className="sheet">
        <h2>Field notes, March</h2>
        <p className="byline">The Alder above the mill · five entries</p>
        <p>
          Ice gone from the upper pool on the 14th. Two dippers were singing by then, and the first
          coltsfoot stood on the bank a day later, level at 52 cm and falling.
        </p>
        <p>
          It rained through the night of the 18th. By noon the river had reached 71 cm and the ford
          was closed for three days.
        </p>
        <ExportPdf account={account ?? ""} />
        <Illustrations account={account ?? ""} />
        <Reports />
      </main>
    </div>
  );
}
