import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { AresGate, CreditBalance } from "ares-react";
import { headers } from "next/headers";
import { Suspense } from "react";
import { ares } from "../../lib/ares";
import { Providers } from "../providers";
import { Own, Queries } from "./queries";

export default function Page() {
  return (
    <Suspense fallback={<p>The shell</p>}>
      <Hydrated />
    </Suspense>
  );
}

/** The app's own queries, prefetched on the server, around a provider with a snapshot. */
async function Hydrated() {
  const request = await headers();
  const initial = await ares.snapshot(request, {
    charges: [{ usage: "report", resource: "paid" }],
  });
  const queryClient = new QueryClient();
  await queryClient.prefetchQuery({
    queryKey: ["own"],
    queryFn: async () => "The app's own query",
  });
  return (
    <Queries>
      <HydrationBoundary state={dehydrate(queryClient)}>
        <Providers initial={initial}>
          <Own />
          <CreditBalance />
          <AresGate usage="report" resource="paid" label="One">
            <p>The paid report</p>
          </AresGate>
        </Providers>
      </HydrationBoundary>
    </Queries>
  );
}
