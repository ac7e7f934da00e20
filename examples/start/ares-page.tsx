import { AresGate, CreditBalance } from "ares-react";

const page = {
  maxWidth: "36rem",
  margin: "4rem auto",
  padding: "0 1.5rem",
  fontFamily: "system-ui",
};
const header = {
  display: "flex",
  justifyContent: "space-between",
  alignItems: "center",
  marginBottom: "1.5rem",
};

export default function AresPage() {
  return (
    <main style={page}>
      <header style={header}>
        <h1 style={{ margin: 0, fontSize: "1.5rem" }}>Pay per use</h1>
        <CreditBalance variant="chip" />
      </header>
      <AresGate usage="export-pdf" label="PDF export" variant="card">
        <p>It works. You have 1 credit less.</p>
      </AresGate>
    </main>
  );
}
