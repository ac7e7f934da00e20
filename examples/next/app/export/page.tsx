"use client";
import { AresErrorNotice, useAresAction } from "ares-react";
import { exportAndOpen, exportPdf, mailPdf } from "./actions";
import { ExportButton } from "./button";

export default function Page() {
  const pdf = useAresAction({ usage: "export-pdf", name: "pdf" }, exportPdf);
  const open = useAresAction({ usage: "export-pdf", name: "open" }, exportAndOpen);
  const mail = useAresAction({ usage: "export-pdf", name: "mail" }, mailPdf);

  return (
    <main>
      <button type="button" onClick={pdf.run} aria-busy={pdf.status === "running"}>
        Export for {pdf.price} credit
      </button>
      <output>{pdf.result && `Paid with ${pdf.result.paidWith}`}</output>
      <AresErrorNotice charge={pdf} onRetry={pdf.retry} onCheck={pdf.check} onReset={pdf.reset} />

      <button type="button" onClick={open.run}>
        Export and open for {open.price} credit
      </button>
      <AresErrorNotice
        charge={open}
        onRetry={open.retry}
        onCheck={open.check}
        onReset={open.reset}
      />

      <form action={mail.run}>
        <input name="to" type="email" aria-label="To" defaultValue="ann@example.com" />
        <button type="submit">Mail for {mail.price} credit</button>
      </form>
      <output>{mail.result && `Sent to ${mail.result.sentTo}`}</output>
      <AresErrorNotice
        charge={mail}
        onRetry={mail.retry}
        onCheck={mail.check}
        onReset={mail.reset}
      />

      <h2>By the endpoint behind withCharge</h2>
      <ExportButton />
    </main>
  );
}
