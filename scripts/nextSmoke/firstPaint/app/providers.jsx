"use client";
import { AresProvider } from "ares-react";
import { useRouter } from "next/navigation";

export function Providers({ initial, children }) {
  const { refresh } = useRouter();
  return (
    <AresProvider endpoint="/api/ares" initial={initial} refresh={refresh}>
      {children}
    </AresProvider>
  );
}
