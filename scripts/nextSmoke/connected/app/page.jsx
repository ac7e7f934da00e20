import { AresGate, AresProvider, CreditBalance } from "ares-react";

/** Three paid reports. Whoever is signed in to the app connects ARES on the same page. */
export default function Page() {
  return (
    <AresProvider endpoint="/api/ares" connect="/api/ares/connect">
      <CreditBalance />
      {["one", "two", "three"].map((report) => (
        <AresGate key={report} usage="report" resource={report} label={`Report ${report}`}>
          <p>{`The text of report ${report}.`}</p>
        </AresGate>
      ))}
    </AresProvider>
  );
}
