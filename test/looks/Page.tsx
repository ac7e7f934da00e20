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

const headers = { "Ares-Contract": "1" };
const prices = { locked: 3, asks: 3, dear: 1000, fails: 2, lost: 2, paid: 1 };
const paid = {
  status: "charged",
  id: "c-1",
  usage: "paid",
  credits: 1,
  createdAt: 1_760_000_000_000,
  settledAt: 1_760_000_000_000,
} as const;

const receipt = { usage: "paid", credits: 1, balance: 697, id: "c-1", key: undefined, at: paid.settledAt, restored: false };

/** A server with an answer for each state of a gate. */
const fetch: typeof globalThis.fetch = async (to, init) => {
  if (init?.method === "POST") {
    const { usage } = JSON.parse(String(init.body));
    if (usage === "fails") return Response.json({ code: "ares_unreachable", retryable: true }, { status: 503, headers });
    if (usage === "lost") return Response.json({ code: "outcome_unknown" }, { status: 409, headers });
    return Response.json({ message: "Success", status: "charged", charge: paid, user: { credits: 697 } }, { headers });
  }
  const { searchParams } = new URL(String(to), location.href);
  if (searchParams.has("charges")) return Response.json({ charges: [paid, { ...paid, id: "c-2", status: "unknown" }] }, { headers });
  if (searchParams.has("charge")) return Response.json({ charge: { status: "unknown" } }, { headers });
  return Response.json({ user: { id: "u-1", credits: 697 }, prices }, { headers });
};

function Notices() {
  const { status } = useAresUser();
  return status === "ready" ? <LowBalance below={1000} /> : null;
}

/** The main states of the kit on one page. */
export function Page() {
  const gates = Object.keys(prices).map((usage) => (
    <section key={usage} id={usage}>
      <AresGate usage={usage} label={`the ${usage} report`} {...(usage === "asks" && { confirmation: "always" })} className="mt-4">
        <p>The paid report.</p>
      </AresGate>
    </section>
  ));
  return (
    <AresProvider endpoint="/api/ares" userKey="ada" locale="en" fetch={fetch} connect={() => {}}>
      <main style={{ maxWidth: "40rem", padding: "1rem" }}>
        <section id="balance">
          <CreditBalance refresh /> <CreditBalance look="chip" /> <CreditBalance look="card" />
        </section>
        {gates}
        <section id="notices">
          <InsufficientCredits missing={303} onCheck={() => {}} />
          <ConnectAres />
          <Notices />
          <AresErrorNotice error={new AresError("ares_unreachable", "no answer")} onRetry={() => {}} />
        </section>
        <section id="papers">
          <ChargeReceipt receipt={receipt} />
          <ChargeHistory charges={[paid, { ...paid, id: "c-2", status: "unknown" }]} />
        </section>
      </main>
    </AresProvider>
  );
}
