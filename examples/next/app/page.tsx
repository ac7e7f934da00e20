"use client";
import { AresGate } from "ares-react";

export default function Page() {
  return (
    <main>
      <AresGate usage="report" resource="report-42" label="Report 42">
        <p>The report.</p>
      </AresGate>
    </main>
  );
}
