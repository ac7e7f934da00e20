import {
  AresError,
  AresErrorNotice,
  AresGate,
  AresProvider,
  ChargeHistory,
  ChargeReceipt,
  ConnectAres,
  CreditBalance,
  InsufficientCredits,
  LowBalance,
  useAresUser,
} from "ares-react";
import { fetch, paid, receipt } from "./server";

function Notices() {
  const { status } = useAresUser();
  return status === "ready" ? <LowBalance below={1000} /> : null;
}

/** The main states of the kit on one page. */
export function Page() {
  const gates = ["locked", "asks", "dear", "fails", "lost", "paid"].map((usage) => (
    <section key={usage} id={usage}>
      <AresGate
        usage={usage}
        label={`the ${usage} report`}
        {...(usage === "asks" && { confirmation: "always" })}
        className="mt-4"
      >
        <p>The paid report.</p>
      </AresGate>
    </section>
  ));
  return (
    <AresProvider endpoint="/api/ares" userKey="ada" locale="en" fetch={fetch} connect={() => {}}>
      <main style={{ maxWidth: "40rem", padding: "1rem" }}>
        <section id="balance">
          <CreditBalance refresh /> <CreditBalance variant="chip" />{" "}
          <CreditBalance variant="card" />
        </section>
        {gates}
        <section id="notices">
          <InsufficientCredits missing={303} onCheck={() => {}} />
          <ConnectAres />
          <Notices />
          <AresErrorNotice
            error={new AresError("ares_unreachable", "no answer")}
            onRetry={() => {}}
          />
        </section>
        <section id="papers">
          <ChargeReceipt receipt={receipt} />
          <ChargeHistory charges={[paid, { ...paid, id: "c-2", status: "unknown" }]} />
        </section>
      </main>
    </AresProvider>
  );
}
