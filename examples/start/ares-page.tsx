import { AresGate, CreditBalance } from "ares-react";

export default function AresPage() {
  return (
    <main>
      <CreditBalance />
      <AresGate usage="export-pdf" label="PDF export">
        <p>It works. You have 1 credit less.</p>
      </AresGate>
    </main>
  );
}
