"use client";
import { useAuth, useClerk, useUser } from "@clerk/nextjs";
import { AresProviderWithClerk } from "ares-react/clerk";
import "ares-react/styles.css";
import type { ReactNode } from "react";
import type { prices } from "@/lib/ares";

declare module "ares-react" {
  interface Register {
    prices: typeof prices;
  }
}

export function Providers({ children }: { children: ReactNode }) {
  const { redirectToSignIn } = useClerk();
  return (
    <AresProviderWithClerk useAuth={useAuth} useUser={useUser} signIn={() => redirectToSignIn()} endpoint="/api/ares">
      {children}
    </AresProviderWithClerk>
  );
}
