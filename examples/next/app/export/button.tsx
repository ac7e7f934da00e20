"use client";
import { AresErrorNotice, useAresAction } from "ares-react";

export function ExportButton() {
  const pdf = useAresAction({ usage: "export-pdf" }, (key) =>
    fetch("/api/export", { method: "POST", headers: { "Idempotency-Key": key } }),
  );
  return (
    <>
      <button type="button" onClick={pdf.run}>
        Export for {pdf.price} credit
      </button>
      <AresErrorNotice charge={pdf} onRetry={pdf.retry} onCheck={pdf.check} onReset={pdf.reset} />
    </>
  );
}
