"use client";
import { AresProvider } from "ares-react";
import "ares-react/styles.css";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { prices } from "./ares";

declare module "ares-react" {
  interface Register {
    prices: typeof prices;
  }
}

export function AresApp({ children }: { children: ReactNode }) {
  const { refresh } = useRouter();
  // Without refresh a page that was reloaded before would wait for its paid server components.
  return (
    <AresProvider
      endpoint="/api/ares"
      connect="/api/ares/connect"
      signInWith="ares"
      refresh={refresh}
    >
      {children}
    </AresProvider>
  );
}
