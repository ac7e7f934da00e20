import { AresGate, CreditBalance } from "ares-react";
import { useLabel } from "../world/labels";
import type { Dress } from "./dress";

/** An editor: small gates in a toolbar, beside the app's own buttons. */
export function ToolbarPage({ dress }: { dress: Dress }) {
  const pdf = useLabel("PDF export");
  const illustration = useLabel("Illustration");
  return (
    <div className="app-page">
      <header>
        <strong lang="en">Draft 3</strong>
        <CreditBalance />
      </header>
      <main>
        <div className="app-toolbar" role="toolbar" aria-label="Document">
          <button type="button" className={dress.button} lang="en">
            Undo
          </button>
          <button type="button" className={dress.button} lang="en">
            Share
          </button>
          <AresGate usage="image" resource="draft-3" label={illustration} size="small">
            <span>{illustration}</span>
          </AresGate>
          <AresGate usage="export-pdf" resource="draft-3" label={pdf} size="small">
            <a href="#pdf" className={dress.button}>
              {pdf}
            </a>
          </AresGate>
        </div>
        <p className={dress.text} lang="en">
          <bdi>Before the first tables were printed, every harbour kept its own.</bdi>
        </p>
      </main>
    </div>
  );
}
