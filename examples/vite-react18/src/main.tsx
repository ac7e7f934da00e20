import { AresGate, AresProvider, CreditBalance, useAresAction } from "ares-react";
import "ares-react/styles.css";
import { useState } from "react";
import { createRoot } from "react-dom/client";

const reports = [1, 2, 3, 4, 5];

const api = import.meta.env.VITE_API ?? "http://localhost:4000";

/** Without this, a browser sends no cookies to another origin. */
const fetchWithCookies: typeof fetch = (input, init) =>
  fetch(input, { ...init, credentials: "include" });

async function signIn() {
  const body = JSON.stringify({ user: "ann" });
  await fetchWithCookies(`${api}/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  location.reload();
}

/** Calls the endpoint behind withCharge: one press is one charge, also when its answer is lost. */
function ExportButton() {
  const [said, setSaid] = useState("");
  const exportPdf = useAresAction("export-pdf", (key: string) =>
    fetchWithCookies(`${api}/api/export`, { method: "POST", headers: { "Idempotency-Key": key } }),
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
    <AresProvider endpoint={`${api}/api/ares`} fetch={fetchWithCookies} signIn={signIn}>
      <CreditBalance />
      {reports.map((id) => (
        <AresGate key={id} usage="report" resource={`report-${id}`} label={`Report ${id}`}>
          <p>The text of report {id}.</p>
        </AresGate>
      ))}
      <ExportButton />
    </AresProvider>,
  );
