"use client";
import { AresProvider } from "ares-react";
import "ares-react/styles.css";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { prices } from "@/lib/ares";

declare module "ares-react" {
  interface Register {
    prices: typeof prices;
  }
}

async function signIn() {
  await fetch("/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "ann" }),
  });
  location.reload();
}

export function Providers({ children }: { children: ReactNode }) {
  const { refresh } = useRouter();
  return (
    <AresProvider endpoint="/api/ares" signIn={signIn} refresh={refresh}>
      {children}
    </AresProvider>
  );
}
