import { AresGate, CreditBalance } from "ares-react";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "../../lib/ares";
import { Providers } from "../providers";

export default function Page() {
  return (
    <Suspense fallback={<p>The shell</p>}>
      <First />
    </Suspense>
  );
}

async function First() {
  const charges = ["paid", "unpaid"].map((resource) => ({ usage: "report", resource }));
  const initial = await ares.snapshot(await headers(), { charges });
  return (
    <Providers initial={initial}>
      <CreditBalance />
      <AresGate usage="report" resource="paid" label="One">
        <p>The paid report</p>
      </AresGate>
      <AresGate usage="report" resource="unpaid" label="Two">
        <p>The second report</p>
      </AresGate>
    </Providers>
  );
}
