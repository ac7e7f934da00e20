import { AresGate, CreditBalance, useAresAction } from "ares-react";
import { useState } from "react";

const reports = [1, 2, 3, 4, 5];

/** Calls the endpoint behind withCharge: one press is one charge, also when its answer is lost. */
function ExportButton() {
  const [said, setSaid] = useState("");
  const exportPdf = useAresAction("export-pdf", (key: string) =>
    fetch("/api/export", { method: "POST", headers: { "Idempotency-Key": key } }),
  );
  async function press() {
    const answer = await exportPdf();
    setSaid(answer.ok ? "Exported." : "Not exported.");
  }
  return (
    <>
      <button type="button" onClick={press}>
        Export for 1 credit
      </button>
      <output>{said}</output>
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
