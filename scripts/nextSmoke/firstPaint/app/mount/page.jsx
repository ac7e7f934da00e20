import { AresGate } from "ares-react";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "../../lib/ares";
import { Providers } from "../providers";

export default function Page() {
  return (
    <Suspense fallback={<p>The shell</p>}>
      <Mounted />
    </Suspense>
  );
}

async function Mounted() {
  const initial = await ares.snapshot(await headers(), {
    charges: [{ usage: "report", resource: "mounted" }],
  });
  return (
    <Providers initial={initial}>
      <AresGate usage="report" resource="mounted" label="Mounted" trigger="mount">
        <p>The mounted report</p>
      </AresGate>
    </Providers>
  );
}
