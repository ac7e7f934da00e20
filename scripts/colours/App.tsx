"use client";
import { AresGate, AresProvider } from "ares-react";
import "ares-react/styles.css";
import "./schemes.css";

/** A page with one gate on an island. `readColours` sets the schemes of the page and of the island. */
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
