"use client";
import { useAresAction } from "ares-react";

export function ExportButton() {
  const exportPdf = useAresAction("export-pdf", (key) =>
    fetch("/api/export", { method: "POST", headers: { "Idempotency-Key": key } }),
  );
  return (
    <button type="button" onClick={() => exportPdf()}>
      Export
    </button>
  );
}
