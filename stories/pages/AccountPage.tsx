import {
  AresGate,
  ChargeHistory,
  ChargeReceipt,
  CreditBalance,
  LowBalance,
  UnknownCharge,
  useAresCharges,
  useAresUser,
} from "ares-react";
import { useLabel } from "../world/labels";
import { Report } from "../world/Report";

/** One page of an app with everything on it: a header, a gate, a receipt and a history. */
export function AccountPage() {
  const { charges, error, refetch } = useAresCharges();
  const { status } = useAresUser();
  const report = useLabel("Report");
  const labels = {
    report,
    "export-pdf": useLabel("PDF export"),
    image: useLabel("Illustration"),
  };
  return (
    <div className="app-page">
      <header>
        <strong lang="en">Tidebook</strong>
        <CreditBalance variant="chip" refresh />
      </header>
      <main className="app-column">
        <LowBalance below={10} />
        <AresGate
          usage="report"
          label={report}
          confirmation="always"
          slots={{
            unknown: ({ evidence }, defaults) => (
              <>
                <UnknownCharge evidence={evidence} label={report} />
                {defaults}
              </>
            ),
            unlocked: ({ receipt }) => (
              <div className="app-paid">
                <Report />
                <ChargeReceipt receipt={receipt} labels={labels} />
              </div>
            ),
          }}
        />
        {/* A user who is not connected has no history here. */}
        {status === "ready" && (
          <ChargeHistory charges={charges} error={error} onRetry={refetch} labels={labels} />
        )}
      </main>
    </div>
  );
}
