"use client";
import { useAresAction } from "ares-react";
import { useState } from "react";
import { exportPdf } from "./actions";
import { ExportButton } from "./button";

/** The same export twice: by a server action, and by the endpoint behind `withCharge`. */
export default function Page() {
  const run = useAresAction("export-pdf-action", exportPdf);
  const [said, setSaid] = useState("");
  const press = async () => {
    const result = await run().catch(() => ({ code: "lost" }));
    setSaid("code" in result ? `Refused: ${result.code}` : `Paid with ${result.paidWith}`);
  };
  return (
    <main>
      <button type="button" onClick={press}>
        Export by an action
      </button>
      <output>{said}</output>
      <ExportButton />
    </main>
  );
}
