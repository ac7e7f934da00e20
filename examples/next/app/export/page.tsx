"use client";
import { AresErrorNotice, useAresAction } from "ares-react";
import { exportPdf } from "./actions";
import { ExportButton } from "./button";

/** The same export twice: by a server action, and by the endpoint behind `withCharge`. */
export default function Page() {
  const pdf = useAresAction({ usage: "export-pdf", name: "export-pdf-action" }, exportPdf);
  return (
    <main>
      <button type="button" onClick={pdf.run}>
        Export by an action
      </button>
      <output>{pdf.result && `Paid with ${pdf.result.paidWith}`}</output>
      <AresErrorNotice charge={pdf} onRetry={pdf.retry} onCheck={pdf.check} onReset={pdf.reset} />
      <ExportButton />
    </main>
  );
}
