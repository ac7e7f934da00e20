"use client";
import { useAresAction } from "ares-react";
import { useState } from "react";
import { exportPdf } from "./actions";

/** A server action that charges. `useAresAction` keeps the key until the answer is known. */
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
    </main>
  );
}
