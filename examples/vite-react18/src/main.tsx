import { AresErrorNotice, AresGate, AresProvider, CreditBalance, useAresAction } from "ares-react";
import "ares-react/styles.css";
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

/** Calls the endpoint behind withCharge: one press is one charge, whatever becomes of its answer. */
function ExportButton() {
  const exportPdf = useAresAction({ usage: "export-pdf" }, (key: string) =>
    fetchWithCookies(`${api}/api/export`, { method: "POST", headers: { "Idempotency-Key": key } }),
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
