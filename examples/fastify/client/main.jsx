import { AresErrorNotice, AresGate, AresProvider, CreditBalance, useAresAction } from "ares-react";
import "ares-react/styles.css";
import { createRoot } from "react-dom/client";

const reports = [1, 2, 3, 4, 5];

async function signIn() {
  await fetch("/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "ann" }),
  });
  location.reload();
}

/** Calls the endpoint behind withCharge: one press is one charge, whatever becomes of its answer. */
function ExportButton() {
  const exportPdf = useAresAction({ usage: "export-pdf" }, (key) =>
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

createRoot(document.getElementById("root")).render(
  <AresProvider endpoint="/api/ares" signIn={signIn}>
    <CreditBalance />
    {reports.map((id) => (
      <AresGate key={id} usage="report" resource={`report-${id}`} label={`Report ${id}`}>
        <p>The text of report {id}.</p>
      </AresGate>
    ))}
    <ExportButton />
  </AresProvider>,
);
