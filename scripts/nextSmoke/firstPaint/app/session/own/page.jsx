import { AresGate, CreditBalance } from "ares-react";
import { cookies, headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "../../../lib/ares";
import { Providers } from "../../providers";

/** A page with a provider of its own, inside the layout's. */
export default function Page() {
  return (
    <Suspense fallback={<p>The shell</p>}>
      <Own />
    </Suspense>
  );
}

async function Own() {
  const initial = await ares.snapshot(await headers(), {
    charges: [{ usage: "report", resource: "paid" }],
  });
  const user = (await cookies()).get("user")?.value ?? "nobody";
  return (
    <Providers initial={initial}>
      <h1>{`The report of ${user}`}</h1>
      <CreditBalance />
      <AresGate usage="report" resource="paid" label="One">
        <p>The paid report</p>
      </AresGate>
    </Providers>
  );
}
