"use client";
import { AresGate, useAresAction } from "ares-react";
import { useState } from "react";

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
      <AresGate usage="report" resource="report-42" label="Report 42">
        <p>The report.</p>
      </AresGate>
      <ExportButton />
    </main>
  );
}
