import { CreditBalance } from "ares-react";
import { headers } from "next/headers";
import { type ReactNode, Suspense } from "react";
import { ares } from "@/lib/ares";
import { Providers } from "../providers";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <WithSnapshot>{children}</WithSnapshot>
    </Suspense>
  );
}

async function WithSnapshot({ children }: { children: ReactNode }) {
  const initial = await ares.snapshot(await headers(), {
    charges: [{ usage: "report", resource: "report-42" }],
  });
  return (
    <Providers initial={initial}>
      <CreditBalance variant="chip" />
      {children}
    </Providers>
  );
}
