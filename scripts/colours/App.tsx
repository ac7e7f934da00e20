"use client";
import { AresGate, AresProvider } from "ares-react";
import "ares-react/styles.css";
import "./schemes.css";

/** A page with one gate on an island. `readColours` says by which scheme the page and the island stand. */
export function App() {
  return (
    <AresProvider endpoint="/api/ares">
      <main data-island="">
        <AresGate usage="report" label="Report">
          <p>The report.</p>
        </AresGate>
      </main>
    </AresProvider>
  );
}
