"use client";
import { useAuth, useClerk, useUser } from "@clerk/nextjs";
import type { AresSnapshot } from "ares-react";
import { AresProviderWithClerk } from "ares-react/clerk";
import "ares-react/styles.css";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { prices } from "@/lib/ares";

declare module "ares-react" {
  interface Register {
    prices: typeof prices;
  }
}

export function Providers({ initial, children }: { initial?: AresSnapshot; children: ReactNode }) {
  const { redirectToSignIn } = useClerk();
  const clerk = { useAuth, useUser, signIn: () => redirectToSignIn() };
  const { refresh } = useRouter();
  return (
    <AresProviderWithClerk {...clerk} endpoint="/api/ares" initial={initial} refresh={refresh}>
      {children}
    </AresProviderWithClerk>
  );
}
