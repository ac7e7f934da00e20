import { AresGate, CreditBalance } from "ares-react";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "../../lib/ares";
import { Providers } from "../providers";
import { Buttons } from "./buttons";

/** One provider around pages between which users sign in and out, without a full load. */
export default function Layout({ children }) {
  return (
    <>
      <Buttons />
      <Suspense fallback={<p>The shell</p>}>
        <Session>{children}</Session>
      </Suspense>
    </>
  );
}

async function Session({ children }) {
  const initial = await ares.snapshot(await headers(), {
    charges: [{ usage: "report", resource: "paid" }],
  });
  return (
    <Providers initial={initial}>
      <CreditBalance />
      <AresGate usage="report" resource="paid" label="One">
        <p>The paid report</p>
      </AresGate>
      {children}
    </Providers>
  );
}
