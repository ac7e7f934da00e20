import { AresErrorNotice, AresGate, CreditBalance, useAresAction } from "ares-react";

const reports = [1, 2, 3, 4, 5];

/** Calls the endpoint behind withCharge: one press is one charge, whatever becomes of its answer. */
function ExportButton() {
  const exportPdf = useAresAction({ usage: "export-pdf" }, (key: string) =>
    fetch("/api/export", { method: "POST", headers: { "Idempotency-Key": key } }),
  );
  return (
    <>
      <button type="button" onClick={exportPdf.run}>
        Export for {exportPdf.price} credit
      </button>
      <output>{exportPdf.status === "done" && "Exported."}</output>
      <AresErrorNotice
        charge={exportPdf}
        onRetry={exportPdf.retry}
        onCheck={exportPdf.check}
        onReset={exportPdf.reset}
      />
    </>
  );
}

export default function Page() {
  return (
    <main>
      <CreditBalance />
      {reports.map((id) => (
        <AresGate key={id} usage="report" resource={`report-${id}`} label={`Report ${id}`}>
          <p>The text of report {id}.</p>
        </AresGate>
      ))}
      <ExportButton />
    </main>
  );
}
