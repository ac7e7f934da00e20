import { AresGate, AresProvider, CreditBalance, useAresAction } from "ares-react";
import "ares-react/styles.css";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import type { prices } from "../server/prices";

declare module "ares-react" {
  interface Register {
    prices: typeof prices;
  }
}

const reports = [1, 2, 3, 4, 5];

async function signIn() {
  await fetch("/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "ann" }),
  });
  location.reload();
}

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

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
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
