"use client";
import { AresGate, AresProvider, CreditBalance } from "ares-react";
import { Activity, useState } from "react";

/** A part of the page that React renders before its user sees it. */
export default function Page() {
  const [mode, setMode] = useState("hidden");
  return (
    <>
      <button type="button" onClick={() => setMode(mode === "hidden" ? "visible" : "hidden")}>
        Toggle
      </button>
      <Activity mode={mode}>
        <AresProvider endpoint="/api/ares">
          <CreditBalance />
          <AresGate usage="report" resource="hidden" label="Hidden" trigger="mount">
            <p>The hidden report</p>
          </AresGate>
        </AresProvider>
      </Activity>
    </>
  );
}
