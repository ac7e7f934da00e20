import { AresGate } from "ares-react";
import { useState } from "react";
import { paidFetch } from "./paidFetch";

/** Paid per use, with one click. */
export function ExportPdf() {
  return (
    <section className="feature" aria-labelledby="export">
      <h3 id="export">Export as PDF</h3>
      <p>The notes as a PDF, ready for the printer. Each export is one credit.</p>
      <AresGate usage="export-pdf" aria-label="Export as PDF" slots={{ unlocked: ({ receipt }) => <Download chargeKey={receipt.key} /> }} />
    </section>
  );
}

function Download({ chargeKey }: { chargeKey: string | undefined }) {
  const [problem, setProblem] = useState("");

  async function download() {
    setProblem("");
    try {
      const answer = await paidFetch("/api/export-pdf", chargeKey === undefined ? {} : { charge: chargeKey, request: chargeKey });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = "field-notes.pdf";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    } catch (error) {
      setProblem(`The PDF did not arrive. It is paid for: press again. ${error instanceof Error ? error.message : ""}`);
    }
  }

  return (
    <>
      <button type="button" className="plain" onClick={() => void download()}>
        Download field-notes.pdf
      </button>
      {problem !== "" && (
        <p className="notice" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
